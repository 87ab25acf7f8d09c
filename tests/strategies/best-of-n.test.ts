import { describe, expect, it } from 'vitest';
import { bestOfN } from '../../src/strategies/best-of-n.ts';
import type { Command } from '../../src/strategies/strategy.ts';
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
  tried,
} from './episode-events.ts';

const generate = (count: number): Command => ({ kind: 'generate', count, parent: null, dialogue: [] });
const execute = (name: string): Command => ({ kind: 'execute', candidate: digest(name) });
const finish = (
  name: string | null,
  publicPass: boolean,
  reason: Extract<Command, { kind: 'finish' }>['reason'],
): Command => ({ kind: 'finish', candidate: name === null ? null : digest(name), publicPass, reason });

const blank = (params: object) => givenEvents(bestOfN, blankTask, params, 'seed');
const repair = (params: object) => givenEvents(bestOfN, repairTask, params, 'seed');

describe('best-of-n, before the first draw', () => {
  it('adopts the program the task hands out, runs it and scores it before it draws', () => {
    const start = repair({ candidates: 2 });
    start.thenDecides({ kind: 'adopt' });
    const given = start.when(adopted('given'));
    given.thenDecides(execute('given'));
    const running = given.when(askedToExecute(key(0), 'given'));
    running.thenDecides();
    const ran = running.when(executed(key(0), 'given', 0, 1));
    ran.thenDecides({ kind: 'score', candidate: digest('given'), execution: key(0) });
    ran.when(scored(key(0), 'given', 0)).thenDecides(generate(1));
  });

  it('draws at once when the task hands out nothing', () => {
    blank({ candidates: 2 }).thenDecides(generate(1));
  });

  it('answers with the given program when that passes already', () => {
    repair({})
      .when(adopted('given'), ...tried(key(0), 'given', 1, 1))
      .thenDecides(finish('given', true, 'public_pass'));
  });

  it('has no answer when the time is spent before anything was adopted', () => {
    repair({})
      .when(exhausted('wallTime'))
      .thenDecides(finish(null, false, 'no_candidate'));
    blank({})
      .when(exhausted('wallTime'))
      .thenDecides(finish(null, false, 'no_candidate'));
  });
});

describe('best-of-n, drawing', () => {
  const drew = (name: string, at: number, passed: number) => [
    askedToGenerate(key(at)),
    generated(key(at), name),
    ...tried(key(at + 1), name, passed, 4),
  ];

  it('draws one after the other, none conditioned on another, until n were drawn', () => {
    const one = blank({ candidates: 2 }).when(...drew('a', 0, 1));
    one.thenDecides(generate(1));
    one.when(askedToGenerate(key(2))).thenDecides();
    one.when(...drew('b', 2, 3)).thenDecides(finish('b', false, 'best_score'));
  });

  it('stops at the first candidate that passes the public tests', () => {
    blank({ candidates: 5 })
      .when(...drew('a', 0, 4))
      .thenDecides(finish('a', true, 'public_pass'));
  });

  it('goes on after a public pass when told never to stop, and picks the pass in the end', () => {
    const passed = blank({ candidates: 3, stop: 'never' }).when(...drew('a', 0, 1), ...drew('b', 2, 4));
    passed.thenDecides(generate(1));
    passed.when(...drew('c', 4, 3)).thenDecides(finish('b', true, 'public_pass'));
  });

  it('prefers the earlier of equals, among passes and among failures', () => {
    blank({ candidates: 2, stop: 'never' })
      .when(...drew('a', 0, 4), ...drew('b', 2, 4))
      .thenDecides(finish('a', true, 'public_pass'));
    blank({ candidates: 3 })
      .when(...drew('a', 0, 1), ...drew('b', 2, 2), ...drew('c', 4, 2))
      .thenDecides(finish('b', false, 'best_score'));
  });

  it('prefers a pass to any score, also one that a scorer valued lower', () => {
    const pass = [
      askedToExecute(key(3), 'b'),
      executed(key(3), 'b', 4, 4),
      scored(key(3), 'b', 0.25),
    ] as const;
    blank({ candidates: 2, stop: 'never' })
      .when(...drew('a', 0, 3), askedToGenerate(key(2)), generated(key(2), 'b'), ...pass)
      .thenDecides(finish('b', true, 'public_pass'));
  });

  it('counts a rejected proposal as a draw', () => {
    const repeated = blank({ candidates: 2 }).when(...drew('a', 0, 1), askedToGenerate(key(2)));
    repeated.when(rejected(key(2), 'a')).thenDecides(finish('a', false, 'best_score'));
    blank({ candidates: 1 })
      .when(askedToGenerate(key(0)), rejected(key(0), 'a'))
      .thenDecides(finish(null, false, 'no_candidate'));
  });

  it('does not adopt again when the first draws all came to nothing', () => {
    repair({ candidates: 2 })
      .when(adopted('given'), ...tried(key(0), 'given', 0, 1))
      .when(askedToGenerate(key(1)), rejected(key(1), 'given'))
      .thenDecides(generate(1));
  });
});

