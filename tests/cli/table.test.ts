import { expect, it } from 'vitest';
import { table } from '../../src/cli/table.ts';

it('a table has a head, a rule as wide as its widest line, numbers to the right, and no blanks at line ends', () => {
  expect(
    table(
      ['name', 'count', 'note'],
      [
        ['a', 7, ''],
        ['longer', 1234, 'x'],
      ],
    ),
  ).toBe(['name    count  note', '───────────────────', 'a           7', 'longer   1234  x'].join('\n'));
});

it('a table without rows is its head and a rule', () => {
  expect(table(['a', 'bc'], [])).toBe('a  bc\n─────');
});
