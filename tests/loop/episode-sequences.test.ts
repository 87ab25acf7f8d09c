import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { half, oneEpisode, right, saying, wrong } from '../support/one-episode.ts';
import { toyTask } from '../support/toy-language.ts';

async function text(ledger: Ledger, events: readonly AnyRecordedEvent[], type: string): Promise<string[]> {
  const found = events.flatMap((event) =>
    event.type === 'FeedbackComposed' && type === event.type
      ? [event.data.text]
      : event.type === 'GenerationRequested' && type === event.type
        ? [event.data.prompt]
        : [],
  );
  return Promise.all(found.map(({ digest }) => ledger.getText(digest)));
}

describe('the events of an episode', () => {
  it('best-of-n draws independent candidates and stops at the first public pass', async () => {
    const { lines } = await oneEpisode({}, { generator: saying(wrong, right) });
    expect(lines).toMatchInlineSnapshot(`
      [
        "EpisodeStarted",
        "GenerationRequested 0.0.0 sample 0 after none showing []",
        "CandidateGenerated 0.0.0 generated #0",
        "ExecutionRequested 1.0.0 public #0",
        "ExecutionFinished 1.0.0 public failed 0/2",
        "CandidateScored #0 0 by 1.0.0",
        "GenerationRequested 2.0.0 sample 1 after none showing []",
        "CandidateGenerated 2.0.0 generated #1",
        "ExecutionRequested 3.0.0 public #1",
        "ExecutionFinished 3.0.0 public passed 2/2",
        "CandidateScored #1 1 by 3.0.0",
        "FinalPicked #1 public_pass",
        "ExecutionRequested 4.0.0 hidden #1",
        "ExecutionFinished 4.0.0 hidden failed 3/4",
        "FinalGraded #1 3/4 by 4.0.0",
        "EpisodeFinished graded public true hidden false spent 2 2",
      ]
    `);
  });

  it('best-of-n without a stop scores all and picks the best', async () => {
    const params = { candidates: 3, stop: 'never', width: 3 };
    const { lines } = await oneEpisode(
      { params },
      { generator: saying(wrong, half, wrong.replace('8', '7')) },
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "EpisodeStarted",
        "GenerationRequested 0.0.0 sample 0 after none showing []",
        "GenerationRequested 0.1.0 sample 1 after none showing []",
        "GenerationRequested 0.2.0 sample 2 after none showing []",
        "CandidateGenerated 0.0.0 generated #0",
        "ExecutionRequested 1.0.0 public #0",
        "CandidateGenerated 0.1.0 generated #1",
        "ExecutionRequested 2.0.0 public #1",
        "CandidateGenerated 0.2.0 generated #2",
        "ExecutionRequested 3.0.0 public #2",
        "ExecutionFinished 1.0.0 public failed 0/2",
        "CandidateScored #0 0 by 1.0.0",
        "ExecutionFinished 2.0.0 public failed 1/2",
        "CandidateScored #1 0.5 by 2.0.0",
        "ExecutionFinished 3.0.0 public failed 0/2",
        "CandidateScored #2 0 by 3.0.0",
        "FinalPicked #1 best_score",
        "ExecutionRequested 4.0.0 hidden #1",
        "ExecutionFinished 4.0.0 hidden failed 2/4",
        "FinalGraded #1 2/4 by 4.0.0",
        "EpisodeFinished graded public false hidden false spent 3 3",
      ]
    `);
  });

  it('sequential-feedback shows every earlier candidate with all that its execution showed', async () => {
    const run = { strategy: 'sequential-feedback', tasks: [toyTask('t', 2, { 'f(0)': '8' })] };
    const { lines, ledger, events } = await oneEpisode(run, { generator: saying(half, right) });
    expect(lines).toMatchInlineSnapshot(`
      [
        "EpisodeStarted",
        "CandidateGenerated given #0",
        "ExecutionRequested 0.0.0 public #0",
        "ExecutionFinished 0.0.0 public failed 0/2",
        "CandidateScored #0 0 by 0.0.0",
        "FeedbackComposed #0 full of 0.0.0",
        "GenerationRequested 1.0.0 sample 0 after #0 showing [#0+]",
        "CandidateGenerated 1.0.0 generated #1",
        "ExecutionRequested 2.0.0 public #1",
        "ExecutionFinished 2.0.0 public failed 1/2",
        "CandidateScored #1 0.5 by 2.0.0",
        "FeedbackComposed #1 full of 2.0.0",
        "GenerationRequested 3.0.0 sample 1 after #1 showing [#0+,#1+]",
        "CandidateGenerated 3.0.0 generated #2",
        "ExecutionRequested 4.0.0 public #2",
        "ExecutionFinished 4.0.0 public passed 2/2",
        "CandidateScored #2 1 by 4.0.0",
        "FinalPicked #2 public_pass",
        "ExecutionRequested 5.0.0 hidden #2",
        "ExecutionFinished 5.0.0 hidden failed 3/4",
        "FinalGraded #2 3/4 by 5.0.0",
        "EpisodeFinished graded public true hidden false spent 2 3",
      ]
    `);
    expect(await text(ledger, events, 'FeedbackComposed')).toMatchInlineSnapshot(`
      [
        "Outcome: failed. 0 of 2 public tests passed.
      FAIL square-0: f(0)
        expected 0
        actual   8
      FAIL square-1: f(1)
        expected 1
        actual   undefined",
        "Outcome: failed. 1 of 2 public tests passed.
      FAIL square-1: f(1)
        expected 1
        actual   9",
      ]
    `);
    expect((await text(ledger, events, 'GenerationRequested')).at(-1)).toMatchInlineSnapshot(`
      "# Task t (javascript)

      Square numbers (t).

      Write \`f\`.

      ## Public tests

      \`\`\`javascript
      f(0) // 0
      f(1) // 1
      \`\`\`

      ## Program to repair

      \`\`\`javascript
      f(0) = 8
      \`\`\`

      ## Turn 1

      The program to repair, as it is above.

      Outcome: failed. 0 of 2 public tests passed.
      FAIL square-0: f(0)
        expected 0
        actual   8
      FAIL square-1: f(1)
        expected 1
        actual   undefined

      ## Turn 2

      \`\`\`javascript
      f(0) = 0
      f(1) = 9
      \`\`\`

      Outcome: failed. 1 of 2 public tests passed.
      FAIL square-1: f(1)
        expected 1
        actual   9
      "
    `);
  });

  it('unary-retry says that it was wrong, and the generator gets no execution', async () => {
    const generator = saying(wrong, half, right);
    const { lines, ledger, events } = await oneEpisode({ strategy: 'unary-retry' }, { generator });
    expect(lines).toMatchInlineSnapshot(`
      [
        "EpisodeStarted",
        "GenerationRequested 0.0.0 sample 0 after none showing []",
        "CandidateGenerated 0.0.0 generated #0",
        "ExecutionRequested 1.0.0 public #0",
        "ExecutionFinished 1.0.0 public failed 0/2",
        "CandidateScored #0 0 by 1.0.0",
        "FeedbackComposed #0 verdict of 1.0.0",
        "GenerationRequested 2.0.0 sample 1 after #0 showing [#0+]",
        "CandidateGenerated 2.0.0 generated #1",
        "ExecutionRequested 3.0.0 public #1",
        "ExecutionFinished 3.0.0 public failed 1/2",
        "CandidateScored #1 0.5 by 3.0.0",
        "FeedbackComposed #1 verdict of 3.0.0",
        "GenerationRequested 4.0.0 sample 2 after #1 showing [#0+,#1+]",
        "CandidateGenerated 4.0.0 generated #2",
        "ExecutionRequested 5.0.0 public #2",
        "ExecutionFinished 5.0.0 public passed 2/2",
        "CandidateScored #2 1 by 5.0.0",
        "FinalPicked #2 public_pass",
        "ExecutionRequested 6.0.0 hidden #2",
        "ExecutionFinished 6.0.0 hidden failed 3/4",
        "FinalGraded #2 3/4 by 6.0.0",
        "EpisodeFinished graded public true hidden false spent 3 3",
      ]
    `);
    expect(await text(ledger, events, 'FeedbackComposed')).toEqual([
      'The program is wrong. Try again.',
      'The program is wrong. Try again.',
    ]);
    const told = generator.requests.flatMap(({ dialogue }) => dialogue.map(({ feedback }) => feedback));
    expect(told).toHaveLength(3);
    for (const feedback of told) {
      expect(feedback).toEqual({ text: 'The program is wrong. Try again.', execution: null });
    }
  });
});

describe('appends', () => {
  it('hold an outcome together with everything that follows from it', async () => {
    const { appends } = await oneEpisode(
      { strategy: 'sequential-feedback' },
      { generator: saying(half, right) },
    );
    expect(appends).toMatchInlineSnapshot(`
      [
        [
          "EpisodeStarted",
          "GenerationRequested",
        ],
        [
          "CandidateGenerated",
          "ExecutionRequested",
        ],
        [
          "ExecutionFinished",
          "CandidateScored",
          "FeedbackComposed",
          "GenerationRequested",
        ],
        [
          "CandidateGenerated",
          "ExecutionRequested",
        ],
        [
          "ExecutionFinished",
          "CandidateScored",
          "FinalPicked",
          "ExecutionRequested",
        ],
        [
          "ExecutionFinished",
          "FinalGraded",
          "EpisodeFinished",
        ],
      ]
    `);
  });

  it('name as cause the event before them in the stream', async () => {
    const { events } = await oneEpisode({}, { generator: saying(wrong, half, right) });
    expect(events.map(({ causation }) => causation)).toEqual([
      null,
      ...events.slice(0, -1).map(({ id }) => id),
    ]);
  });
});