describe('best-of-n, several at a time', () => {
  const asked = [askedToGenerate(key(0, 0)), askedToGenerate(key(0, 1)), askedToGenerate(key(0, 2))];

  it('asks for as many as it may, and at last for what is left', () => {
    const start = blank({ candidates: 4, width: 3 });
    start.thenDecides(generate(3));
    start
      .when(...asked)
      .when(rejected(key(0, 0), 'x'), rejected(key(0, 2), 'x'), rejected(key(0, 1), 'x'))
      .thenDecides(generate(1));
  });

  it('runs what arrives while others are still being written, in the order of arrival', () => {
    const first = blank({ candidates: 3, width: 3 }).when(...asked, generated(key(0, 2), 'c'));
    first.thenDecides(execute('c'));
    const running = first.when(askedToExecute(key(1), 'c'), generated(key(0, 0), 'a'));
    running.thenDecides(execute('a'));
    running
      .when(askedToExecute(key(2), 'a'), executed(key(1), 'c', 1, 4), generated(key(0, 1), 'b'))
      .thenDecides({ kind: 'score', candidate: digest('c'), execution: key(1) }, execute('b'));
  });

  it('waits for what is under way after a pass, and looks at it before it answers', () => {
    const passed = blank({ candidates: 9, width: 3 })
      .when(...asked, generated(key(0, 0), 'a'), ...tried(key(1), 'a', 4, 4))
      .when(rejected(key(0, 1), 'a'));
    passed.thenDecides();
    const last = passed.when(generated(key(0, 2), 'c'));
    last.thenDecides(execute('c'));
    last.when(...tried(key(2), 'c', 2, 4)).thenDecides(finish('a', true, 'public_pass'));
  });
});

