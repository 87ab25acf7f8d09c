import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { StrategyRef } from '../../src/events/run.ts';
import type { Budget } from '../../src/events/shapes.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { strategies, strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { randomPorts, randomTasks } from '../strategies/scripted/random-world.ts';
import { allEvents, openDesk, planRuns, unlimited, workOn } from '../strategies/scripted/scripted-runs.ts';

class Died extends Error {}

export interface RandomHistory {
  readonly events: readonly AnyRecordedEvent[];
  readonly runs: readonly StreamName[];
}

/** What is run, drawn from `seed`; the other fields change how it comes about, not what it comes to. */
export interface HistoryOptions {
  readonly seed: string;
  readonly ids: string;
  readonly delays: string;
  readonly concurrency: number;
  /** Number of events after which a session dies or is paused, one entry a session; then it is left to finish. */
  readonly interruptions: readonly { readonly after: number; readonly how: 'die' | 'pause' }[];
  readonly budget?: Budget;
  readonly strategies?: readonly StrategyRef[];
  readonly patience?: number;
  readonly failuresMax?: number;
}

/** A history as it really comes about: the loop itself, on a memory ledger, with ports that answer from a seed. */
export async function randomHistory(options: HistoryOptions): Promise<RandomHistory> {
  const { seed, concurrency, delays, interruptions } = options;
  const random = seededRandom(`history ${seed}`);
  const desk = await openDesk(options.ids);
  const runs = await planRuns(desk, {
    tasks: randomTasks(seed, random.int(1, 3)),
    strategies: options.strategies ?? [randomStrategy(seed)],
    seed,
    budget: options.budget ?? randomBudget(seed),
  });
  const { failuresMax = 3, patience = 3 } = options;
  const ports = randomPorts({ seed, delays, patience, failuresMax });
  for (const run of runs) {
    for (const { after, how } of [...interruptions, null].map(
      (known) => known ?? { after: Infinity, how: null },
    )) {
      const pause = new AbortController();
      let left = after;
      const onEvent = (): void => {
        left -= 1;
        if (left > 0) return;
        if (how === 'die') throw new Died();
        pause.abort();
      };
      try {
        await workOn(desk, run, { ...ports, concurrency, pause: pause.signal, onEvent });
      } catch (error) {
        if (!(error instanceof Died)) throw error;
      }
    }
  }
  return { events: await allEvents(desk), runs };
}

function randomStrategy(seed: string): StrategyRef {
  const random = seededRandom(`strategy ${seed}`);
  const { name } = random.pick(strategies);
  const candidates = random.int(1, 6);
  return strategyRef(
    strategyNamed(name),
    name === 'best-of-n'
      ? { candidates, width: random.int(1, 3), stop: random.pick(['public_pass', 'never'] as const) }
      : { candidates },
  );
}

function randomBudget(seed: string): Budget {
  const random = seededRandom(`budget ${seed}`);
  if (random.int(0, 1) === 0) return unlimited;
  return {
    candidates: random.int(0, 6),
    executions: random.int(0, 6),
    tokens: random.int(0, 200),
    stepsPerExecution: null,
  };
}
