import { randomUUID } from 'node:crypto';
import { binaryEvent, EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import { encodeRecord } from '../../src/events/record.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openStore } from '../../src/ledger/open-store.ts';
import type { BenchRow } from './bench-row.ts';
import { type ClusterPlace, clusterPlace } from './cluster-place.ts';
import { episodeStream, executionFinished, median, timeMs } from './ledger-fixture.ts';

const rounds = 9;
const appendsPerRound = { 1: 300, 64: 6400 } as const;
const target = 0.7;

/** Milliseconds of one round: until all appends were acknowledged, and from then until all were read back and compared. */
interface Round {
  readonly appendMs: number;
  readonly checkMs: number;
}

/**
 * `Ledger.append` on the adapter (validate, canonicalise, hash, identify, send) against the bare client appending the same bytes
 * with exact expected revisions. In turns, in one process, with the server in another. A worker's store reads back what was
 * acknowledged when nobody waits for an append, and all of it before it closes: that is measured apart.
 */
export async function benchClusterAppends(): Promise<BenchRow[]> {
  const place = await clusterPlace();
  const bare = bareClient(place);
  try {
    const rows: BenchRow[] = [];
    for (const inFlight of [1, 64] as const) {
      rows.push(...(await compare(inFlight, place, bare.round)));
    }
    return rows;
  } finally {
    await bare.close();
    await place.stop();
  }
}

async function compare(
  inFlight: 1 | 64,
  place: ClusterPlace,
  bareRound: (inFlight: 1 | 64) => Promise<Round>,
): Promise<readonly BenchRow[]> {
  const address = { streams: place.address(), ledger: place.address() } as const;
  const taken: Record<'streams' | 'ledger' | 'bare', Round[]> = { streams: [], ledger: [], bare: [] };
  for (let round = -1; round < rounds; round += 1) {
    if (round === 0) for (const list of Object.values(taken)) list.length = 0;
    for (const scope of ['streams', 'ledger'] as const)
      taken[scope].push(await adapterRound(address[scope], scope, inFlight));
    taken.bare.push(await bareRound(inFlight));
  }
  const medianOf = (of: keyof typeof taken, ms: (round: Round) => number): number =>
    median(taken[of].map(ms));
  const appendMs = ({ appendMs: ms }: Round): number => ms;
  const bothMs = ({ appendMs: ms, checkMs }: Round): number => ms + checkMs;
  const appends = appendsPerRound[inFlight];
  const perSecond = (ms: number): string => Math.round((appends * 1000) / ms).toLocaleString('en');
  const row = (name: string, ours: number, theirs: number, required: boolean): BenchRow => ({
    name: `append on the wire server, ${inFlight === 1 ? 'sequential' : '64 in flight'}: ${name}`,
    value: theirs / ours,
    unit: '×',
    target: required ? `≥ ${target}` : 'none',
    met: !required || theirs / ours >= target,
    detail: `${perSecond(ours)}/s against ${perSecond(theirs)}/s of the same bytes, medians of ${rounds} rounds of ${appends} in turn`,
  });
  const bareMs = medianOf('bare', appendMs);
  return [
    row('as a worker, acknowledged ÷ bare client', medianOf('streams', appendMs), bareMs, true),
    row(
      'as a worker, acknowledged and read back ÷ bare client that reads back',
      medianOf('streams', bothMs),
      medianOf('bare', bothMs),
      false,
    ),
    row('as a worker, acknowledged and read back ÷ bare client', medianOf('streams', bothMs), bareMs, false),
    row('with positions, seen in the log ÷ bare client', medianOf('ledger', appendMs), bareMs, false),
  ];
}

async function adapterRound(address: string, scope: 'streams' | 'ledger', inFlight: 1 | 64): Promise<Round> {
  const store = await openStore(address, { mode: 'write', create: true, scope, cacheDirectory: null });
  const ids = seededIdSource(systemClock, seededRandom(randomUUID()));
  const ledger = new Ledger(store, systemClock, ids);
  // Whatever a store does once is done: the connection, and the following where there is one.
  await ledger.append(episodeStream(`first.${randomUUID()}`), -1, [executionFinished(ledger, 0)]);
  const appendMs = await timeMs(() =>
    spread(inFlight, (name) => {
      const stream = episodeStream(name);
      let last = -1;
      return async (index) => {
        last = (await ledger.append(stream, last, [executionFinished(ledger, index)])).lastRevision;
      };
    }),
  );
  const checkMs = await timeMs(() => ledger.close());
  return { appendMs, checkMs };
}

function bareClient(place: ClusterPlace) {
  const client = EventStoreDBClient.connectionString(place.url);
  const drafting = new Ledger({} as never, systemClock, seededIdSource(systemClock, seededRandom('bare')));
  const prefix = `bare${randomUUID().slice(0, 8)}`;
  const round = async (inFlight: 1 | 64): Promise<Round> => {
    const leaves = new Map<string, Uint8Array[]>();
    const appendMs = await timeMs(() =>
      spread(inFlight, (name) => {
        const stream = episodeStream(name);
        const kept: Uint8Array[] = [];
        leaves.set(`${prefix}.${stream}`, kept);
        let last: bigint | typeof NO_STREAM = NO_STREAM;
        return async (index) => {
          const data = encodeRecord(executionFinished(drafting, index), stream, index);
          kept.push(data);
          const event = binaryEvent({ id: randomUUID(), type: 'ExecutionFinished', data });
          const options = { expectedRevision: last };
          const appended = await client.appendToStream(`${prefix}.${stream}`, event, options);
          last = appended.nextExpectedRevision;
        };
      }),
    );
    const checkMs = await timeMs(async () => {
      for (const [stream, records] of leaves) {
        let index = 0;
        for await (const { event } of client.readStream(stream)) {
          const [sent, stored] = [records[index] as Uint8Array, event?.data as Uint8Array];
          if (Buffer.compare(leafHash(sent), leafHash(stored)) !== 0) throw new Error('other bytes');
          index += 1;
        }
      }
    });
    return { appendMs, checkMs };
  };
  return { round, close: () => client.dispose() };
}

/** So many appends over `inFlight` streams of their own, each stream one after another. */
async function spread(
  inFlight: 1 | 64,
  open: (name: string) => (append: number) => Promise<void>,
): Promise<void> {
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      const append = open(`bench.${randomUUID()}`);
      for (let index = 0; index < appendsPerRound[inFlight] / inFlight; index += 1) await append(index);
    }),
  );
}
