import { randomInt } from 'node:crypto';
import { errorTable } from '../../../src/kernel/error-table.ts';
import { isPawlError, PawlError } from '../../../src/kernel/pawl-error.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import type { AppendRequest, AppendResult } from '../../../src/ledger/event-store.ts';
import { openStore } from '../../../src/ledger/open-store.ts';
import { eventDraft, executionDraft, realRecords } from '../../ledger/event-factory.ts';
import { blob, stream } from '../../ledger/record-factory.ts';
import { printAtOnce } from '../../support/print-at-once.ts';

/** What a writing process is started with. */
export interface WritingOrder {
  readonly address: string;
  readonly seed: string;
  /** From 1; numbers its events and names its streams. */
  readonly writer: number;
  /** Appends to be acknowledged before it ends. */
  readonly appends: number;
  readonly scope: 'ledger' | 'streams';
}

/**
 * Appends to four streams of its own and to two that all writers compete for, and prints `stream revision leaf` for each record
 * once its append is acknowledged. What fails without saying whether it was stored is asked for again with the same records,
 * as a loop does. A stream of its own that another moved on is a defect, and so is anything that reaches the process as an
 * unhandled failure.
 */
const order: WritingOrder = JSON.parse(process.argv[2] ?? '');
const random = seededRandom(`${order.seed} ${order.writer}`);
const triesMax = 500;

process.on('unhandledRejection', (reason) => fail(`unhandled rejection: ${String(reason)}`));
process.on('uncaughtException', (error) => fail(`uncaught exception: ${error.stack}`));

const store = await surely(() =>
  openStore(order.address, { mode: 'write', create: true, scope: order.scope, cacheDirectory: null }),
);
let acknowledged = 0;
// Never the numbers of an earlier process of the same name: ids are used once.
let number = order.writer * 1e12 + randomInt(1e6) * 1e5;

async function append(name: ReturnType<typeof stream>, isOwn: boolean): Promise<void> {
  for (let last = await surely(() => store.lastRevision(name)); acknowledged < order.appends; ) {
    const content = blob(`${name} ${last} `.repeat(random.int(1, 200)));
    const drafts = Array.from({ length: random.int(1, 4) }, (_, at) => {
      number += 1;
      return at === 0
        ? executionDraft(number, { digest: content.digest, bytes: content.bytes.length })
        : eventDraft(number);
    });
    const records = realRecords(name, last + 1, drafts);
    const request: AppendRequest = { stream: name, expectedRevision: last, records, blobs: [content] };
    const result = await surely(() => store.append(request)).catch((error: unknown) => moved(error, isOwn));
    if (typeof result === 'number') {
      last = result;
      continue;
    }
    acknowledged += 1;
    const leaves = records.map(({ bytes }) => Buffer.from(leafHash(bytes)).toString('hex'));
    printAtOnce(leaves.map((leaf, at) => `${name} ${last + 1 + at} ${leaf}\n`).join(''));
    ({ lastRevision: last } = result satisfies AppendResult);
  }
}

/** Where the stream is now, when another writer was faster. */
function moved(error: unknown, isOwn: boolean): number {
  if (!isOwn && isPawlError(error, 'WRONG_EXPECTED_REVISION')) return Number(error.context['actual']);
  throw error;
}

/** Again and again, as long as the failure is one that passes. */
async function surely<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      const passes = error instanceof PawlError && errorTable[error.code].retryable;
      if (!passes || tries === triesMax) throw error;
    }
  }
}

function fail(what: string): never {
  process.stderr.write(`${what}\n`);
  process.exit(3);
}

const own = Array.from({ length: 4 }, (_, index) => stream(`writer${order.writer}-${index}`));
const contested = [stream('contested0'), stream('contested1')];
try {
  await Promise.all([
    ...own.map((name) => append(name, true)),
    ...contested.map((name) => append(name, false)),
  ]);
  await surely(() => store.close());
  printAtOnce('done\n');
} catch (error) {
  fail(error instanceof Error ? `${error.stack}` : String(error));
}
