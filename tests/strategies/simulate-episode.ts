import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { EffectKey } from '../../src/events/shapes.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import type { AnyStrategy, Command } from '../../src/strategies/strategy.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { withAmbientForbidden } from '../support/with-ambient-forbidden.ts';
import {
  adopted,
  askedToExecute,
  askedToGenerate,
  blankTask,
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
} from './episode-events.ts';

/** What may happen in a simulated episode; shares are in [0, 1]. */
export interface World {
  readonly seed: string;
  readonly givenProgram: boolean;
  readonly budget: { readonly candidates: number | null; readonly executions: number | null };
  /** Number of outcomes after which the time is spent. */
  readonly outcomesMax: number | null;
  readonly duplicates: number;
  readonly failures: number;
  readonly passes: number;
}

export interface SimulatedEpisode {
  readonly events: readonly EpisodeEvent[];
  /** What was asked for after how many events. */
  readonly decisions: readonly { readonly after: number; readonly commands: readonly Command[] }[];
  readonly finalState: unknown;
}

type Requested = Extract<EpisodeEvent, { type: 'GenerationRequested' | 'ExecutionRequested' }>;

export const attemptsMax = 3;

/**
 * Plays the loop around a strategy as the runtime would, with outcomes drawn from a seed: in any order, with failures and
 * repetitions, duplicates, and budgets that run out in the middle.
 *
 * @throws Error when the strategy stalls, or when the episode exceeds `eventsMax`
 */
export function simulateEpisode(
  strategy: AnyStrategy,
  params: unknown,
  world: World,
  eventsMax: number,
): SimulatedEpisode {
  const simulation = new Simulation(strategy, params, world, eventsMax);
  return simulation.run();
}

class Simulation {
  readonly #strategy: AnyStrategy;
  readonly #world: World;
  readonly #eventsMax: number;
  readonly #random: Random;
  readonly #events: EpisodeEvent[] = [];
  readonly #decisions: { after: number; commands: readonly Command[] }[] = [];
  #state: unknown;
  #pending: Requested[] = [];
  #ordinal = 0;
  readonly #spent = { candidates: 0, executions: 0, outcomes: 0 };
  #exhausted = false;
  #named = 0;

  constructor(strategy: AnyStrategy, params: unknown, world: World, eventsMax: number) {
    this.#strategy = strategy;
    this.#world = world;
    this.#eventsMax = eventsMax;
    this.#random = seededRandom(world.seed);
    const task = world.givenProgram ? repairTask : blankTask;
    this.#state = deepFreeze(strategy.initialState(task, strategy.params.parse(params), world.seed));
  }

