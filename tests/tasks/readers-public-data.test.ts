import { describe, expect, test } from 'vitest';
import { openForGrading } from '../../src/tasks/hidden-tests.ts';
import { pythonPrelude } from '../../src/tasks/python-prelude.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import type { Task } from '../../src/tasks/task.ts';
import { publicData, publicDataExists, publicDataMessage } from './public-data.ts';

const caseCount = ({ view }: Task): number =>
  view.publicTests.kind === 'cases' ? view.publicTests.cases.length : Number.NaN;

describe.skipIf(!publicDataExists)(`the public benchmarks${publicDataMessage}`, () => {
  test.each([
    [
      `humaneval:${publicData.humaneval}`,
      'humaneval',
      164,
      '62537950439a0bb26597d4c2114352bc9065cc9d1b5a92d46d3614a7dd63570d',
    ],
    [
      `humanevalpack:${publicData.humanevalpack}`,
      'humanevalpack-js',
      164,
      'f1603e0989481839c8a871f8a0ba524607bd6714f858ed59c7e87e7087a0315b',
    ],
    [
      `recorded:${publicData.recordedHumaneval}`,
      'recorded-humaneval',
      164,
      'b79af38bf511d2b6c15afb51fff73e47fd32ee7a6eaef3322ee20419b6b75a39',
    ],
    [
      `recorded:${publicData.recordedMbpp}`,
      'recorded-mbpp',
      500,
      'ef33e213f94e7806cf1a165137404f21968af01bb97436e0f5556dccf530d7a1',
    ],
  ])('%s is read whole, and its digest never changes', async (spec, name, tasks, digest) => {
    const suite = await loadSuite(spec);
    expect([suite.name, suite.tasks.length, suite.digest]).toEqual([name, tasks, digest]);
  });

  test('a HumanEval task keeps its docstring examples as cases and its check as the hidden script', async () => {
    const { tasks } = await loadSuite(`humaneval:${publicData.humaneval}`);
    const [first] = tasks as readonly [Task, ...Task[]];
    expect(first.view.publicTests).toEqual({
      kind: 'cases',
      cases: [
        { id: 'example-1', call: 'has_close_elements([1.0, 2.0, 3.0], 0.5)', expected: 'False' },
        {
          id: 'example-2',
          call: 'has_close_elements([1.0, 2.8, 3.0, 4.0, 5.0, 2.0], 0.3)',
          expected: 'True',
        },
      ],
    });
    expect(openForGrading(first.hidden)).toMatchObject({
      kind: 'asserts',
      invoke: 'check(has_close_elements)',
    });
    expect(first.view.prelude).toBe(`${pythonPrelude}from typing import List\n`);
    expect(first.reference?.startsWith(first.view.statement)).toBe(true);
  });

  test('69 HumanEval prompts have plain examples, 162 in all, and the one that is wrong is left out', async () => {
    const { tasks } = await loadSuite(`humaneval:${publicData.humaneval}`);
    expect(tasks.filter((task) => caseCount(task) > 0).length).toBe(69);
    expect(tasks.reduce((sum, task) => sum + caseCount(task), 0)).toBe(162);
    const median = tasks.find(({ view }) => view.id === 'HumanEval/47');
    expect(median?.view.publicTests).toEqual({
      kind: 'cases',
      cases: [{ id: 'example-1', call: 'median([3, 1, 2, 4, 5])', expected: '3' }],
    });
  });

  test('functions that a HumanEval prompt defines before the entry point are in the prelude', async () => {
    const { tasks } = await loadSuite(`humaneval:${publicData.humaneval}`);
    const withHelpers = tasks.filter(({ view }) => view.prelude.includes('\ndef '));
    expect(withHelpers.map(({ view }) => view.id)).toEqual([
      'HumanEval/10',
      'HumanEval/32',
      'HumanEval/38',
      'HumanEval/50',
    ]);
  });

  test('a HumanEvalPack task hands out the buggy program, and its labels are tags', async () => {
    const { tasks } = await loadSuite(`humanevalpack:${publicData.humanevalpack}`);
    const [first] = tasks as readonly [Task, ...Task[]];
    expect(first.view.givenProgram).toContain('let distance = numbers[i] - numbers[j];');
    expect(first.reference).toContain('let distance = Math.abs(numbers[i] - numbers[j]);');
    expect(first.view.tags).toEqual({ bugType: 'missing logic', failureSymptoms: 'incorrect output' });
    const withoutExample = tasks.filter(
      ({ view }) => view.publicTests.kind === 'asserts' && view.publicTests.source === '',
    );
    expect(withoutExample.map(({ view }) => view.id)).toEqual(
      [38, 41, 50, 83, 84, 160].map((number) => `JavaScript/${number}`),
    );
  });

  test('a recorded HumanEval task is called after its script, an MBPP one calls itself', async () => {
    const humaneval = await loadSuite(`recorded:${publicData.recordedHumaneval}`);
    const mbpp = await loadSuite(`recorded:${publicData.recordedMbpp}`);
    const [ours] = humaneval.tasks as readonly [Task, ...Task[]];
    const [theirs] = mbpp.tasks as readonly [Task, ...Task[]];
    expect(openForGrading(ours.hidden)).toMatchObject({ invoke: 'check(has_close_elements)' });
    expect(openForGrading(theirs.hidden)).toMatchObject({ invoke: null });
    expect(theirs.view.publicTests).toEqual({
      kind: 'asserts',
      source: 'assert remove_Occ("hello","l") == "heo"\n',
      invoke: null,
    });
    expect(theirs.reference?.startsWith('def remove_Occ')).toBe(true);
    expect(theirs.view.tags).toEqual({ dataset: 'mbpp' });
  });
});
