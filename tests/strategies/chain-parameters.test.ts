import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/kernel/brand.ts';
import { sequentialFeedback } from '../../src/strategies/sequential-feedback.ts';
import type { Command } from '../../src/strategies/strategy.ts';
import { unaryRetry } from '../../src/strategies/unary-retry.ts';
import { givenEvents } from '../support/given-events.ts';
import {
  adopted,
  askedToExecute,
  askedToGenerate,
  blankTask,
  digest,
  executionFailed,
  generated,
  generationFailed,
  key,
  rejected,
  repairTask,
  told,
  tried,
} from './episode-events.ts';
import { simulateEpisode, type World } from './simulate-episode.ts';

const generate = (...names: readonly string[]): Command => ({
  ...{ kind: 'generate', count: 1, parent: names.length === 0 ? null : digest(names.at(-1) ?? '') },
  dialogue: names.map((name) => ({ candidate: digest(name), feedback: digest(`on ${name}`) })),
});

/** A turn that is written, run, scored and told of; ordinals are the turn's own. */
const turn = (at: number, name: string, passed: number, level: 'full' | 'verdict' = 'full') => [
  ...[askedToGenerate(key(at)), generated(key(at), name), ...tried(key(at + 1), name, passed, 4)],
  told(key(at + 1), name, `on ${name}`, level),
];
const givenAt = (passed: number, level: 'full' | 'verdict' = 'full') => [
  ...[adopted('given'), ...tried(key(0), 'given', passed, 4)],
  told(key(0), 'given', 'on given', level),
];

describe('a chain that begins anew after two turns in vain', () => {
  const chain = givenEvents(sequentialFeedback, repairTask, { restartAfter: 2 }, 'seed').when(...givenAt(1));

  it('goes on while candidates get better, whatever they cost', () => {
    chain
      .when(...turn(10, 'a', 2), ...turn(20, 'b', 1), ...turn(30, 'c', 3))
      .thenDecides(generate('given', 'a', 'b', 'c'));
  });

  it('forgets all but the given program after two that are no better than the best, equal ones included', () => {
    const once = chain.when(...turn(10, 'a', 2), ...turn(20, 'b', 2));
    once.thenDecides(generate('given', 'a', 'b'));
    const twice = once.when(...turn(30, 'c', 2));
    twice.thenDecides(generate('given'));
    twice.when(...turn(40, 'd', 0)).thenDecides(generate('given', 'd'));
  });

  it('measures the new chain by the given program, not by what was forgotten', () => {
    const anew = chain.when(
      ...turn(10, 'a', 3),
      ...turn(20, 'b', 0),
      ...turn(30, 'c', 0),
      ...turn(40, 'd', 2),
    );
    anew.thenDecides(generate('given', 'd'));
    anew.when(...turn(50, 'e', 0)).thenDecides(generate('given', 'd', 'e'));
    anew.when(...turn(50, 'e', 0), ...turn(60, 'f', 0)).thenDecides(generate('given'));
  });

  it('says nothing of a candidate that nobody will be shown', () => {
    chain
      .when(...turn(10, 'a', 1), askedToGenerate(key(20)), generated(key(20), 'b'))
      .when(...tried(key(21), 'b', 1, 4))
      .thenDecides(generate('given'));
  });

  it('counts proposals that are known and candidates that cannot be run as turns in vain', () => {
    const repeated = chain.when(askedToGenerate(key(10)), rejected(key(10), 'given'));
    repeated.when(askedToGenerate(key(20)), rejected(key(20), 'given')).thenDecides(generate('given'));
    const unrunnable = repeated.when(askedToGenerate(key(20)), generated(key(20), 'a'));
    unrunnable
      .when(askedToExecute(key(21), 'a'), executionFailed(key(21), 'a', true))
      .thenDecides(generate('given'));
  });

  it('keeps the best of all chains for the answer', () => {
    const spent = { restartAfter: 1, candidates: 3 };
    givenEvents(sequentialFeedback, repairTask, spent, 'seed')
      .when(...givenAt(0), ...turn(10, 'a', 3), ...turn(20, 'b', 0))
      .when(askedToGenerate(key(30)), generated(key(30), 'c'), ...tried(key(31), 'c', 2, 4))
      .thenDecides({
        ...{ kind: 'finish', candidate: digest('a'), publicPass: false },
        reason: 'best_score',
      });
  });

  it('takes all attempts of a request for one beginning', () => {
    const asked = chain.when(...turn(10, 'a', 0), ...turn(20, 'b', 0), askedToGenerate(key(30)));
    asked
      .when(generationFailed(key(30), false), askedToGenerate(key(30, 0, 1)), generated(key(30, 0, 1), 'c'))
      .when(...tried(key(31), 'c', 0, 4), told(key(31), 'c', 'on c', 'full'))
      .thenDecides(generate('given', 'c'));
  });

  it('begins from nothing where the task hands out nothing', () => {
    const blank = givenEvents(sequentialFeedback, blankTask, { restartAfter: 1 }, 'seed');
    const first = blank.when(...turn(10, 'a', 0));
    first.thenDecides(generate('a'));
    first.when(...turn(20, 'b', 0)).thenDecides(generate());
  });
});

