import { describe, expect, it } from 'vitest';
import { projections } from '../../projections/catalogue.ts';
import { fold, stateHash } from '../../projections/projection.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { randomHistory } from './random-history.ts';

describe('the projections there are', () => {
  it('are known by distinct names and versions', () => {
    expect(projections.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'episode 1',
      'run 1',
      'lineage 1',
      'budget 1',
      'leaderboard 1',
      'champion 1',
      'held-out use 1',
      'gate history 1',
    ]);
  });

  it('make a new state each time they begin', () => {
    for (const projection of projections) {
      const state = projection.initialState();
      expect(projection.initialState()).toEqual(state);
      expect(projection.initialState()).not.toBe(state);
      expect(fold(projection, [])).toEqual(state);
    }
  });
});

describe('a state hash', () => {
  it('is the digest of the projection, its version and the state', () => {
    for (const { name, version, ...rest } of projections) {
      const state = rest.initialState();
      const hash = stateHash({ name, version, ...rest }, state);
      expect(hash).toBe(digestOf({ projection: name, version, state }));
      expect(stateHash({ name, version: version + 1, ...rest }, state)).not.toBe(hash);
      expect(stateHash({ name: `${name}s`, version, ...rest }, state)).not.toBe(hash);
    }
  });

  it('is the same for the same history written twice', async () => {
    const options = { seed: 'twice', ids: 'twice', concurrency: 1, interruptions: [] } as const;
    const once = await randomHistory({ ...options, delays: '1' });
    const twice = await randomHistory({ ...options, delays: '2' });
    for (const projection of projections)
      expect(stateHash(projection, fold(projection, twice.events))).toBe(
        stateHash(projection, fold(projection, once.events)),
      );
  });
});
