import type { Execution, Sandbox } from '../../sandbox/sandbox.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import type { Generator } from '../../src/generators/generator.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { HiddenTests } from '../../src/tasks/hidden-tests.ts';
import type { Task } from '../../src/tasks/task.ts';

const publicCases = 5;
const statements = 40;
const program = Array.from(
  { length: statements },
  (_, line) => `  total += values[${line}] * ${line};\n`,
).join('');

/** A task of the size of the starter suite's. */
export function loopTask(index: number): Task {
  const cases = (count: number) =>
    Array.from({ length: count }, (_, number) => ({
      ...{ id: `case-${number}`, call: `sum([${number}, 2, 3, 4])`, expected: String(number + 9) },
    }));
  return {
    view: {
      ...{ id: `bench/${index}`, language: 'javascript', entryPoint: 'sum', prelude: '' },
      statement: `Add up a list of numbers, each times its place (variant ${index}).`,
      givenProgram: `function sum(values) {\n${program}}\n`,
      publicTests: { kind: 'cases', cases: cases(publicCases) },
      limits: { wallMs: 10_000, steps: 5_000_000, memoryBytes: 268_435_456, outputBytes: 65_536 },
      tags: {},
    },
    hidden: new HiddenTests({ kind: 'cases', cases: cases(2 * publicCases) }),
    reference: null,
  };
}

/** Answers at once, with another program every time. */
export function instantGenerator(): Generator {
  return {
    ref: { name: 'instant', version: 1, config: {} },
    async generate({ sample, seed }) {
      const text = `function sum(values) {\n${program}}\n// ${seed} ${sample}\n`;
      return { program: text, note: `sample ${sample}`, usage: { inputTokens: 0, outputTokens: 0 } };
    },
    async close() {},
  };
}

/** Fails every public test at once, with coverage as a real execution reports it. */
export function instantSandbox(): Sandbox {
  const fingerprint: Fingerprint = {
    ...{ driver: 'instant', language: 'javascript', package: 'none', version: '1' },
    moduleDigest: sha256Hex('instant'),
    container: null,
  };
  const output = { text: '', bytesTotal: 0, truncated: false };
  return {
    languages: ['javascript'],
    fingerprint: async () => fingerprint,
    async execute({ tests, coverage }): Promise<Execution> {
      const cases = tests.kind === 'cases' ? tests.cases : [];
      return {
        wallMs: 0,
        result: {
          ...{ outcome: 'failed', error: null, stdout: output, stderr: output, steps: 100 },
          tests: cases.map(({ id, call, expected }) => ({
            ...{ id, status: 'failed', input: call, expected, actual: '0', exception: null, steps: 20 },
            covered: coverage ? Array.from({ length: statements }, (_, index) => index) : null,
          })),
          statements: coverage
            ? Array.from({ length: statements }, (_, index) => ({ start: index * 40, end: index * 40 + 38 }))
            : null,
        },
      };
    },
    async close() {},
  };
}
