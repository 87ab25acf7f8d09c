import { describe, expect, it } from 'vitest';
import { projections } from '../../projections/catalogue.ts';
import { fold, type Projection } from '../../projections/projection.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { randomHistory } from './random-history.ts';
import { longEpisode, scaledHistory } from './scaled-history.ts';

const growth = 8;
/**
 * What copies its state for every event takes 8 times as long per event over 8 times the history. What does not pays for
 * memory that no longer fits the caches: some tens of nanoseconds, whatever the history.
 */
const slowerMax = 4;
const cachesNs = 1000;

/** Least of several rounds, because a shared machine adds time and never takes it away. */
function leastNsPerEvent<State>(projection: Projection<State>, events: readonly AnyRecordedEvent[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    const startMs = performance.now();
    fold(projection, events);
    least = Math.min(least, ((performance.now() - startMs) * 1e6) / events.length);
  }
  return least;
}

async function isLinear<State>(
  projection: Projection<State>,
  grow: typeof scaledHistory,
  size: number,
): Promise<boolean> {
  const options = { seed: 'linear', ids: 'linear', delays: '', concurrency: 1, interruptions: [] } as const;
  const { events } = await randomHistory(options);
  const few = leastNsPerEvent(projection, grow(events, size));
  const many = leastNsPerEvent(projection, grow(events, size * growth));
  return many < slowerMax * few + cachesNs;
}

const shapes = [
  { shape: 'many episodes', grow: scaledHistory, size: 200 },
  { shape: 'one long episode', grow: longEpisode, size: 200 },
];

describe.each(projections)('the fold of $name', (projection) => {
  it.each(shapes)(
    'takes as long for an event of $shape however many came before it',
    async ({ grow, size }) => {
      expect(await isLinear(projection, grow, size)).toBe(true);
    },
  );
});

describe('the guard', () => {
  const copying: Projection<Readonly<Record<string, number>>> = {
    name: 'copying',
    version: 1,
    initialState: () => ({}),
    evolve: (state, { type, stream, position }) =>
      type === 'CandidateGenerated' ? { ...state, [`${stream} ${position}`]: 1 } : { ...state },
  };

  it.each(shapes)('sees a fold that copies its state for every event of $shape', async ({ grow }) => {
    expect(await isLinear(copying, grow, 30)).toBe(false);
  });
});
