import Table from 'cli-table3';

/** A plain table: a header line, a rule, and rows; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const first = rows[0] ?? [];
  const instance = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (typeof first[column] === 'number' ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
  for (const row of rows) instance.push([...row]);
  const [header = '', ...body] = instance
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [header, '─'.repeat(Math.max(header.length, ...body.map((line) => line.length))), ...body].join(
    '\n',
  );
}
