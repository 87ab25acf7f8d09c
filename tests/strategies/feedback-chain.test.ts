import { describe, expect, it } from 'vitest';
import { sequentialFeedback } from '../../src/strategies/sequential-feedback.ts';
import type { Command, DialogueTurn } from '../../src/strategies/strategy.ts';
import { unaryRetry } from '../../src/strategies/unary-retry.ts';
import { givenEvents } from '../support/given-events.ts';
import {
  adopted,
  askedToExecute,
  askedToGenerate,
  blankTask,
  digest,
  executed,
  executionFailed,
  exhausted,
  generated,
  generationFailed,
  key,
  picked,
  rejected,
  repairTask,
  scored,
  told,
  tried,
} from './episode-events.ts';

const turn = (name: string, feedback: string | null): DialogueTurn => ({
  candidate: digest(name),
  feedback: feedback === null ? null : digest(feedback),
});
const generate = (...dialogue: readonly DialogueTurn[]): Command => ({
  kind: 'generate',
  count: 1,
  parent: dialogue.at(-1)?.candidate ?? null,
  dialogue,
});
const execute = (name: string): Command => ({ kind: 'execute', candidate: digest(name) });
const finish = (
  name: string | null,
  publicPass: boolean,
  reason: Extract<Command, { kind: 'finish' }>['reason'],
): Command => ({ kind: 'finish', candidate: name === null ? null : digest(name), publicPass, reason });

const arms = [
  { strategy: sequentialFeedback, level: 'full' },
  { strategy: unaryRetry, level: 'verdict' },
] as const;

