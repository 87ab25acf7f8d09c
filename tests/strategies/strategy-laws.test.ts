import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { strategies, strategyNamed } from '../../src/strategies/registry.ts';
import type { AnyStrategy } from '../../src/strategies/strategy.ts';
import { blankTask, repairTask } from './episode-events.ts';
import {
  attemptsMax,
  passesOf,
  type SimulatedEpisode,
  simulateEpisode,
  type World,
} from './simulate-episode.ts';

const worlds: fc.Arbitrary<World> = fc.record({
  seed: fc.string({ minLength: 1 }),
  givenProgram: fc.boolean(),
  budget: fc.record({
    candidates: fc.option(fc.nat(12)),
    executions: fc.option(fc.nat(12)),
  }),
  outcomesMax: fc.option(fc.integer({ min: 1, max: 30 })),
  duplicates: fc.constantFrom(0, 0.2, 1),
  failures: fc.constantFrom(0, 0.1, 0.5),
  passes: fc.constantFrom(0, 0.05, 0.4),
});

const candidatesParam = fc.integer({ min: 1, max: 15 });
const turns = fc.integer({ min: 1, max: 5 });
const chainParams = fc.record(
  { candidates: candidatesParam, restartAfter: turns, memory: turns },
  { requiredKeys: ['candidates'] },
);
const usualParams = fc.record({ candidates: candidatesParam });
const paramsOf: Readonly<Record<string, fc.Arbitrary<{ candidates: number }>>> = {
  'best-of-n': fc.record({
    candidates: candidatesParam,
    stop: fc.constantFrom('public_pass', 'never'),
    width: fc.integer({ min: 1, max: 6 }),
  }),
  'sequential-feedback': chainParams,
  'unary-retry': chainParams,
};

/** Each draw may be asked for and fail `attemptsMax` times, and so may each execution; then a score and feedback. */
const eventsMaxOf = (candidates: number): number => (candidates + 1) * (4 * attemptsMax + 2) + 2;

interface Case {
  readonly params: { readonly candidates: number };
  readonly world: World;
  readonly episode: SimulatedEpisode;
}

/** Checks a law over simulated episodes; a counterexample prints its parameters, its world and the seed to see it again. */
function law(
  strategy: AnyStrategy,
  holds: (played: Case) => void,
  params: fc.Arbitrary<Case['params']> = paramsOf[strategy.name] ?? usualParams,
): void {
  fc.assert(
    fc.property(params, worlds, (chosen, world) => {
      const episode = simulateEpisode(strategy, chosen, world, eventsMaxOf(chosen.candidates));
      holds({ params: chosen, world, episode });
    }),
    { numRuns: 300 },
  );
}

