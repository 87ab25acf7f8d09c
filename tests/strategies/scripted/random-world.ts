import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import type { Generator } from '../../../src/generators/generator.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { type Random, seededRandom } from '../../../src/kernel/random.ts';
import type { Task } from '../../../src/tasks/task.ts';
import { executeHandling, handlingTask, inputsHandledBy, programHandling } from './handling-programs.ts';
import { scriptedGenerator, scriptedSandbox } from './scripted-ports.ts';

/**
 * Ports whose answers are drawn from a seed and the request alone, so that two sessions, in whatever order they ask, get
 * the same. `patience` puts off every answer by up to so many turns of the event loop, drawn from `delays`.
 */
export interface RandomWorld {
  readonly seed: string;
  readonly delays: string;
  readonly patience: number;
  /** How often one execution may fail before it goes through; with 3, some never do. */
  readonly failuresMax: number;
}

export function randomTasks(seed: string, count: number): readonly Task[] {
  const random = seededRandom(`tasks ${seed}`);
  return Array.from({ length: count }, (_, index) => {
    const publicTests = random.int(1, 5);
    const inputs = Array.from({ length: publicTests }, (_, input) => input);
    return handlingTask({
      ...{ id: `task-${index}`, publicTests, hiddenTests: publicTests + random.int(0, 2) },
      given: random.int(0, 3) === 0 ? null : inputs.filter(() => random.float() < 0.5),
    });
  });
}

export function randomPorts(world: RandomWorld): {
  readonly generator: Generator;
  readonly sandbox: Sandbox;
} {
  const delays = seededRandom(`delays ${world.delays}`);
  return { generator: randomGenerator(world, delays), sandbox: randomSandbox(world, delays) };
}

function randomGenerator({ seed, patience }: RandomWorld, delays: Random): Generator {
  return scriptedGenerator(async ({ task, seed: own, dialogue }) => {
    const random = seededRandom(`write ${seed} ${own}`);
    await wait(delays.int(0, patience));
    const chance = random.float();
    if (chance < 0.03) throw new PawlError('GENERATOR_EXHAUSTED', 'Nothing is left to write.');
    if (chance < 0.05) throw new Error('a defect of the generator');
    const usage = { inputTokens: random.int(0, 50), outputTokens: random.int(0, 9) };
    if (chance < 0.08) return { program: ' ', note: 'nothing', usage };
    const known = inputsHandledBy(dialogue.at(-1)?.program ?? task.givenProgram ?? '');
    const added = Array.from({ length: random.int(0, 2) }, () => random.int(0, 7));
    return { program: programHandling([...known, ...added]), note: `added ${added.join(' ')}`, usage };
  });
}

function randomSandbox({ seed, patience, failuresMax }: RandomWorld, delays: Random): Sandbox {
  const failedBefore = new Map<string, number>();
  return scriptedSandbox(async (request) => {
    const random = seededRandom(`execute ${seed} ${request.seed}`);
    await wait(delays.int(0, patience));
    // One request in seven fails at first; what it shows when it goes through is always the same.
    const failures = random.int(0, 6) === 0 ? random.int(0, failuresMax) : 0;
    const failed = failedBefore.get(request.seed) ?? 0;
    if (failed < failures) {
      failedBefore.set(request.seed, failed + 1);
      throw new PawlError('SANDBOX_FAILED', 'The worker went away.');
    }
    failedBefore.delete(request.seed);
    const result = executeHandling(request);
    return seededRandom(`break ${seed} ${request.seed}`).int(0, 9) === 0 ? broken(result) : result;
  });
}

function broken(result: ExecutionResult): ExecutionResult {
  const error = { type: 'RangeError', message: 'out of range', line: 1 };
  const tests = result.tests.map((test) => ({ ...test, status: 'not_run' as const, actual: null, steps: 0 }));
  return { ...result, outcome: 'error', tests, error, steps: 1 };
}

async function wait(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
