import Table from 'cli-table3';

type Row = readonly (string | number)[];

/** A plain table: a header line, a rule, and rows; numbers to the right. */
export function table(head: readonly string[], rows: readonly Row[]): string {
  const [header = '', ...body] = (isPlain([head, ...rows]) ? plainLines : measuredLines)(head, rows).map(
    (line) => line.trimEnd(),
  );
  return [header, '─'.repeat(Math.max(header.length, ...body.map((line) => line.length))), ...body].join(
    '\n',
  );
}

/** Text of which every character is as wide as any other. */
function isPlain(rows: readonly Row[]): boolean {
  return rows.every((row) => row.every((cell) => typeof cell === 'number' || /^[\x20-\x7e]*$/.test(cell)));
}

/** A table of a thousand runs takes next to nothing this way, and half a second the other. */
function plainLines(head: readonly string[], rows: readonly Row[]): string[] {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const first = rows[0] ?? [];
  return texts.map((row) =>
    widths
      .map((width, column) => {
        const text = row[column] ?? '';
        return typeof first[column] === 'number' ? text.padStart(width) : text.padEnd(width);
      })
      .join('  '),
  );
}

/** For characters that take two columns, or none. */
function measuredLines(head: readonly string[], rows: readonly Row[]): string[] {
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
  return instance.toString().split('\n');
}
