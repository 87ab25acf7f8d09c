import { describe, expect, it } from 'vitest';
import { usageByKey } from '../../src/cli/usage-by-key.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { repairedEpisode } from '../support/repaired-episode.ts';

const counted = { cpuMs: 21.5, peakBytes: 33_554_432, minorFaults: 1_204, majorFaults: null };

describe('what an execution spent', async () => {
  const { store, stream } = await repairedEpisode();
  /** The episode with what a driver might have counted of each execution, one after the other. */
  const told = async (usages: readonly object[], at: number | null = null) => {
    let next = 0;
    const events = (all: readonly PawlEvent[]) =>
      all.map((event) => {
        if (event.type !== 'ExecutionFinished') return event;
        const usage = usages[next++];
        const volatile = { ...event.data.volatile, ...(usage === undefined ? {} : { usage }) };
        return { ...event, data: { ...event.data, volatile } } as PawlEvent;
      });
    return [...(await usageByKey(await copyLedger(store, { stream, events }), stream, at))];
  };

  it('is told by the key of the execution, as processor time and peak memory, where it was counted', async () => {
    expect(
      await told([
        counted,
        { ...counted, cpuMs: null, instructions: 48_000_000 },
        { ...counted, peakBytes: null },
        { ...counted, cpuMs: null, peakBytes: null },
      ]),
    ).toEqual([
      ['0.0.0', '22 ms of processor time, 32 MiB at the peak'],
      ['2.0.0', '32 MiB at the peak'],
      ['4.0.0', '22 ms of processor time'],
    ]);
  });

  it('is not told where no driver counts', async () => {
    expect(await told([])).toEqual([]);
  });

  it('is not told of what stands behind the position that is asked for', async () => {
    expect(await told([counted, counted], 0)).toEqual([]);
  });
});
