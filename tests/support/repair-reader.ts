import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { TaskView } from '../../src/events/task-view.ts';
import type { TestCase } from '../../src/events/test-spec.ts';
import type { GeneratedCandidate, GenerationRequest } from '../../src/generators/generator.ts';
import { createGenerator } from '../../src/generators/registry.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { type ReadPrompt, readRepairPrompt } from './read-repair-prompt.ts';

/** Edits that it thinks through before it answers. */
const thoughtsMax = 12;
const limits = { wallMs: 5000, steps: 20_000, memoryBytes: 64 * 1024 * 1024, outputBytes: 4096 };

/** Somebody who repairs programs and knows nothing but what a prompt says. */
export interface RepairReader {
  /** The same for equal prompts and seeds. */
  answer(prompt: string, seed: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Told which tests failed and how, it prefers edits that fit, and thinks some of them through on just the failures it was told
 * of before it says one. Told nothing of failures, it draws among the edits of the programs it was shown.
 */
export async function openRepairReader(): Promise<RepairReader> {
  const repair = await createGenerator('repair');
  const sandbox = createWasmSandbox({ workers: 2, languages: ['javascript'] });
  const never = new AbortController().signal;

  async function isMended({ program }: GeneratedCandidate, told: readonly TestCase[]): Promise<boolean> {
    const { result } = await sandbox.execute({
      ...{ language: 'javascript', prelude: '', program, limits, seed: 'thought', coverage: false },
      tests: { kind: 'cases', cases: [...told] },
    });
    return result.outcome === 'passed';
  }

  async function proposal(request: GenerationRequest, told: readonly TestCase[]) {
    const first = await repair.generate(request, never);
    let thought: GeneratedCandidate = first;
    for (let more = 0; told.length > 0 && more < thoughtsMax; more += 1) {
      if (await isMended(thought, told)) return thought;
      thought = await repair.generate({ ...request, sample: request.sample + more + 1 }, never);
    }
    return first;
  }

  return {
    answer: async (prompt, seed) => {
      const read = readRepairPrompt(prompt);
      const request = requestFrom(read, prompt, seed);
      if (request === null) return 'There is no program in this that I could repair.';
      try {
        const { program, note } = await proposal(request, toldFailures(read));
        return `I would change this: ${note}.\n\n\`\`\`javascript\n${program.trimEnd()}\n\`\`\`\n`;
      } catch (error) {
        if (isPawlError(error)) return `I have nothing left to try. ${error.message}`;
        throw error;
      }
    },
    close: () => sandbox.close(),
  };
}

/** What was asked and what should have come, each once. */
function toldFailures({ programs }: ReadPrompt): readonly TestCase[] {
  const told = new Map<string, TestCase>();
  for (const { execution } of programs) {
    for (const { id, status, input, expected } of execution?.tests ?? []) {
      if (status === 'passed' || expected === null || `${input}${expected}`.includes('… (')) continue;
      told.set(input, { id, call: input, expected });
    }
  }
  return [...told.values()];
}

function requestFrom(
  { programs, tests }: ReadPrompt,
  prompt: string,
  seed: string,
): GenerationRequest | null {
  const [given] = programs;
  if (given === undefined) return null;
  const task: TaskView = {
    ...{
      id: 'prompt',
      language: 'javascript',
      entryPoint: 'f',
      statement: '',
      prelude: '',
      tags: {},
      limits,
    },
    ...{ givenProgram: given.program, publicTests: { kind: 'cases', cases: [...tests] } },
  };
  const shown = programs.filter(({ execution }, index) => index > 0 || execution !== null);
  const dialogue = shown.map(({ program, feedback, execution }) => ({
    ...{ candidate: sha256Hex(program), program },
    feedback: execution === null ? null : { text: feedback, execution },
  }));
  const sample = programs.length - 1;
  return { task, seed, episodeSeed: seed, sample, parent: null, prompt, dialogue };
}