  run(): SimulatedEpisode {
    while (!this.#finished()) {
      const commands = this.#decide();
      for (const command of commands) if (!this.#issue(command)) break;
      if (commands.length === 0) this.#settleOne();
    }
    this.#decide();
    return { events: this.#events, decisions: this.#decisions, finalState: this.#state };
  }

  #finished(): boolean {
    return this.#events.at(-1)?.type === 'FinalPicked';
  }

  #decide(): readonly Command[] {
    const commands = withAmbientForbidden(() => this.#strategy.decide(this.#state));
    this.#decisions.push({ after: this.#events.length, commands });
    return commands;
  }

  #apply(event: EpisodeEvent): void {
    if (this.#events.length >= this.#eventsMax) throw new Error(`more than ${this.#eventsMax} events`);
    this.#events.push(deepFreeze(event));
    this.#state = withAmbientForbidden(() => deepFreeze(this.#strategy.evolve(this.#state, event)));
  }

  /** False when the budget ended before the command: the strategy is then asked again. */
  #issue(command: Command): boolean {
    switch (command.kind) {
      case 'adopt':
        this.#apply(adopted('given'));
        return true;
      case 'generate': {
        const { candidates } = this.#world.budget;
        if (this.#overspends(candidates, this.#spent.candidates + command.count, 'candidates')) return false;
        this.#spent.candidates += command.count;
        const ordinal = this.#ordinal++;
        for (let occurrence = 0; occurrence < command.count; occurrence += 1)
          this.#request(askedToGenerate(key(ordinal, occurrence), command.dialogue, command.parent));
        return true;
      }
      case 'execute': {
        const { executions } = this.#world.budget;
        if (this.#overspends(executions, this.#spent.executions + 1, 'executions')) return false;
        this.#spent.executions += 1;
        this.#request(about(command.candidate, askedToExecute(key(this.#ordinal++), '')));
        return true;
      }
      case 'score': {
        this.#apply(
          about(command.candidate, scored(command.execution, '', this.#scoreOf(command.execution))),
        );
        return true;
      }
      case 'compose-feedback': {
        this.#apply(
          about(
            command.candidate,
            told(command.execution, '', `said at ${this.#events.length}`, command.level),
          ),
        );
        return true;
      }
      case 'finish': {
        this.#apply(about(command.candidate, picked(null, command.publicPass, command.reason)));
        return true;
      }
    }
  }

  #overspends(limit: number | null, wanted: number, kind: 'candidates' | 'executions'): boolean {
    if (this.#exhausted || limit === null || wanted <= limit) return false;
    this.#exhausted = true;
    this.#apply(exhausted(kind, limit, limit));
    return true;
  }

  #request(event: EpisodeEvent): void {
    this.#pending.push(event as Requested);
    this.#apply(event);
  }

  #scoreOf(at: EffectKey): number {
    const finished = this.#events.findLast(
      (event) => event.type === 'ExecutionFinished' && event.data.key === at,
    );
    if (finished?.type !== 'ExecutionFinished') throw new Error('scored an execution that did not finish');
    return finished.data.passed / finished.data.total;
  }

  /** Time runs out, or one of the effects under way, any of them, comes to an end. */
  #settleOne(): void {
    this.#spent.outcomes += 1;
    if (!this.#exhausted && this.#spent.outcomes === this.#world.outcomesMax) {
      this.#exhausted = true;
      this.#apply(exhausted('wallTime'));
      return;
    }
    if (this.#pending.length === 0) throw new Error('asked for nothing although nothing is under way');
    const request = this.#random.pick(this.#pending);
    this.#pending = this.#pending.filter((other) => other !== request);
    if (this.#random.float() < this.#world.failures) this.#fail(request);
    else if (request.type === 'GenerationRequested') this.#generate(request.data.key);
    else this.#execute(request);
  }

  #fail(request: Requested): void {
    const at = request.data.key;
    const final = at.attempt + 1 >= attemptsMax || this.#random.float() < 0.3;
    if (request.type === 'GenerationRequested') this.#apply(generationFailed(at, final));
    else this.#apply(about(request.data.candidate, executionFailed(at, '', final)));
    if (final) return;
    const again = { ...request, data: { ...request.data, key: { ...at, attempt: at.attempt + 1 } } };
    this.#request(again as Requested);
  }

  #generate(at: EffectKey): void {
    if (this.#random.float() < this.#world.duplicates) this.#apply(rejected(at, 'known'));
    else this.#apply(generated(at, `program ${this.#named++}`));
  }

  #execute({ data }: Extract<Requested, { type: 'ExecutionRequested' }>): void {
    const total = 4;
    const passed = this.#random.float() < this.#world.passes ? total : this.#random.int(0, total - 1);
    this.#apply(about(data.candidate, executed(data.key, '', passed, total)));
  }
}

/** Commands name candidates by digest, the builders by content: here only the digest is known. */
function about(candidate: Digest | null, event: EpisodeEvent): EpisodeEvent {
  return { ...event, data: { ...event.data, candidate } } as EpisodeEvent;
}

/** Candidates that passed the public tests, by digest. */
export function passesOf(events: readonly EpisodeEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) =>
      event.type === 'ExecutionFinished' && event.data.outcome === 'passed' ? [event.data.candidate] : [],
    ),
  );
}
