import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EventDraft } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';

/** A directory on the repository's disk: a memory file system has no fsync worth measuring. */
export function benchDirectory(): { readonly path: string; readonly remove: () => void } {
  const root = resolve('.pawl/bench');
  mkdirSync(root, { recursive: true });
  const path = mkdtempSync(join(root, 'ledger-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function openBenchLedger(path: string): Promise<Ledger> {
  const ids = seededIdSource(systemClock, seededRandom('bench'));
  return openLedger(path, { mode: 'write', create: true, clock: systemClock, ids });
}

const writer = { actor: 'pawl', correlation: 'run-01J8XK3QZV0000000000000000' };
const candidate = sha256Hex('candidate');
/** What every event of the fixture refers to; who verifies its ledger has to store it. */
export const resultText = 'result '.repeat(270);
const result = { digest: sha256Hex(resultText), bytes: resultText.length };

/** A fresh ExecutionFinished, the event the loop writes most; its record takes about 590 bytes. */
export function executionFinished(ledger: Ledger, number: number): EventDraft {
  const event = {
    type: 'ExecutionFinished',
    data: {
      key: { ordinal: number % 40, occurrence: 0, attempt: 0 },
      candidate,
      tests: 'public',
      outcome: 'failed',
      passed: 3,
      total: 7,
      steps: 1000 + number,
      result,
      volatile: { wallMs: 12.25 },
    },
  } as const;
  return ledger.draft(event, writer, null);
}

export function episodeStream(name: string): StreamName {
  return `episode-${name}` as StreamName;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Milliseconds that `work` takes. */
export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Many episodes written side by side: `inFlight` appends of `eventsPerAppend` at any time, 20 appends to a stream. */
export async function appendInFlight(
  ledger: Ledger,
  label: string,
  events: number,
  inFlight: number,
  eventsPerAppend: number,
): Promise<void> {
  const appendsPerWriter = Math.ceil(events / eventsPerAppend / inFlight);
  const write = async (writerNumber: number): Promise<void> => {
    let stream = episodeStream('none');
    let last = -1;
    for (let append = 0; append < appendsPerWriter; append += 1) {
      if (append % 20 === 0) {
        stream = episodeStream(`${label}.${writerNumber}.${append}`);
        last = -1;
      }
      const drafts = Array.from({ length: eventsPerAppend }, () => executionFinished(ledger, append));
      last = (await ledger.append(stream, last, drafts)).lastRevision;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, number) => write(number)));
}