describe('a chain that is told only "wrong"', () => {
  it('knows of no better candidate, and begins anew after every so many turns', () => {
    const chain = givenEvents(unaryRetry, repairTask, { restartAfter: 2 }, 'seed');
    const first = chain.when(...givenAt(0, 'verdict'), ...turn(10, 'a', 2, 'verdict'));
    first.thenDecides(generate('given', 'a'));
    first.when(...turn(20, 'b', 3, 'verdict')).thenDecides(generate('given'));
  });
});

describe('a chain that remembers two turns', () => {
  it('shows the given program and the last two', () => {
    const chain = givenEvents(sequentialFeedback, repairTask, { memory: 2 }, 'seed').when(...givenAt(0));
    const two = chain.when(...turn(10, 'a', 3), ...turn(20, 'b', 2));
    two.thenDecides(generate('given', 'a', 'b'));
    two.when(...turn(30, 'c', 1)).thenDecides(generate('given', 'b', 'c'));
  });

  it('shows the last two alone where nothing was given', () => {
    givenEvents(sequentialFeedback, blankTask, { memory: 2 }, 'seed')
      .when(...turn(10, 'a', 3), ...turn(20, 'b', 2), ...turn(30, 'c', 1))
      .thenDecides(generate('b', 'c'));
  });

  it('answers with the best also of those it no longer shows', () => {
    givenEvents(sequentialFeedback, repairTask, { memory: 1, candidates: 3 }, 'seed')
      .when(...givenAt(0), ...turn(10, 'a', 3), ...turn(20, 'b', 2))
      .when(askedToGenerate(key(30)), generated(key(30), 'c'), ...tried(key(31), 'c', 1, 4))
      .thenDecides({
        ...{ kind: 'finish', candidate: digest('a'), publicPass: false },
        reason: 'best_score',
      });
  });
});

describe('in any world', () => {
  const worlds: fc.Arbitrary<World> = fc.record({
    seed: fc.string({ minLength: 1 }),
    givenProgram: fc.boolean(),
    budget: fc.constant({ candidates: null, executions: null }),
    outcomesMax: fc.constant(null),
    duplicates: fc.constantFrom(0, 0.2, 1),
    failures: fc.constantFrom(0, 0.1),
    passes: fc.constantFrom(0, 0.05),
  });
  const dialogues = (strategy: typeof sequentialFeedback, params: object, world: World) =>
    simulateEpisode(strategy, params, world, 2000).events.flatMap((event) =>
      event.type === 'GenerationRequested' && event.data.key.attempt === 0
        ? [event.data.dialogue.map(({ candidate }) => candidate)]
        : [],
    );

  it('parameters that are never reached change nothing', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const params = { candidates: 15, restartAfter: 15, memory: 15 };
        expect(simulateEpisode(sequentialFeedback, params, world, 2000).events).toEqual(
          simulateEpisode(sequentialFeedback, { candidates: 15 }, world, 2000).events,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('no more is shown than is remembered, and of the present chain alone', () => {
    const limits = fc.record({
      candidates: fc.constant(15),
      restartAfter: fc.integer({ min: 1, max: 6 }),
      memory: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(sequentialFeedback, unaryRetry),
        limits,
        worlds,
        (strategy, params, world) => {
          const first = world.givenProgram ? 1 : 0;
          const forgotten = new Set<Digest>();
          let before: readonly Digest[] = [];
          for (const shown of dialogues(strategy, params, world)) {
            expect(shown.length).toBeLessThanOrEqual(params.memory + first);
            for (const candidate of shown) expect(forgotten).not.toContain(candidate);
            for (const candidate of before.slice(first))
              if (!shown.includes(candidate)) forgotten.add(candidate);
            before = shown;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
