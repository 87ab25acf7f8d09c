import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import { assertsOf, requestOf } from '../execution-request.ts';

interface Row {
  readonly task_id: string;
  readonly declaration: string;
  readonly canonical_solution: string;
  readonly buggy_solution: string;
  readonly test: string;
  readonly example_test: string;
}

const file = resolve(import.meta.dirname, '../../../../shared/data/humanevalpack-js/humanevalpack.jsonl');
if (!existsSync(file)) console.warn(`Skipped: the data set is absent (${file}).`);

/** What the data's own description says of plain Node, found again here. */
describe.skipIf(!existsSync(file))('HumanEvalPack JavaScript', () => {
  let sandbox: Sandbox;
  let rows: readonly Row[] = [];
  beforeAll(() => {
    sandbox = createWasmSandbox({ workers: 2, languages: ['javascript'] });
    rows = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
  });
  afterAll(() => sandbox.close());

  const runAll = (
    program: (row: Row) => string,
    test: (row: Row) => string,
    steps: number,
  ): Promise<ExecutionResult[]> =>
    Promise.all(
      rows.map(async (row) => {
        const limits = { wallMs: 60_000, steps };
        const request = requestOf('javascript', row.declaration + program(row), assertsOf(test(row)), {
          limits,
          coverage: true,
        });
        return (await sandbox.execute(request)).result;
      }),
    );
  const where = (
    results: readonly ExecutionResult[],
    holds: (result: ExecutionResult, index: number) => boolean,
  ): number[] => results.flatMap((result, index) => (holds(result, index) ? [index] : []));

  it('passes 163 of 164 canonical solutions; the other needs an md5 module', async () => {
    const results = await runAll(
      (row) => row.canonical_solution,
      (row) => row.test,
      20_000_000,
    );
    expect(where(results, (result) => result.outcome !== 'passed')).toEqual([162]);
    expect(results[162]?.tests[0]?.exception?.message).toBe("Cannot find module 'js-md5'");
  }, 120_000);

  it('finds the buggy programs that pass in public and fail in hiding, that throw, and that run forever', async () => {
    const shown = await runAll(
      (row) => row.buggy_solution,
      (row) => row.example_test,
      300_000,
    );
    const hidden = await runAll(
      (row) => row.buggy_solution,
      (row) => row.test,
      300_000,
    );
    expect(where(hidden, (result) => result.outcome === 'passed')).toEqual([]);
    expect(where(shown, (result) => result.outcome === 'passed')).toEqual([
      51, 64, 81, 89, 91, 92, 108, 112, 125, 127, 136, 138, 141, 149, 157,
    ]);
    const forever = where(hidden, (result) => result.outcome === 'timeout');
    expect(forever.filter((index) => index !== 75)).toEqual([10, 25, 76, 155, 156]);
    const throwing = where(
      hidden,
      (result) =>
        result.error?.type !== 'StepLimitExceeded' &&
        (result.error !== null || result.tests.some(({ status }) => status === 'error')),
    );
    expect(throwing).toEqual([15, 26, 109, 113, 144, 162]);
    expect(where([...hidden, ...shown], (result) => result.outcome === 'sandbox_error')).toEqual([]);
  }, 120_000);

  it('takes an empty test for a failure', async () => {
    const results = await runAll(
      (row) => row.canonical_solution,
      (row) => row.example_test,
      300_000,
    );
    expect(where(results, (result) => result.tests.length === 0)).toEqual([38, 41, 50, 83, 84, 160]);
    expect(where(results, (result) => result.outcome !== 'passed')).toEqual([38, 41, 50, 83, 84, 160, 162]);
  }, 60_000);
});
