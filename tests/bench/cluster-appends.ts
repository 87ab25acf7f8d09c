import { randomUUID } from 'node:crypto';
import { binaryEvent, EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import { encodeRecord } from '../../src/events/record.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openStore } from '../../src/ledger/open-store.ts';
import type { BenchRow } from './bench-row.ts';
import { type ClusterPlace, clusterPlace } from './cluster-place.ts';
import { episodeStream, executionFinished, median, timeMs } from './ledger-fixture.ts';

const rounds = 9;
const appendsPerRound = { 1: 300, 64: 3200 } as const;
const target = 0.7;

/** A side of the comparison: so many appends of one event, spread over so many streams that are appended to one by one. */
type Append = (appends: number, inFlight: 1 | 64) => Promise<void>;

/**
 * `Ledger.append` on the adapter (validate, canonicalise, hash, identify, send, check what was stored) against the bare client
 * appending the same bytes with exact expected revisions. In turns, in one process, with the server in another.
 */
export async function benchClusterAppends(): Promise<BenchRow[]> {
  const place = await clusterPlace();
  try {
    const rows: BenchRow[] = [];
    const bare = bareSide(place);
    for (const scope of ['streams', 'ledger'] as const) {
      const store = await openStore(place.address(), {
        ...{ mode: 'write', create: true, scope, cacheDirectory: null },
      });
      const ledger = new Ledger(store, systemClock, seededIdSource(systemClock, seededRandom(scope)));
      for (const inFlight of [1, 64] as const) {
        rows.push(await compare(scope, inFlight, adapterSide(ledger), bare.append));
      }
      await ledger.close();
    }
    await bare.close();
    return rows;
  } finally {
    await place.stop();
  }
}

async function compare(
  scope: 'streams' | 'ledger',
  inFlight: 1 | 64,
  adapter: Append,
  bare: Append,
): Promise<BenchRow> {
  const appends = appendsPerRound[inFlight];
  const adapterMs: number[] = [];
  const bareMs: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    if (round === 0) adapterMs.length = bareMs.length = 0;
    adapterMs.push(await timeMs(() => adapter(appends, inFlight)));
    bareMs.push(await timeMs(() => bare(appends, inFlight)));
  }
  const value = median(bareMs) / median(adapterMs);
  const perSecond = (ms: readonly number[]): string => Math.round((appends * 1000) / median(ms)).toString();
  const opened = scope === 'streams' ? 'as a worker opens it' : 'with positions';
  return {
    name: `append on the wire server, ${inFlight === 1 ? 'sequential' : '64 in flight'}, ledger ${opened} ÷ bare client`,
    value,
    unit: '×',
    target: scope === 'streams' ? `≥ ${target}` : 'none',
    met: scope === 'ledger' || value >= target,
    detail: `${perSecond(adapterMs)}/s against ${perSecond(bareMs)}/s of the same bytes, medians of ${rounds} rounds of ${appends} in turn`,
  };
}

function adapterSide(ledger: Ledger): Append {
  return spread((name) => {
    let last = -1;
    const stream = episodeStream(name);
    return async (append) => {
      last = (await ledger.append(stream, last, [executionFinished(ledger, append)])).lastRevision;
    };
  });
}

function bareSide(place: ClusterPlace): { readonly append: Append; close(): Promise<void> } {
  const client = EventStoreDBClient.connectionString(place.url);
  const ids = seededIdSource(systemClock, seededRandom('bare'));
  const drafting = new Ledger({} as never, systemClock, ids);
  const prefix = `bare${randomUUID().slice(0, 8)}`;
  const append = spread((name) => {
    let last: bigint | typeof NO_STREAM = NO_STREAM;
    const stream = episodeStream(name);
    return async (index) => {
      const data = encodeRecord(executionFinished(drafting, index), stream, 0);
      const event = binaryEvent({ id: randomUUID(), type: 'ExecutionFinished', data });
      const options = { expectedRevision: last };
      const { nextExpectedRevision } = await client.appendToStream(`${prefix}.${stream}`, event, options);
      last = nextExpectedRevision;
    };
  });
  return { append, close: () => client.dispose() };
}

let named = 0;

/** So many appends over `inFlight` streams of their own, each stream one after another. */
function spread(open: (name: string) => (append: number) => Promise<void>): Append {
  return async (appends, inFlight) => {
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        named += 1;
        const append = open(`bench.${named}`);
        for (let index = 0; index < appends / inFlight; index += 1) await append(index);
      }),
    );
  };
}
