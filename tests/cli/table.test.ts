import fc from 'fast-check';
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

it('a table looks the same whether or not its characters had to be measured', () => {
  const cell = fc.oneof(
    fc.nat(),
    fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '|'), maxLength: 6 }),
  );
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 });
  fc.assert(
    fc.property(rows, (given) => {
      const withLast = (last: string): string =>
        table(
          ['one', 'two', 'a third', last],
          given.map((row) => [...row, last]),
        );
      expect(withLast('é').replaceAll('é', 'e')).toBe(withLast('e'));
    }),
    { numRuns: 100 },
  );
});
