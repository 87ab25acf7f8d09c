import type { ExecutionRequest, ResourceUsage, Sandbox } from '../../sandbox/sandbox.ts';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import type { GeneratedCandidate, GenerationRequest, Generator } from '../../src/generators/generator.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { Task } from '../../src/tasks/task.ts';
import {
  executeHandling,
  handlingTask,
  inputsHandledBy,
  programHandling,
} from '../strategies/scripted/handling-programs.ts';
import {
  scriptedFingerprint,
  scriptedGenerator,
  scriptedSandbox,
} from '../strategies/scripted/scripted-ports.ts';

/**
 * What happens in the golden ledger. Every rule looks at its request alone (and at how often it was asked), so that the
 * same story is told each time: one task is repaired step by step, one has nothing to start from, one runs out of
 * candidates, one breaks its sandbox at first, nobody can write anything for one, and one breaks its sandbox whenever it is
 * graded.
 */
const broken = 99;

export const goldenTasks: readonly Task[] = [
  described(handlingTask({ id: 'golden/repair', publicTests: 4, hiddenTests: 5, given: [0, 2] })),
  handlingTask({ id: 'golden/blank', publicTests: 2, hiddenTests: 2, given: null }),
  handlingTask({ id: 'golden/barren', publicTests: 3, hiddenTests: 3, given: [1] }),
  handlingTask({ id: 'golden/shaky', publicTests: 2, hiddenTests: 2, given: [] }),
  handlingTask({ id: 'golden/nothing', publicTests: 1, hiddenTests: 1, given: null }),
  handlingTask({ id: 'golden/ungradable', publicTests: 1, hiddenTests: broken + 1, given: [0] }),
];

/** Every placeholder of a task, two braces that are meant as such, and letters of more than one byte. */
export const goldenTemplate = `„{{task}}“ in {{language}}: write \\{{{{entryPoint}}}}.
{{#givenProgram}}
Mend this:
{{givenProgram}}
{{/givenProgram}}
{{statement}}

{{publicTests}}
`;

/** Text that an encoder can get wrong: quotes, controls, letters of one to four bytes. */
function described(task: Task): Task {
  const statement = 'Handle "everything" \\ nothing;\n\ttabs, \u0007, é, Ω, 水, 😀 and \u2028.';
  return { ...task, view: { ...task.view, statement } };
}

export function goldenGenerator(): Generator {
  return scriptedGenerator(write);
}

function write({ task, sample, dialogue }: GenerationRequest): GeneratedCandidate {
  if (task.id === 'golden/barren' && sample > 0) {
    throw new PawlError('GENERATOR_EXHAUSTED', 'The story has no more candidates for "golden/barren".');
  }
  if (task.id === 'golden/nothing') {
    throw new PawlError('GENERATOR_UNSUITABLE', 'The story has nothing to say about "golden/nothing".');
  }
  const last = dialogue.at(-1);
  const known = inputsHandledBy(last?.program ?? task.givenProgram ?? '');
  const shown = /^FAIL \S+: f\((\d+)\)$/m.exec(last?.feedback?.text ?? '')?.[1];
  // Every third sample says the same as before; what is told only "wrong" tries one input after the other.
  const added = sample % 3 === 1 ? [] : [shown === undefined ? sample : Number(shown)];
  const silent = task.id === 'golden/blank' && sample === 0;
  return {
    program: silent ? ' \n' : programHandling([...known, ...added]),
    ...(task.id === 'golden/blank' ? { completion: `Here – for „${task.id}“:\n\n…` } : {}),
    note: added.length === 0 ? 'the same again – “déjà vu” 😀' : `handles ${added} as well`,
    usage: { inputTokens: 100 + sample, outputTokens: 7 },
  };
}

export function goldenSandbox(interpreter = scriptedFingerprint): Sandbox {
  const asked = new Map<string, number>();
  const sandbox = scriptedSandbox((request) => {
    const times = (asked.get(request.seed) ?? 0) + 1;
    asked.set(request.seed, times);
    if (isUngradable(request)) throw new PawlError('SANDBOX_FAILED', 'The worker ended with exit code 1.');
    if (request.prelude === '// golden/shaky' && times === 1 && request.coverage)
      throw new PawlError('SANDBOX_FAILED', 'The worker did not answer.');
    const result = executeHandling(request);
    return request.program.includes('1') ? result : noisy(result);
  });
  return {
    ...sandbox,
    fingerprint: async () => interpreter,
    execute: async (request, signal) => {
      const execution = await sandbox.execute(request, signal);
      return request.prelude === '// golden/blank' ? { ...execution, usage } : execution;
    },
  };
}

/** What a driver counted that has no counter of disk reads, and one of instructions. */
const usage: ResourceUsage = {
  ...{ cpuMs: 21.5, peakBytes: 33_554_432, minorFaults: 1_204, majorFaults: null, instructions: 48_000_000 },
};

function isUngradable({ tests }: ExecutionRequest): boolean {
  return tests.kind === 'cases' && tests.cases.length > broken;
}

function noisy(result: ExecutionResult): ExecutionResult {
  const stderr = { text: 'Warnung: 1 fehlt\n', bytesTotal: 70_000, truncated: true };
  const failing = result.tests.find(({ status }) => status === 'failed');
  if (failing === undefined) return { ...result, stderr };
  const exception = { type: 'TypeError', message: 'undefined is not a function', line: 1 };
  const tests = result.tests.map((test) =>
    test === failing ? { ...test, status: 'error' as const, actual: null, exception } : test,
  );
  return { ...result, outcome: 'error', tests, stderr, error: exception };
}