describe('best-of-n, when something runs out', () => {
  const wrote = blank({ candidates: 9 }).when(askedToGenerate(key(0)), generated(key(0), 'a'));

  it('answers with an untried candidate when there is no budget to run it', () => {
    wrote.when(exhausted('executions')).thenDecides(finish('a', false, 'budget'));
  });

  it('prefers any tried candidate to an untried one', () => {
    wrote
      .when(...tried(key(1), 'a', 0, 4), askedToGenerate(key(2)), generated(key(2), 'b'))
      .when(exhausted('executions'))
      .thenDecides(finish('a', false, 'budget'));
  });

  it('waits for the execution under way, scores it and only then answers', () => {
    const waiting = wrote.when(askedToExecute(key(1), 'a'), exhausted('wallTime'));
    waiting.thenDecides();
    const failing = waiting.when(executed(key(1), 'a', 3, 4));
    failing.thenDecides({ kind: 'score', candidate: digest('a'), execution: key(1) });
    failing.when(scored(key(1), 'a', 0.75)).thenDecides(finish('a', false, 'budget'));
    waiting
      .when(executed(key(1), 'a', 4, 4), scored(key(1), 'a', 1))
      .thenDecides(finish('a', true, 'public_pass'));
  });

  it('waits for the generation under way, and does not run what it brings', () => {
    const waiting = wrote.when(...tried(key(1), 'a', 1, 4), askedToGenerate(key(2)), exhausted('wallTime'));
    waiting.thenDecides();
    waiting.when(generated(key(2), 'b')).thenDecides(finish('a', false, 'budget'));
    waiting.when(rejected(key(2), 'a')).thenDecides(finish('a', false, 'budget'));
  });

  it('ends when the generator has none left, after it ran what it has', () => {
    const pair = blank({ candidates: 9, width: 2 })
      .when(askedToGenerate(key(0, 0)), askedToGenerate(key(0, 1)))
      .when(generated(key(0, 0), 'a'), generationFailed(key(0, 1), true));
    pair.thenDecides(execute('a'));
    pair.when(...tried(key(1), 'a', 2, 4)).thenDecides(finish('a', false, 'generator_exhausted'));
  });

  it('says so when the generator failed for good, which is not the same as having none left', () => {
    blank({ candidates: 9 })
      .when(
        askedToGenerate(key(0)),
        generated(key(0), 'a'),
        ...tried(key(1), 'a', 2, 4),
        askedToGenerate(key(2)),
      )
      .when(generationFailed(key(2), true, 'GENERATOR_FAILED'))
      .thenDecides(finish('a', false, 'generator_failed'));
  });

  it('says that the budget ended it when generator and budget both ran out', () => {
    wrote
      .when(...tried(key(1), 'a', 1, 4), askedToGenerate(key(2)))
      .when(exhausted('wallTime'), generationFailed(key(2), true))
      .thenDecides(finish('a', false, 'budget'));
  });

  it('has no answer when the generator gave nothing at all', () => {
    blank({ candidates: 9 })
      .when(askedToGenerate(key(0)), generationFailed(key(0), true))
      .thenDecides(finish(null, false, 'no_candidate'));
  });

  it('leaves repeating a failed generation to the loop, and takes all attempts for one draw', () => {
    const failed = blank({ candidates: 1 }).when(askedToGenerate(key(0)), generationFailed(key(0), false));
    failed.thenDecides();
    const again = failed.when(askedToGenerate(key(0, 0, 1)));
    again.thenDecides();
    const came = again.when(generated(key(0, 0, 1), 'a'));
    came.thenDecides(execute('a'));
    came.when(...tried(key(1), 'a', 0, 4)).thenDecides(finish('a', false, 'best_score'));
  });

  it('leaves repeating a failed execution to the loop, and passes over what cannot be run at all', () => {
    const failed = wrote.when(askedToExecute(key(1), 'a'), executionFailed(key(1), 'a', false));
    failed.thenDecides();
    const again = failed.when(askedToExecute(key(1, 0, 1), 'a'));
    again.thenDecides();
    again
      .when(executed(key(1, 0, 1), 'a', 1, 4))
      .thenDecides({ kind: 'score', candidate: digest('a'), execution: key(1, 0, 1) });
    again.when(executionFailed(key(1, 0, 1), 'a', true)).thenDecides(generate(1));
  });

  it('answers with what could not be run only when there is nothing else', () => {
    const broken = blank({ candidates: 2 }).when(
      ...[askedToGenerate(key(0)), generated(key(0), 'a')],
      ...[askedToExecute(key(1), 'a'), executionFailed(key(1), 'a', true), askedToGenerate(key(2))],
    );
    broken.when(generationFailed(key(2), true)).thenDecides(finish('a', false, 'generator_exhausted'));
    broken
      .when(generated(key(2), 'b'), ...tried(key(3), 'b', 0, 4))
      .thenDecides(finish('b', false, 'best_score'));
  });

  it('asks for nothing more once it has answered', () => {
    wrote.when(...tried(key(1), 'a', 4, 4), picked('a', true, 'public_pass')).thenDecides();
    wrote.when(exhausted('wallTime'), picked('a', false, 'budget')).thenDecides();
  });
});

describe('best-of-n, its parameters', () => {
  it('completes them with defaults', () => {
    expect(bestOfN.params.parse({})).toEqual({ candidates: 12, stop: 'public_pass', width: 1 });
  });

  it.each([
    { candidates: 0 },
    { candidates: 1001 },
    { candidates: 1.5 },
    { width: 0 },
    { stop: 'sometimes' },
    { more: 1 },
  ])('refuses %j', (params) => expect(bestOfN.params.safeParse(params).success).toBe(false));
});