describe.each(strategies)('$name, in any world', (strategy) => {
  it('ends within a bounded number of events, with exactly one answer, and asks for nothing after it', () => {
    law(strategy, ({ episode: { events, decisions } }) => {
      expect(events.filter(({ type }) => type === 'FinalPicked')).toHaveLength(1);
      expect(events.at(-1)?.type).toBe('FinalPicked');
      expect(decisions.at(-1)).toEqual({ after: events.length, commands: [] });
    });
  });

  it('asks for everything once: no candidate is adopted, run, scored or told of twice', () => {
    law(strategy, ({ episode }) => {
      const done = episode.events.flatMap((event) => {
        switch (event.type) {
          case 'ExecutionRequested':
            return event.data.key.attempt === 0 ? [`execute ${event.data.candidate}`] : [];
          case 'CandidateScored':
          case 'FeedbackComposed':
            return [`${event.type} ${event.data.candidate}`];
          case 'CandidateGenerated':
            return event.data.key === null ? ['adopt'] : [];
          default:
            return [];
        }
      });
      expect(new Set(done).size).toBe(done.length);
    });
  });

  it('draws no more than its parameter says, whatever fails or is rejected', () => {
    law(strategy, ({ params, episode }) => {
      const drawn = episode.events.filter(
        (event) => event.type === 'GenerationRequested' && event.data.key.attempt === 0,
      );
      expect(drawn.length).toBeLessThanOrEqual(params.candidates);
    });
  });

  it('runs, scores and shows only what exists, and shows feedback only as it was given', () => {
    law(strategy, ({ episode }) => {
      const known = new Set<string>();
      const words = new Map<string, string>();
      for (const event of episode.events) {
        if (event.type === 'CandidateGenerated') known.add(event.data.candidate);
        if (event.type === 'ExecutionRequested' || event.type === 'CandidateScored')
          expect(known).toContain(event.data.candidate);
        if (event.type === 'FeedbackComposed') words.set(event.data.candidate, event.data.text.digest);
        if (event.type !== 'GenerationRequested') continue;
        for (const { candidate, feedback } of event.data.dialogue) {
          expect(known).toContain(candidate);
          if (feedback !== null) expect(words.get(candidate)).toBe(feedback);
        }
      }
    });
  });

  it('answers with a public pass whenever it saw one, and claims none otherwise', () => {
    law(strategy, ({ episode: { events } }) => {
      const passes = passesOf(events);
      const answer = events.at(-1);
      if (answer?.type !== 'FinalPicked') throw new Error('no answer');
      const { candidate, publicPass, reason } = answer.data;
      expect(publicPass).toBe(passes.size > 0);
      expect(passes.has(candidate ?? '')).toBe(publicPass);
      expect(reason === 'public_pass').toBe(publicPass);
      const anyCandidate = events.some(({ type }) => type === 'CandidateGenerated');
      expect(candidate === null).toBe(!anyCandidate);
      expect(reason === 'no_candidate').toBe(!anyCandidate);
    });
  });

  it('answers with the highest score, the earliest of equals, where nothing passed', () => {
    law(strategy, ({ episode: { events } }) => {
      if (passesOf(events).size > 0) return;
      const scores = new Map<string, number>();
      for (const event of events) {
        if (event.type === 'CandidateGenerated') scores.set(event.data.candidate, -1);
        if (event.type === 'CandidateScored') scores.set(event.data.candidate, event.data.value);
      }
      let best: string | null = null;
      for (const [candidate, score] of scores)
        if (best === null || score > (scores.get(best) ?? -1)) best = candidate;
      expect(events.at(-1)?.data).toMatchObject({ candidate: best });
    });
  });

  it('decides on every prefix of the history, folded anew, exactly what it decided then', () => {
    law(strategy, ({ params, world, episode: { events, decisions, finalState } }) => {
      const task = world.givenProgram ? repairTask : blankTask;
      let state = strategy.initialState(task, strategy.params.parse(params), world.seed);
      let folded = 0;
      for (const { after, commands } of decisions) {
        for (const event of events.slice(folded, after)) state = strategy.evolve(state, event);
        folded = after;
        expect(strategy.decide(state)).toEqual(commands);
      }
      expect(state).toEqual(finalState);
    });
  });

  it('keeps a state that is plain JSON: written, read back and gone on with it decides the same', () => {
    law(strategy, ({ params, world, episode: { events, decisions } }) => {
      const task = world.givenProgram ? repairTask : blankTask;
      let state = strategy.initialState(task, strategy.params.parse(params), world.seed);
      let folded = 0;
      for (const { after, commands } of decisions) {
        for (const event of events.slice(folded, after)) {
          const text = canonicalJson(state);
          state = JSON.parse(text);
          expect(canonicalJson(state)).toBe(text);
          state = strategy.evolve(state, event);
        }
        folded = after;
        expect(strategy.decide(state)).toEqual(commands);
      }
    });
  });
});

describe('the chain', () => {
  it.each(['sequential-feedback', 'unary-retry'])(
    'of %s conditions every candidate on all before it, each with its feedback unless it could not be run',
    (name) => {
      law(
        strategyNamed(name),
        ({ episode: { events } }) => {
          const made: string[] = [];
          const unrunnable = new Set<string>();
          for (const event of events) {
            if (event.type === 'CandidateGenerated') made.push(event.data.candidate);
            if (event.type === 'ExecutionFailed' && event.data.final) unrunnable.add(event.data.candidate);
            if (event.type !== 'GenerationRequested') continue;
            const { dialogue, parent } = event.data;
            expect(dialogue.map(({ candidate }) => candidate)).toEqual(made);
            expect(parent).toBe(made.at(-1) ?? null);
            for (const { candidate, feedback } of dialogue)
              expect(feedback === null).toBe(unrunnable.has(candidate));
          }
        },
        usualParams,
      );
    },
  );

  it('never has two effects under way', () => {
    law(strategyNamed('sequential-feedback'), ({ episode: { events } }) => {
      let underWay = 0;
      for (const { type } of events) {
        if (type === 'GenerationRequested' || type === 'ExecutionRequested') underWay += 1;
        if (/^(ExecutionFinished|ExecutionFailed|GenerationFailed|CandidateRejected)$/.test(type))
          underWay -= 1;
        if (type === 'CandidateGenerated' && underWay > 0) underWay -= 1;
        expect(underWay).toBeLessThanOrEqual(1);
      }
    });
  });
});

describe('best-of-n', () => {
  it('conditions nothing on anything', () => {
    law(strategyNamed('best-of-n'), ({ episode: { events } }) => {
      for (const event of events)
        if (event.type === 'GenerationRequested')
          expect(event.data).toMatchObject({ parent: null, dialogue: [] });
    });
  });
});
