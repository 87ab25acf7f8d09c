import { afterAll, beforeAll } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import { pythonRequest, type RequestParts } from './python-request.ts';

/** A boot takes two seconds of one core; test machines may be busy with other files. */
export const BOOT_TIMEOUT_MS = 120_000;

/** A sandbox for the tests of one file. */
export function useSandbox(workers: number): {
  readonly sandbox: () => Sandbox;
  readonly run: (parts: RequestParts) => Promise<ExecutionResult>;
  /** Runs a program against a script of assertions. */
  readonly check: (program: string, source: string, more?: RequestParts) => Promise<ExecutionResult>;
  /** Evaluates an expression over a program and gives its repr; fails loudly when it raises. */
  readonly evaluate: (program: string, expression: string, more?: RequestParts) => Promise<string>;
} {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = createWasmSandbox({ workers, languages: ['python'] });
    await sandbox.fingerprint('python');
  }, BOOT_TIMEOUT_MS);
  afterAll(() => sandbox.close());
  const run = async (parts: RequestParts): Promise<ExecutionResult> =>
    (await sandbox.execute(pythonRequest(parts))).result;
  return {
    sandbox: () => sandbox,
    run,
    check: (program, source, more = {}) =>
      run({ program, tests: { kind: 'asserts', source, invoke: null }, ...more }),
    evaluate: async (program, expression, more = {}) => {
      const result = await run({
        program,
        tests: { kind: 'cases', cases: [{ id: 'x', call: expression, expected: 'None' }] },
        ...more,
      });
      const actual = result.tests[0]?.actual;
      if (actual === null || actual === undefined) throw new Error(JSON.stringify(result));
      return actual;
    },
  };
}
