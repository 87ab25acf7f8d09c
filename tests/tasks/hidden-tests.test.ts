import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { TestSpec } from '../../src/events/test-spec.ts';
import { HiddenTests, openForGrading } from '../../src/tasks/hidden-tests.ts';
import { loadStarterSuite } from '../../src/tasks/starter/load-starter-suite.ts';
import type { Task } from '../../src/tasks/task.ts';

const secret = 'assert nobody_may_see_this()';
const tests: TestSpec = { kind: 'asserts', source: secret, invoke: null };

function taskWith(hidden: HiddenTests): Task {
  return {
    view: {
      id: 'a',
      language: 'python',
      entryPoint: 'f',
      statement: '',
      prelude: '',
      givenProgram: null,
      publicTests: { kind: 'cases', cases: [] },
      limits: { wallMs: 1, steps: null, memoryBytes: 1, outputBytes: 1 },
      tags: {},
    },
    hidden,
    reference: null,
  };
}

test('grading opens what was put in', () => {
  expect(openForGrading(new HiddenTests(tests))).toEqual(tests);
});

test('no way of printing or copying a task shows its hidden tests', () => {
  const task = taskWith(new HiddenTests(tests));
  const shown = [
    JSON.stringify(task),
    inspect(task, { depth: null, showHidden: true, getters: true }),
    inspect(structuredClone(task), { depth: null, showHidden: true }),
    inspect({ ...task.hidden }, { depth: null, showHidden: true }),
    String(task.hidden),
    `${Object.getOwnPropertyNames(task.hidden)}`,
    `${Reflect.ownKeys(HiddenTests)}`,
    `${Reflect.ownKeys(HiddenTests.prototype)}`,
  ];
  for (const text of shown) expect(text).not.toContain('nobody_may_see_this');
  expect(JSON.stringify(task.hidden)).toBe('"[hidden tests]"');
  expect(Reflect.ownKeys(task.hidden)).toEqual([]);
  expect(Reflect.ownKeys(HiddenTests.prototype)).toEqual(['constructor', 'toJSON']);
});

test('a copy cannot be opened', () => {
  const copy = structuredClone(new HiddenTests(tests)) as HiddenTests;
  expect(() => openForGrading(copy)).toThrow(
    'These hidden tests are a copy; only the original can be opened.',
  );
});

test('a ticket takes no properties', () => {
  expect(Object.isFrozen(new HiddenTests(tests))).toBe(true);
});

test('no starter task shows a hidden call outside its hidden tests', async () => {
  const { tasks } = await loadStarterSuite();
  for (const task of tasks) {
    const hidden = openForGrading(task.hidden);
    if (hidden.kind !== 'cases') throw new TypeError('starter tasks have cases');
    const shown = inspect(task, {
      depth: null,
      showHidden: true,
      maxStringLength: null,
      maxArrayLength: null,
    });
    const leaked = hidden.cases.filter(({ id }) => shown.includes(`'${id}'`));
    expect(leaked, task.view.id).toEqual([]);
  }
});
