import type { ExecutionRequest } from '../../../sandbox/sandbox.ts';
import type { TestSpec } from '../../../src/events/test-spec.ts';
import { casesOf, requestOf } from '../execution-request.ts';
import type { Ending, HostileProgram } from './hostile-program.ts';

/** The case that only holds the secret; every set of cases has it. */
export const secretCase = 'secret';

/** What is sent to a sandbox for a program, with this host's facts and a secret of its own in its tests. */
export function hostileRequest(
  row: HostileProgram,
  answer: string | undefined,
  facts: Readonly<Record<string, string>>,
): ExecutionRequest {
  const fill = (text: string): string =>
    text.replaceAll(/\{\{([A-Z]+)\}\}/gu, (all, name: string) => facts[name] ?? all);
  const tests = row.tests ?? casesFor(answer ?? (row.isProbe === true ? 'no answer' : undefined));
  return requestOf(row.language, fill(row.program), fillTests(tests, fill), {
    limits: { outputBytes: 20_000, ...row.limits },
    coverage: row.coverage ?? false,
  });
}

export const endingOf = (row: HostileProgram, driver: 'wasm' | 'execution' | 'batch'): Ending =>
  row.expected[driver] ?? row.expected.docker;

function casesFor(answer: string | undefined): TestSpec {
  const tests =
    answer === undefined
      ? casesOf(['f(1)', '1'], ['f(2)', '2'])
      : casesOf(['attempt()', JSON.stringify(answer)]);
  if (tests.kind !== 'cases') return tests;
  const literal = '"{{SECRET}}"';
  return { kind: 'cases', cases: [...tests.cases, { id: secretCase, call: literal, expected: literal }] };
}

function fillTests(tests: TestSpec, fill: (text: string) => string): TestSpec {
  if (tests.kind === 'asserts') return { ...tests, source: fill(tests.source) };
  if (tests.kind !== 'cases') return tests;
  const cases = tests.cases.map(({ id, call, expected }) => ({
    id,
    call: fill(call),
    expected: fill(expected),
  }));
  return { kind: 'cases', cases };
}
