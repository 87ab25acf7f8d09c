import { describe, expect, it } from 'vitest';
import { half, oneEpisode, right, saying, wrong } from '../support/one-episode.ts';

describe('budgets', () => {
  it.each([
    [{ candidates: 2 }, 'BudgetExhausted candidates 2 of 2'],
    [{ executions: 2 }, 'BudgetExhausted executions 2 of 2'],
    [{ tokens: 40 }, 'BudgetExhausted tokens 56 of 40'],
  ])('of %j end the episode as an event, with the best so far as its answer', async (budget, event) => {
    const generator = saying(half, wrong, right);
    const { lines } = await oneEpisode({ params: { candidates: 8 }, budget }, { generator });
    expect(lines).toContain(event);
    expect(lines.slice(lines.indexOf(event) + 1)).toEqual([
      'FinalPicked #0 budget',
      expect.stringMatching(/^ExecutionRequested \d+\.0\.0 hidden #0$/),
      expect.stringMatching(/^ExecutionFinished \d+\.0\.0 hidden failed 2\/4$/),
      expect.stringMatching(/^FinalGraded #0 2\/4 by \d+\.0\.0$/),
      expect.stringMatching(/^EpisodeFinished graded public false hidden false spent \d 2$/),
    ]);
  });

  it('of tokens pay for rejected proposals as well', async () => {
    const generator = saying(half, half, '', half, right);
    const { lines } = await oneEpisode({ params: { candidates: 8 }, budget: { tokens: 70 } }, { generator });
    // Ten tokens for every request, and one for each character of an answer.
    expect(lines.filter((line) => /Rejected|BudgetExhausted/.test(line))).toEqual([
      'CandidateRejected 2.0.0 duplicate',
      'CandidateRejected 3.0.0 empty',
      'CandidateRejected 4.0.0 duplicate',
      'BudgetExhausted tokens 94 of 70',
    ]);
  });

  it('give a part of what is asked for at once, so that none of a budget is left over', async () => {
    const params = { candidates: 8, width: 2 };
    const { lines } = await oneEpisode(
      { params, budget: { candidates: 3 } },
      { generator: saying(half, wrong, '# third\n', right) },
    );
    expect(lines.filter((line) => /GenerationRequested|BudgetExhausted/.test(line))).toEqual([
      'GenerationRequested 0.0.0 sample 0 after none showing []',
      'GenerationRequested 0.1.0 sample 1 after none showing []',
      expect.stringMatching(/^GenerationRequested \d\.0\.0 sample 2 after none showing \[\]$/),
      'BudgetExhausted candidates 3 of 3',
    ]);
  });

  it('of nothing end it without an answer', async () => {
    const { lines } = await oneEpisode({ budget: { candidates: 0 } }, {});
    expect(lines).toEqual([
      'EpisodeStarted',
      'BudgetExhausted candidates 0 of 0',
      'FinalPicked none no_candidate',
      'EpisodeFinished nothing_to_grade public false hidden false spent 0 0',
    ]);
  });
});
