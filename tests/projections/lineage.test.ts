import { describe, expect, it } from 'vitest';
import { ancestry, lineageProjection } from '../../projections/lineage.ts';
import { adopted, digest, generated, key, scored } from '../strategies/episode-events.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import { started, stream } from './run-events.ts';

const begun = foldSpecification(lineageProjection).given(['episode-1.0', started('run-1', 0, 'double')]);
const chain = begun.given(
  ['episode-1.0', adopted('given')],
  ['episode-1.0', scored(key(0), 'given', 0.25)],
  ['episode-1.0', generated(key(1), 'a', { parent: 'given' })],
  ['episode-1.0', generated(key(2), 'b', { parent: 'a' })],
  ['episode-1.0', scored(key(3), 'b', 1)],
  ['episode-1.0', generated(key(4), 'c', { parent: 'given' })],
  ['episode-1.0', generated(key(5), 'alone')],
);

describe('the lineage projection', () => {
  it('knows every candidate by what it was conditioned on, and how far from the root it is', () => {
    begun.thenState({ episodes: { 'episode-1.0': {} } } as never);
    chain.thenState({
      episodes: {
        'episode-1.0': {
          [digest('given')]: { parent: null, depth: 0, score: 0.25 },
          [digest('a')]: { parent: digest('given'), depth: 1, score: null },
          [digest('b')]: { parent: digest('a'), depth: 2, score: 1 },
          [digest('c')]: { parent: digest('given'), depth: 1, score: null },
          [digest('alone')]: { parent: null, depth: 0, score: null },
        },
      },
    } as never);
  });

  it('keeps the same program of two episodes apart', () => {
    begun
      .given(['episode-1.1', started('run-1', 1, 'triple')])
      .given(['episode-1.0', adopted('same')], ['episode-1.1', adopted('same')])
      .given(['episode-1.1', scored(key(0), 'same', 0.5)])
      .thenState({
        episodes: {
          'episode-1.0': { [digest('same')]: { parent: null, depth: 0, score: null } },
          'episode-1.1': { [digest('same')]: { parent: null, depth: 0, score: 0.5 } },
        },
      } as never);
  });

  it('leads from a candidate back to its root', () => {
    const nodes = chain.state().episodes[stream('episode-1.0')] ?? {};
    expect(ancestry(nodes, digest('b'))).toEqual([digest('b'), digest('a'), digest('given')]);
    expect(ancestry(nodes, digest('alone'))).toEqual([digest('alone')]);
    expect(ancestry(nodes, digest('unknown'))).toEqual([digest('unknown')]);
  });

  it('does not go round for ever where a damaged ledger makes a candidate its own ancestor', () => {
    const node = (parent: string) => ({ parent: digest(parent), depth: 1, score: null });
    const nodes = { [digest('a')]: node('b'), [digest('b')]: node('a') };
    expect(ancestry(nodes, digest('a'))).toEqual([digest('a'), digest('b')]);
  });
});