describe.each(arms)('$strategy.name', ({ strategy, level }) => {
  const blank = (params: object) => givenEvents(strategy, blankTask, params, 'seed');
  const repair = (params: object) => givenEvents(strategy, repairTask, params, 'seed');
  const compose = (name: string, ordinal: number): Command => ({
    kind: 'compose-feedback',
    candidate: digest(name),
    execution: key(ordinal),
    level,
  });
  const failedGiven = [adopted('given'), ...tried(key(0), 'given', 0, 4)];

  it('adopts, runs and scores the given program before anything is written', () => {
    const start = repair({});
    start.thenDecides({ kind: 'adopt' });
    start.when(adopted('given')).thenDecides(execute('given'));
    start.when(adopted('given'), askedToExecute(key(0), 'given')).thenDecides();
    start
      .when(adopted('given'), askedToExecute(key(0), 'given'), executed(key(0), 'given', 0, 4))
      .thenDecides({ kind: 'score', candidate: digest('given'), execution: key(0) });
  });

  it('answers with a given program that passes, without a word of feedback', () => {
    repair({})
      .when(adopted('given'), ...tried(key(0), 'given', 4, 4))
      .thenDecides(finish('given', true, 'public_pass'));
  });

  it(`says at the level "${level}" what came of the last candidate, then asks for the next`, () => {
    const failed = repair({}).when(...failedGiven);
    failed.thenDecides(compose('given', 0));
    failed.when(told(key(0), 'given', 'wrong', level)).thenDecides(generate(turn('given', 'wrong')));
  });

  it('starts from nothing where the task hands out nothing', () => {
    blank({}).thenDecides(generate());
    blank({})
      .when(askedToGenerate(key(0)), generated(key(0), 'a'), ...tried(key(1), 'a', 1, 4))
      .thenDecides(compose('a', 1));
  });

  it('shows the whole dialogue, oldest turn first, each with the feedback it got', () => {
    const second = repair({ candidates: 3 }).when(
      ...[...failedGiven, told(key(0), 'given', 'first words', level)],
      ...[askedToGenerate(key(1)), generated(key(1), 'a', { parent: 'given' })],
      ...tried(key(2), 'a', 2, 4),
    );
    second.thenDecides(compose('a', 2));
    const asked = second.when(told(key(2), 'a', 'second words', level));
    asked.thenDecides(generate(turn('given', 'first words'), turn('a', 'second words')));
    asked
      .when(askedToGenerate(key(3)), generated(key(3), 'b', { parent: 'a' }), ...tried(key(4), 'b', 1, 4))
      .when(told(key(4), 'b', 'third words', level))
      .thenDecides(
        generate(turn('given', 'first words'), turn('a', 'second words'), turn('b', 'third words')),
      );
  });

  it('waits while something is being written or run', () => {
    const asked = blank({}).when(askedToGenerate(key(0)));
    asked.thenDecides();
    asked.when(generated(key(0), 'a')).thenDecides(execute('a'));
    asked.when(generated(key(0), 'a'), askedToExecute(key(1), 'a')).thenDecides();
  });

  it('stops at the first pass, and the pass is the answer', () => {
    repair({})
      .when(...failedGiven, told(key(0), 'given', 'wrong', level), askedToGenerate(key(1)))
      .when(generated(key(1), 'a'), ...tried(key(2), 'a', 4, 4))
      .thenDecides(finish('a', true, 'public_pass'));
  });

  it('answers with the best when the turns are spent, the earlier of equals, without more feedback', () => {
    const first = repair({ candidates: 2 })
      .when(...failedGiven, told(key(0), 'given', 'w', level))
      .when(askedToGenerate(key(1)), generated(key(1), 'a'), ...tried(key(2), 'a', 3, 4))
      .when(told(key(2), 'a', 'w', level), askedToGenerate(key(3)));
    first
      .when(generated(key(3), 'b'), ...tried(key(4), 'b', 3, 4))
      .thenDecides(finish('a', false, 'best_score'));
    first
      .when(generated(key(3), 'b'), ...tried(key(4), 'b', 0, 4))
      .thenDecides(finish('a', false, 'best_score'));
  });

  it('counts a rejected proposal as a turn, and asks again with the same dialogue', () => {
    const failed = repair({ candidates: 2 }).when(...failedGiven, told(key(0), 'given', 'wrong', level));
    const repeated = failed.when(askedToGenerate(key(1)), rejected(key(1), 'given'));
    repeated.thenDecides(generate(turn('given', 'wrong')));
    repeated
      .when(askedToGenerate(key(2)), rejected(key(2), 'given'))
      .thenDecides(finish('given', false, 'best_score'));
  });

  it('shows a candidate that could not be run without feedback, and goes on from it', () => {
    const failed = repair({}).when(adopted('given'), askedToExecute(key(0), 'given'));
    failed.when(executionFailed(key(0), 'given', false)).thenDecides();
    failed.when(executionFailed(key(0), 'given', true)).thenDecides(generate(turn('given', null)));
  });

  it('tells of the attempt that went through, not of those that failed', () => {
    repair({})
      .when(adopted('given'), askedToExecute(key(0), 'given'), executionFailed(key(0), 'given', false))
      .when(askedToExecute(key(0, 0, 1), 'given'), executed(key(0, 0, 1), 'given', 0, 4))
      .when(scored(key(0, 0, 1), 'given', 0))
      .thenDecides({
        ...{ kind: 'compose-feedback', candidate: digest('given'), level },
        execution: key(0, 0, 1),
      });
  });

  it('takes all attempts of a generation for one turn', () => {
    const failed = blank({ candidates: 1 }).when(askedToGenerate(key(0)), generationFailed(key(0), false));
    failed.thenDecides();
    failed
      .when(askedToGenerate(key(0, 0, 1)), generated(key(0, 0, 1), 'a'), ...tried(key(1), 'a', 0, 4))
      .thenDecides(finish('a', false, 'best_score'));
  });

  it('answers with the best so far when the generator has none left, and with nothing when it had none', () => {
    repair({})
      .when(...failedGiven, told(key(0), 'given', 'w', level), askedToGenerate(key(1)))
      .when(generationFailed(key(1), true))
      .thenDecides(finish('given', false, 'generator_exhausted'));
    blank({})
      .when(askedToGenerate(key(0)), generationFailed(key(0), true))
      .thenDecides(finish(null, false, 'no_candidate'));
  });

  it('has no answer when the time is spent before anything was adopted', () => {
    repair({})
      .when(exhausted('wallTime'))
      .thenDecides(finish(null, false, 'no_candidate'));
  });

  it('answers without running what there is no budget to run', () => {
    repair({})
      .when(adopted('given'), exhausted('executions'))
      .thenDecides(finish('given', false, 'budget'));
  });

  it('lets what is under way come in when the budget ends, and answers with the best of it', () => {
    const running = repair({}).when(adopted('given'), askedToExecute(key(0), 'given'), exhausted('wallTime'));
    running.thenDecides();
    const came = running.when(executed(key(0), 'given', 4, 4));
    came.thenDecides({ kind: 'score', candidate: digest('given'), execution: key(0) });
    came.when(scored(key(0), 'given', 1)).thenDecides(finish('given', true, 'public_pass'));
    const writing = repair({}).when(
      ...[...failedGiven, told(key(0), 'given', 'w', level), askedToGenerate(key(1))],
      exhausted('tokens'),
    );
    writing.thenDecides();
    writing.when(generated(key(1), 'a')).thenDecides(finish('given', false, 'budget'));
  });

  it('composes no feedback that nobody will be shown', () => {
    repair({})
      .when(...failedGiven, exhausted('wallTime'))
      .thenDecides(finish('given', false, 'budget'));
  });

  it('asks for nothing more once it has answered', () => {
    repair({})
      .when(...failedGiven, exhausted('wallTime'), picked('given', false, 'budget'))
      .thenDecides();
  });

  it('completes its parameters with defaults and refuses others', () => {
    expect(strategy.params.parse({})).toEqual({ candidates: 12 });
    for (const params of [{ candidates: 0 }, { candidates: 121 }, { candidates: 'many' }, { width: 2 }])
      expect(strategy.params.safeParse(params).success).toBe(false);
  });
});
