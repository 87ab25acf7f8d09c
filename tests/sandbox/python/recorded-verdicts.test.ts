import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { publicDataExists, publicDataMessage } from '../../tasks/public-data.ts';
import { pythonRequest } from './python-request.ts';
import { useSandbox } from './python-sandbox.ts';

const directory = join(repositoryRoot, '..', 'shared', 'data');
const TEST_TIMEOUT_MS = 600_000;
const long = process.env['PAWL_LONG'] === '1';
/** Ends an endless loop of the sample after the same work on any machine; a canonical solution takes 13 million. */
const STEPS_MAX = 30_000_000;
/** Rows of each file in a quick run. */
const SAMPLE_SIZE = 30;

interface Row {
  readonly task_id: string;
  readonly entry_point: string;
  readonly test: string;
  readonly solution: string;
  readonly is_solved: boolean;
}

/** Where this interpreter differs from the one that recorded, and why that is right. */
const explained: Readonly<Record<string, string>> = {
  'mbpp gpt-3.5-turbo-0613 MBPP/129': 'imports numpy, which is not in the sandbox',
  'mbpp codellama MBPP/488': 'exact comparison of a float whose last bit depends on the C library (tan)',
};

function read(path: string): string[] {
  const bytes = readFileSync(join(directory, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim().split('\n');
}

function choose<Item>(items: readonly Item[], seed: string): readonly Item[] {
  return long ? items : seededRandom(seed).shuffle(items).slice(0, SAMPLE_SIZE);
}

describe.skipIf(!publicDataExists)(`public data${publicDataMessage}`, () => {
  const { sandbox } = useSandbox(2);
  const execute = async (
    program: string,
    source: string,
    invoke: string | null,
  ): Promise<ExecutionResult> => {
    const request = pythonRequest({
      program,
      tests: { kind: 'asserts', source, invoke },
      limits: {
        wallMs: 20_000,
        steps: long ? null : STEPS_MAX,
        memoryBytes: 512 * 1024 * 1024,
        outputBytes: 1_000_000,
      },
    });
    return (await sandbox().execute(request)).result;
  };

  test.each([
    ['humaneval', 'gpt-3.5-turbo-0613'],
    ['humaneval', 'codellama'],
    ['mbpp', 'gpt-3.5-turbo-0613'],
    ['mbpp', 'codellama'],
  ])(
    '%s by %s: the verdict on each final program is the recorded one',
    { timeout: TEST_TIMEOUT_MS },
    async (suite, model) => {
      const path = `recorded-runs/${suite}/${model}.results.jsonl.gz`;
      expect(existsSync(join(directory, path))).toBe(true);
      const rows = choose(
        read(path).map((line) => JSON.parse(line) as Row),
        `${suite} ${model}`,
      );
      const differing: string[] = [];
      const explainedRows: string[] = [];
      await Promise.all(
        rows.map(async (row) => {
          const invoke = suite === 'humaneval' ? `check(${row.entry_point})` : null;
          const result = await execute(row.solution, row.test, invoke);
          if ((result.outcome === 'passed') === row.is_solved) return;
          const name = `${suite} ${model} ${row.task_id}`;
          if (name in explained) explainedRows.push(name);
          else
            differing.push(
              `${name}: recorded ${row.is_solved}, now ${result.outcome} ${JSON.stringify(result.error)}`,
            );
        }),
      );
      expect(differing).toEqual([]);
      if (suite === 'humaneval') expect(explainedRows).toEqual([]);
      else if (long) expect(explainedRows.length / rows.length).toBeLessThanOrEqual(0.005);
    },
  );

  test('every canonical solution of HumanEval passes', { timeout: TEST_TIMEOUT_MS }, async () => {
    const tasks = read('humaneval/HumanEval.jsonl').map(
      (line) =>
        JSON.parse(line) as {
          task_id: string;
          prompt: string;
          canonical_solution: string;
          test: string;
          entry_point: string;
        },
    );
    const failing: string[] = [];
    await Promise.all(
      tasks.map(async (task) => {
        const result = await execute(
          task.prompt + task.canonical_solution,
          task.test,
          `check(${task.entry_point})`,
        );
        if (result.outcome !== 'passed') failing.push(`${task.task_id} ${result.outcome}`);
      }),
    );
    expect([tasks.length, failing]).toEqual([164, []]);
  });
});
