import type { Task } from '../../src/tasks/task.ts';
import { handlingTask } from '../strategies/scripted/handling-programs.ts';

/** Tasks of another tool's run, and its rows as that tool wrote them. */
export const importedTasks: readonly Task[] = [
  handlingTask({ id: 'other/once', publicTests: 2, hiddenTests: 3, given: null }),
  handlingTask({ id: 'other/later', publicTests: 3, hiddenTests: 3, given: null }),
  handlingTask({ id: 'other/never', publicTests: 2, hiddenTests: 2, given: null }),
];

const rows = [
  {
    task_id: 'other/once',
    given_tests: ['f(0) == 0', 'f(1) == 1'],
    implementations: ['f = lambda x: x'],
    test_feedback: [[]],
    solution: 'f = lambda x: x',
    is_passing: true,
    is_solved: false,
    debug_iter: 0,
    token_nums: 41,
  },
  {
    task_id: 'other/later',
    given_tests: ['f(0) == 0', 'f(1) == 1', 'f(2) == 4'],
    implementations: ['f = lambda x: 0', 'f = lambda x: 0', 'f = lambda x: x * x  # “Quadrat”'],
    test_feedback: [
      ['f(1) == 1 # Real Execution Output: 0', 'f(2) == 4 # Real Execution Output: 0'],
      ['f(1) == 1 # Real Execution Output: 0', 'f(2) == 4 # Real Execution Output: 0'],
      [],
    ],
    solution: 'f = lambda x: x * x  # “Quadrat”',
    is_passing: true,
    is_solved: true,
    debug_iter: 2,
    token_nums: 1000,
  },
  {
    task_id: 'other/never',
    given_tests: ['f(0) == 1', 'f(1) == 2'],
    implementations: ['f = None', 'f = lambda x: 1'],
    test_feedback: [
      ['f(0) == 1 # Execution error', 'f(1) == 2 # Execution error'],
      ['f(1) == 2 # Real Execution Output: 1'],
    ],
    solution: 'f = lambda x: 1',
    is_passing: false,
    is_solved: false,
    debug_iter: 1,
    token_nums: 77,
  },
];

export const importedRows = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
