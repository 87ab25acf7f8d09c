import { join } from 'node:path';
import { type EventDraft, encodeRecord } from '../../src/events/record.ts';
import type { Digest, EventId, StreamName } from '../../src/kernel/brand.ts';
import { auditStreams } from '../../src/ledger/audit/audit-streams.ts';
import { signCheckpoint } from '../../src/ledger/audit/checkpoint.ts';
import { type FrontierState, TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { GroupWriter, type GrowingTree } from '../../src/ledger/stores/sqlite/group-writer.ts';
import { createLedgerFile } from '../../src/ledger/stores/sqlite/ledger-file.ts';
import type { HashedRequest } from '../../src/ledger/stores/sqlite/write-request.ts';
import type { BenchRow } from './bench-row.ts';
import {
  appendInFlight,
  benchDirectory,
  episodeStream,
  executionFinished,
  median,
  openBenchLedger,
  timeMs,
} from './ledger-fixture.ts';
import { benchSigner, everyRecords, openSealedLedger } from './verify-fixture.ts';

const rounds = 9;
const eventsPerRound = 32_000;
/** With 64 appends in flight about half of them wait while the other half is written. */
const requestsPerCommit = 32;
const costTarget = 1.25;
const writer = { actor: 'pawl', correlation: 'bench' };

/**
 * What the tree costs: events encoded and written by the writer alone, on the calling thread, with the leaf hashes, the tree, and
 * a checkpoint signed and appended every 1,000 records; against the same writer on the same events with a tree that only counts.
 * And what checkpoints cost a whole session: appends through the ledger, 64 in flight, with and without a signer.
 */
export async function benchSealedAppends(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  try {
    const drafter = await openBenchLedger(join(directory.path, 'drafts.db'));
    const withTree: number[] = [];
    const without: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const appends = planned(drafter, round);
      // Alternating, so that both meet the same machine.
      withTree.push(writeAlone(join(directory.path, `tree.${round}.db`), appends, true));
      without.push(writeAlone(join(directory.path, `bare.${round}.db`), appends, false));
    }
    await drafter.close();
    const sealed: number[] = [];
    const unsealed: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const signing = await openSealedLedger(directory.path, `sealed.${round}.db`);
      const plain = await openBenchLedger(join(directory.path, `plain.${round}.db`));
      sealed.push(await session(signing));
      unsealed.push(await session(plain));
      await signing.close();
      await plain.close();
    }
    const writerDetail = `encoding, writing and fsync of ${eventsPerRound} events, ${requestsPerCommit} appends to a commit, medians of ${rounds} rounds`;
    return [
      row(
        'append cost with tree and checkpoint every 1,000 records ÷ without',
        withTree,
        without,
        writerDetail,
      ),
      row(
        'append cost of a session with checkpoints every 1,000 records ÷ with the tree alone',
        sealed,
        unsealed,
        `64 in flight, 1 event each, through the writer thread, medians of ${rounds} rounds of ${eventsPerRound}`,
      ),
    ];
  } finally {
    directory.remove();
  }
}

function row(name: string, sealed: readonly number[], plain: readonly number[], how: string): BenchRow {
  const value = median(sealed) / median(plain);
  const micros = (ms: number): string => ((ms / eventsPerRound) * 1000).toFixed(2);
  return {
    name,
    value,
    unit: '×',
    target: `≤ ${costTarget}`,
    met: value <= costTarget,
    detail: `${micros(median(sealed))} µs against ${micros(median(plain))} µs an event; ${how}`,
  };
}

function session(ledger: Ledger): Promise<number> {
  return timeMs(() => appendInFlight(ledger, 'round', eventsPerRound, 64, 1));
}

interface Planned {
  readonly stream: StreamName;
  readonly revision: number;
  readonly draft: EventDraft;
}

/** One event to an append, 20 appends to a stream. */
function planned(drafter: Ledger, round: number): Planned[] {
  return Array.from({ length: eventsPerRound }, (_, index) => ({
    stream: episodeStream(`alone.${round}.${Math.floor(index / 20)}`),
    revision: index % 20,
    draft: executionFinished(drafter, index),
  }));
}

/** A tree that only counts. */
class CountingTree implements GrowingTree {
  size: number;

  constructor({ size }: FrontierState) {
    this.size = size;
  }

  append(): void {
    this.size += 1;
  }

  state(): FrontierState {
    return { size: this.size, roots: noHash };
  }
}

const noHash = Buffer.alloc(0);
const noLeaf = Buffer.alloc(32);

function writeAlone(path: string, appends: readonly Planned[], sealing: boolean): number {
  createLedgerFile(path, path);
  let tree = new TreeFrontier();
  const restore = (state: FrontierState): GrowingTree => {
    tree = TreeFrontier.restore(state);
    return sealing ? tree : new CountingTree(state);
  };
  const groupWriter = new GroupWriter(path, path, null, { turnMs: 0, readersMs: 0 }, restore);
  let checkpoints = 0;
  const start = performance.now();
  for (let from = 0; from < appends.length; from += requestsPerCommit) {
    const group = appends.slice(from, from + requestsPerCommit).map((append) => request(append, sealing));
    if (sealing && tree.size >= (checkpoints + 1) * everyRecords) {
      group.push(checkpoint(tree, checkpoints));
      checkpoints += 1;
    }
    for (const outcome of groupWriter.commit(group)) if (outcome.kind === 'refused') throw outcome.error;
  }
  const ms = performance.now() - start;
  groupWriter.close();
  return ms;
}

function request({ stream, revision, draft }: Planned, sealing: boolean): HashedRequest {
  const bytes = encodeRecord(draft, stream, revision);
  const leaf = sealing ? leafHash(bytes) : noLeaf;
  return { stream, expectedRevision: revision - 1, records: [{ id: draft.id, bytes, leaf }], blobs: [] };
}

function checkpoint(tree: TreeFrontier, revision: number): HashedRequest {
  const [size, root] = [tree.size, tree.root()];
  const note = signCheckpoint({ origin: benchSigner.name, size, root, extensions: [] }, benchSigner);
  const id = `01J8XK3QZV${String(revision).padStart(16, '0')}` as EventId;
  const data = { size, root: Buffer.from(root).toString('hex') as Digest, note };
  const draft = { id, type: 'CheckpointSigned', data, at: 1, ...writer, causation: null } as const;
  const bytes = encodeRecord(draft, auditStreams.checkpoints, revision);
  const records = [{ id, bytes, leaf: leafHash(bytes) }];
  return { stream: auditStreams.checkpoints, expectedRevision: revision - 1, records, blobs: [] };
}
