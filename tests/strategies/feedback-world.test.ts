import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { GenerationRequest } from '../../src/generators/generator.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import {
  executeHandling,
  handlingTask,
  inputsHandledBy,
  programHandling,
} from './scripted/handling-programs.ts';
import { scriptedGenerator, scriptedSandbox } from './scripted/scripted-ports.ts';
import { allEvents, openDesk, planRuns, unlimited, workOn } from './scripted/scripted-runs.ts';

/** Inputs the given program fails on: 1, 3, 4 and 6, of the public tests 0 … 6; a hidden test asks for 7 as well. */
const task = handlingTask({ id: 'staged', publicTests: 7, hiddenTests: 7, given: [0, 2, 5] });
const failingInputs = 4;

/**
 * Repairs one thing at a time, and only what it is shown: the first failing input of the last feedback. An input that it
 * never sees it never handles.
 */
function repairWhatIsShown({ task: view, dialogue }: GenerationRequest) {
  const last = dialogue.at(-1);
  const handled = inputsHandledBy(last?.program ?? view.givenProgram ?? '');
  const shown = /^FAIL \S+: f\((\d+)\)$/m.exec(last?.feedback?.text ?? '')?.[1];
  const program = programHandling(shown === undefined ? handled : [...handled, Number(shown)]);
  return { program, note: `saw ${shown ?? 'nothing'}`, usage: { inputTokens: 10, outputTokens: 5 } };
}

async function play(strategy: string, params: Readonly<Record<string, number>>) {
  const desk = await openDesk('feedback world');
  const strategies = [strategyRef(strategyNamed(strategy), params)];
  const [run] = await planRuns(desk, { tasks: [task], strategies, seed: '1', budget: unlimited });
  if (run === undefined) throw new Error('no run');
  const generator = scriptedGenerator(repairWhatIsShown);
  await workOn(desk, run, { generator, sandbox: scriptedSandbox(executeHandling), concurrency: 1 });
  const events = await allEvents(desk);
  const episode = events.find(({ type }) => type === 'EpisodeStarted')?.stream;
  if (episode === undefined) throw new Error('no episode');
  const replay = await replayEpisode(desk.ledger, episode);
  return { desk, events, replay };
}

function lastOf(events: readonly AnyRecordedEvent[], type: AnyRecordedEvent['type']) {
  return events.findLast((event) => event.type === type)?.data;
}

describe('where a program becomes correct only if the k-th failing input is shown', () => {
  it('sequential feedback solves it, one failing input a turn', async () => {
    const { events, replay } = await play('sequential-feedback', { candidates: failingInputs });
    expect(lastOf(events, 'FinalPicked')).toMatchObject({ publicPass: true, reason: 'public_pass' });
    expect(lastOf(events, 'EpisodeFinished')).toEqual({
      ...{ status: 'graded', publicPass: true, hiddenPass: true },
      ...{ candidates: failingInputs, executions: failingInputs + 1, tokens: 15 * failingInputs },
      steps: 17 + 18 + 19 + 20 + 21,
    });
    expect(replay).toMatchObject({ verdict: 'pass', finished: true });
    const notes = events.flatMap((event) =>
      event.type === 'CandidateGenerated' && event.data.key !== null ? [event.data.note] : [],
    );
    expect(notes).toEqual(['saw 1', 'saw 3', 'saw 4', 'saw 6']);
  });

  it('sequential feedback that remembers one turn solves it too, and is replayed', async () => {
    const { events, replay } = await play('sequential-feedback', { candidates: failingInputs, memory: 1 });
    expect(lastOf(events, 'FinalPicked')).toMatchObject({ publicPass: true });
    expect(lastOf(events, 'GenerationRequested')).toMatchObject({ dialogue: [{}, {}] });
    expect(replay).toMatchObject({ verdict: 'pass', finished: true });
  });

  it('a chain that begins anew after every turn asks the same four times, and is replayed', async () => {
    const { events, replay } = await play('unary-retry', { candidates: 4, restartAfter: 1 });
    const shown = events.flatMap((event) =>
      event.type === 'GenerationRequested' ? [event.data.dialogue.length] : [],
    );
    expect(shown).toEqual([1, 1, 1, 1]);
    expect(replay).toMatchObject({ verdict: 'pass', finished: true });
  });

  it('sequential feedback does not solve it with one turn fewer', async () => {
    const { events } = await play('sequential-feedback', { candidates: failingInputs - 1 });
    expect(lastOf(events, 'FinalPicked')).toMatchObject({ publicPass: false, reason: 'best_score' });
    expect(lastOf(events, 'CandidateScored')).toMatchObject({ value: 6 / 7 });
  });

  it.each(['unary-retry', 'best-of-n'])('%s does not solve it, however many turns it has', async (name) => {
    const { events, replay } = await play(name, { candidates: 40 });
    expect(lastOf(events, 'FinalPicked')).toMatchObject({ publicPass: false, reason: 'best_score' });
    expect(lastOf(events, 'EpisodeFinished')).toMatchObject({
      ...{ publicPass: false, hiddenPass: false, candidates: 40, executions: 1 },
    });
    expect(replay).toMatchObject({ verdict: 'pass', finished: true });
  });

  it('unary retry tells nothing of the tests, in its words or in what the generator may look at', async () => {
    const { desk, events } = await play('unary-retry', { candidates: 3 });
    const texts = new Set<string>();
    for (const event of events)
      if (event.type === 'FeedbackComposed') texts.add(await desk.ledger.getText(event.data.text.digest));
    expect([...texts]).toEqual(['The program is wrong. Try again.']);

    const seen: GenerationRequest[] = [];
    const again = await openDesk('what the generator sees');
    const strategies = [strategyRef(strategyNamed('unary-retry'), { candidates: 3 })];
    const [run] = await planRuns(again, { tasks: [task], strategies, seed: '1', budget: unlimited });
    if (run === undefined) throw new Error('no run');
    const generator = scriptedGenerator((request) => {
      seen.push(request);
      return { ...repairWhatIsShown(request), program: programHandling([seen.length]) };
    });
    await workOn(again, run, { generator, sandbox: scriptedSandbox(executeHandling), concurrency: 1 });
    expect(seen.map(({ dialogue }) => dialogue.length)).toEqual([1, 2, 3]);
    for (const { dialogue } of seen)
      for (const turn of dialogue)
        expect(turn.feedback).toEqual({ text: 'The program is wrong. Try again.', execution: null });
  });
});
