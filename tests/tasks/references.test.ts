import { afterAll, describe, expect, test, vi } from 'vitest';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { TestSpec } from '../../src/events/test-spec.ts';
import { openForGrading } from '../../src/tasks/hidden-tests.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import type { Task } from '../../src/tasks/task.ts';
import { publicData, publicDataExists, publicDataMessage } from './public-data.ts';

const isLong = process.env['PAWL_LONG'] === '1';
// Seconds on an idle machine; a busy one must not decide.
if (!isLong) vi.setConfig({ testTimeout: 90_000 });
const sandbox = createWasmSandbox({ workers: 2 });
afterAll(() => sandbox.close());

async function passes(
  { view }: Task,
  program: string,
  tests: TestSpec,
  steps = view.limits.steps,
): Promise<boolean> {
  const { language, prelude } = view;
  const limits = { ...view.limits, steps };
  const request = { language, prelude, program, tests, limits, seed: 'reference', coverage: false };
  return (await sandbox.execute(request)).result.outcome === 'passed';
}

/** Five of the buggy programs run forever; the others that end need less. */
const buggySteps = 500_000;

/** Ids of the tasks whose own reference fails their hidden tests, and of those where it fails the public ones. */
async function failingReferences(spec: string): Promise<{ hidden: string[]; public: string[] }> {
  const { tasks } = await loadSuite(spec);
  const failing = async (testsOf: (task: Task) => TestSpec): Promise<string[]> => {
    const verdicts = await Promise.all(
      tasks.map(async (task) => isEmpty(testsOf(task)) || passes(task, task.reference ?? '', testsOf(task))),
    );
    return tasks.filter((_, index) => !verdicts[index]).map(({ view }) => view.id);
  };
  return {
    hidden: await failing(({ hidden }) => openForGrading(hidden)),
    public: await failing(({ view }) => view.publicTests),
  };
}

function isEmpty(tests: TestSpec): boolean {
  return tests.kind === 'asserts' ? tests.source === '' : tests.cases.length === 0;
}

describe.skipIf(!publicDataExists)(`references in the sandbox${publicDataMessage}`, () => {
  test('of HumanEvalPack pass, but for the one that needs an md5 module', async () => {
    expect(await failingReferences(`humanevalpack:${publicData.humanevalpack}`)).toEqual({
      hidden: ['JavaScript/162'],
      public: ['JavaScript/162'],
    });
  });

  test('of HumanEvalPack differ from the buggy programs, of which 15 pass a public test and none the hidden one', async () => {
    const { tasks } = await loadSuite(`humanevalpack:${publicData.humanevalpack}`);
    const withExample = tasks.filter(({ view }) => !isEmpty(view.publicTests));
    const passesPublic = await Promise.all(
      withExample.map(async (task) => passes(task, task.view.givenProgram ?? '', task.view.publicTests)),
    );
    const passesHidden = await Promise.all(
      tasks.map(async (task) =>
        passes(task, task.view.givenProgram ?? '', openForGrading(task.hidden), buggySteps),
      ),
    );
    expect(passesPublic.filter(Boolean).length).toBe(15);
    expect(passesHidden.filter(Boolean).length).toBe(0);
  });

  test.runIf(isLong)('of HumanEval all pass, also the examples of their docstrings', async () => {
    expect(await failingReferences(`humaneval:${publicData.humaneval}`)).toEqual({ hidden: [], public: [] });
    expect(await failingReferences(`recorded:${publicData.recordedHumaneval}`)).toEqual({
      hidden: [],
      public: [],
    });
  });

  test.runIf(isLong)('of MBPP pass, but for four whose tests are at fault', async () => {
    expect(await failingReferences(`recorded:${publicData.recordedMbpp}`)).toEqual({
      hidden: ['MBPP/56', 'MBPP/349', 'MBPP/436'],
      public: ['MBPP/367', 'MBPP/436'],
    });
  });
});
