import { describe, expect, it } from 'vitest';
import { explainReplay, replayLine } from '../../src/cli/replay-story.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { ReplayTotals } from '../../src/loop/replay-sums.ts';
import type { Divergence } from '../../src/loop/replay-verdict.ts';

const stream = 'episode-01.0' as StreamName;
const divergence: Divergence = {
  ...{ stream, revision: 6, layer: 'content', reason: 'it is another' },
  asked: { type: 'CandidateScored', data: { value: 0.5, components: { passed: 1 } } },
  recorded: { type: 'CandidateScored', data: { value: 1 } },
  members: [
    { member: 'value', asked: 0.5, recorded: 1 },
    { member: 'components.passed', asked: 1 },
  ],
  texts: [{ member: 'prompt', diff: '--- recorded\n+++ asked\n-a\n+b' }],
};
const told = (changes: Partial<Divergence> = {}): string =>
  explainReplay({
    ...{ stream, kind: 'episode', verdict: 'diverged', events: 9 },
    divergence: { ...divergence, ...changes },
  });

describe('a divergence is told', () => {
  it('by its layer, its members and its texts', () => {
    expect(told()).toBe(`episode-01.0: diverged at revision 6: it is another
  broken    its content
  asked     CandidateScored
  recorded  CandidateScored
    value
      - 1
      + 0.5
    components.passed
      + 1
  the texts of prompt:
    --- recorded
    +++ asked
    -a
    +b`);
  });

  it('with all there is where one side is missing', () => {
    expect(told({ layer: 'history', asked: null, members: [], texts: [] })).toBe(
      `episode-01.0: diverged at revision 6: it is another
  broken    the history around it
  asked     nothing
  recorded  CandidateScored
    value
      - 1`,
    );
    const both = told({ layer: 'history', asked: null, recorded: null, members: [], texts: [] });
    expect(both.split('\n').slice(2)).toEqual(['  asked     nothing', '  recorded  nothing']);
  });

  it('without flooding the terminal with a value', () => {
    const members = [{ member: 'note', asked: 'x'.repeat(1000), recorded: 'y' }];
    const longest = Math.max(
      ...told({ members, texts: [] })
        .split('\n')
        .map(({ length }) => length),
    );
    expect(longest).toBe(309);
  });

  it('where it lies in another stream than the one that was replayed', () => {
    const elsewhere = told({ stream: 'episode-01.7' as StreamName });
    expect(elsewhere.split('\n')[0]).toBe(
      'episode-01.0: diverged at revision 6 of episode-01.7: it is another',
    );
  });
});

describe('the last line', () => {
  const totals: ReplayTotals = {
    ...{ verdict: 'pass', streams: 3, episodes: 1, events: 20, decisions: 12, compared: 16 },
    ...{ diverged: 0, inconclusive: 0 },
  };
  it.each([
    [totals, 'Replayed 1 episode: all 12 decisions come out as recorded.'],
    [{ ...totals, decisions: 1 }, 'Replayed 1 episode: the one decision comes out as recorded.'],
    [{ ...totals, episodes: 2 }, 'Replayed 2 episodes: all 12 decisions come out as recorded.'],
    [
      { ...totals, verdict: 'inconclusive' as const, streams: 1, episodes: 0, inconclusive: 1 },
      'Replayed 0 episodes: of 1 stream, 0 diverged, 1 inconclusive.',
    ],
    [
      { ...totals, verdict: 'diverged' as const, diverged: 1 },
      'Replayed 1 episode: of 3 streams, 1 diverged, 0 inconclusive.',
    ],
    [
      { ...totals, verdict: 'inconclusive' as const, streams: 0 },
      'Nothing was recorded there, so nothing was replayed: inconclusive.',
    ],
  ])('%#', (given, line) => {
    expect(replayLine(given)).toBe(line);
  });
});
