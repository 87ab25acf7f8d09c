import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { repositoryRoot } from '../../../support/repository-root.ts';
import { publicDataExists, publicDataMessage } from '../../../tasks/public-data.ts';
import { contractPrograms } from '../../contract-programs.ts';
import { assertsOf, casesOf } from '../../execution-request.ts';
import type { RequestParts } from '../../python/python-request.ts';
import { useSandbox } from '../../python/python-sandbox.ts';
import { useRemote } from './use-remote.ts';

const reason = withoutEngine();
const long = process.env['PAWL_LONG'] === '1';
const SAMPLE_SIZE = 25;
const TEST_TIMEOUT_MS = 600_000;

/** Where a 64-bit machine with another C library says something else, and why. */
const explained: Readonly<Record<string, string>> = {
  'MBPP/180': 'the last bit of a trigonometric function',
  'MBPP/488': 'the last bit of a trigonometric function',
  'MBPP/493': 'the last bit of a trigonometric function',
  'MBPP/473': 'the order of a set of tuples, whose hashes depend on the width of a machine word',
  'MBPP/490': 'the order of a set of tuples, whose hashes depend on the width of a machine word',
  'MBPP/508': 'the order of a set of texts that collide, which depends on the width of a machine word',
};

interface Row {
  readonly task_id: string;
  readonly entry_point: string;
  readonly test: string;
  readonly solution: string;
}

describe.skipIf(reason !== null)(
  'a candidate in a container gives the whole result that it gives here',
  () => {
    const here = useSandbox(1);
    const there = useRemote(1);
    const both = async (parts: RequestParts): Promise<void> => {
      const local = await here.run(parts);
      expect(await there.run(parts)).toEqual(local);
    };

    test('for the programs of the contract, with their coverage', { timeout: TEST_TIMEOUT_MS }, async () => {
      const programs = contractPrograms.python;
      const scripts = [programs.asserts, programs.noAsserts];
      for (const program of [
        programs.right,
        programs.wrong,
        programs.throwing.program,
        programs.syntaxError,
        programs.loadError,
        programs.recursion,
        programs.prints,
        programs.pollution,
      ]) {
        await both({ program, tests: casesOf(['add(1, 2)', '3'], ['add(2, 2)', '4']), coverage: true });
        for (const script of scripts)
          await both({ program, tests: assertsOf(script), prelude: 'import math\n' });
      }
      await both({
        program: programs.loop,
        tests: casesOf(['sum(10)', '55'], ['sum(0)', '0']),
        coverage: true,
      });
      await both({ program: programs.loop, tests: casesOf(['sum(10000)', '1']), limits: { steps: 1_000 } });
    });

    test.skipIf(!publicDataExists).each([
      ['humaneval', 'gpt-3.5-turbo-0613'],
      ['humaneval', 'codellama'],
      ['mbpp', 'gpt-3.5-turbo-0613'],
      ['mbpp', 'codellama'],
    ])(
      `for the final programs of %s by %s${publicDataMessage}`,
      { timeout: TEST_TIMEOUT_MS },
      async (suite, model) => {
        const path = join(
          repositoryRoot,
          '..',
          'shared',
          'data',
          'recorded-runs',
          suite,
          `${model}.results.jsonl.gz`,
        );
        const all = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
        const rows = long ? all : seededRandom(`parity ${suite} ${model}`).shuffle(all).slice(0, SAMPLE_SIZE);
        const differing: unknown[] = [];
        for (const line of rows) {
          const { task_id, entry_point, test: source, solution } = JSON.parse(line) as Row;
          const invoke = suite === 'humaneval' ? `check(${entry_point})` : null;
          const parts: RequestParts = {
            program: solution,
            tests: { kind: 'asserts', source, invoke },
            coverage: true,
            limits: { wallMs: 60_000, memoryBytes: 256 * 1024 * 1024, outputBytes: 1_000_000 },
          };
          const [local, remote] = [await here.run(parts), await there.run(parts)];
          if (JSON.stringify(local) !== JSON.stringify(remote) && !(task_id in explained)) {
            differing.push([task_id, local, remote]);
          }
        }
        expect(differing).toEqual([]);
        expect(rows.length).toBeGreaterThanOrEqual(SAMPLE_SIZE);
      },
    );
  },
);
