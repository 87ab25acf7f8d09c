import { EventStoreDBClient } from '@eventstore/db-client';
import { systemClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openStore } from '../../src/ledger/open-store.ts';
import type { BenchRow } from './bench-row.ts';
import { clusterPlace } from './cluster-place.ts';
import { episodeStream, executionFinished, median, timeMs } from './ledger-fixture.ts';

const rounds = 9;
const events = 20_000;
const eventsPerAppend = 500;
const target = 0.6;

/** A stream in pages, every event checked, hashed and decoded, against the bare client's read of the same stream. */
export async function benchClusterRead(): Promise<BenchRow[]> {
  const place = await clusterPlace();
  const address = place.address();
  const store = await openStore(address, {
    ...{ mode: 'write', create: true, scope: 'streams', cacheDirectory: null },
  });
  const client = EventStoreDBClient.connectionString(place.url);
  try {
    const ledger = new Ledger(store, systemClock, seededIdSource(systemClock, seededRandom('read')));
    const stream = episodeStream('read');
    for (let last = -1; last < events - 1; ) {
      const drafts = Array.from({ length: eventsPerAppend }, (_, at) => executionFinished(ledger, at));
      last = (await ledger.append(stream, last, drafts)).lastRevision;
    }
    const prefix = new URL(address.replace('esdb:', 'http:')).searchParams.get('prefix');
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      if (round === 0) ours.length = bare.length = 0;
      let [read, received] = [0, 0];
      ours.push(
        await timeMs(async () => {
          for await (const event of ledger.readStream(stream))
            if (event.type === 'ExecutionFinished') read += 1;
        }),
      );
      bare.push(
        await timeMs(async () => {
          for await (const { event } of client.readStream(`${prefix}.${stream}`)) if (event) received += 1;
        }),
      );
      if (read !== events || received !== events)
        throw new Error(`read ${read} and ${received} of ${events}`);
    }
    const value = median(bare) / median(ours);
    const rate = (ms: readonly number[]): string =>
      Math.round((events * 1000) / median(ms)).toLocaleString('en');
    return [
      {
        name: 'paged read, decode and hash check on the wire server ÷ bare client’s read',
        value,
        unit: '×',
        target: `≥ ${target}`,
        met: value >= target,
        detail: `${rate(ours)} events/s against ${rate(bare)}; a stream of ${events} events of 590 bytes, medians of ${rounds} rounds in turn`,
      },
    ];
  } finally {
    await client.dispose();
    await store.close();
    await place.stop();
  }
}
