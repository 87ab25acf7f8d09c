import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionRequest, Sandbox } from '../../../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../../../sandbox/wasm/wasm-sandbox.ts';
import type { ExecutionResult } from '../../../../src/events/execution-result.ts';
import { loadStarterSuite } from '../../../../src/tasks/starter/load-starter-suite.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { assertsOf, requestOf } from '../../execution-request.ts';
import { createRemoteSandbox } from './remote-sandbox.ts';
import { samePrograms } from './same-programs.ts';

const dataFile = resolve(
  import.meta.dirname,
  '../../../../../shared/data/humanevalpack-js/humanevalpack.jsonl',
);
/** Everything, or a part that is always the same. */
const isLong = process.env['PAWL_LONG'] === '1';
const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);

describe.skipIf(reason !== null)('a program in a container has the result of the same program here', () => {
  let remote: Sandbox;
  let local: Sandbox;
  beforeAll(() => {
    remote = createRemoteSandbox();
    local = createWasmSandbox({ workers: 1, languages: ['javascript'] });
  });
  afterAll(() => Promise.all([remote.close(), local.close()]));

  const both = async (request: ExecutionRequest): Promise<readonly [ExecutionResult, ExecutionResult]> => {
    const [there, here] = await Promise.all([remote.execute(request), local.execute(request)]);
    return [comparable(there.result, request.program), comparable(here.result, request.program)];
  };
  for (const { what, prelude, program, tests, isAskedOnce } of samePrograms) {
    it(what, async () => {
      const changes = { prelude: prelude ?? '', coverage: true, limits: { wallMs: 20_000 } };
      const results = await both(requestOf('javascript', program, tests, changes));
      const [there, here] = isAskedOnce === true ? results.map(withoutSteps) : results;
      expect(there).toEqual(here);
    });
  }

  it.skipIf(!existsSync(dataFile))(
    'of HumanEvalPack, right and wrong, before public and hidden tests',
    async () => {
      const rows = readFileSync(dataFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
        .filter((_, index) => isLong || index % 12 === 3);
      const limits = { wallMs: 60_000, steps: 300_000 };
      for (const row of rows) {
        for (const solution of [row.canonical_solution, row.buggy_solution]) {
          for (const test of [row.test, row.example_test]) {
            const program = row.declaration + solution;
            const [there, here] = await both(
              requestOf('javascript', program, assertsOf(test), { limits, coverage: true }),
            );
            expect(there, row.task_id).toEqual(here);
          }
        }
      }
    },
    600_000,
  );

  it('of the starter suite, with and without its bugs', async () => {
    const { tasks } = await loadStarterSuite();
    const some = tasks.filter((_, index) => isLong || index % 24 === 0);
    for (const { view, reference } of some) {
      for (const program of [view.givenProgram ?? '', reference ?? '']) {
        const request = requestOf('javascript', program, view.publicTests, {
          limits: view.limits,
          coverage: true,
        });
        const [there, here] = await both(request);
        expect(there, view.id).toEqual(here);
      }
    }
  }, 600_000);
});

interface Row {
  readonly task_id: string;
  readonly declaration: string;
  readonly canonical_solution: string;
  readonly buggy_solution: string;
  readonly test: string;
  readonly example_test: string;
}

const withoutSteps = (result: ExecutionResult): ExecutionResult => ({
  ...result,
  steps: 0,
  tests: result.tests.map((test) => ({ ...test, steps: 0 })),
});

/** What the two engines do differently: they word exceptions in their own way, and sort with other comparisons. */
function comparable(result: ExecutionResult, program: string): ExecutionResult {
  const sorts = program.includes('.sort(');
  return {
    ...result,
    steps: sorts ? 0 : result.steps,
    tests: result.tests.map((test) => ({
      ...test,
      steps: sorts ? 0 : test.steps,
      exception: test.exception === null ? null : { ...test.exception, message: '' },
    })),
  };
}
