/**
 * layout(rows) sets a table as lines of text: every column is as wide as its widest cell, columns are two spaces apart,
 * cells that look like numbers stand right, all others left. Rows may be shorter than others; spaces at the end of a line
 * are cut off.
 */
function layout(rows) {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = [];
  for (let column = 0; column < columns; column++) {
    let width = 0;
    for (const row of rows) {
      const cell = row[column] ?? '';
      if (cell.length > width) {
        width = cell.length;
      }
    }
    widths.push(width);
  }
  const isNumber = (cell) => /^-?\d+(\.\d+)?$/.test(cell);
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      isNumber(cell) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    return cells.join('  ').trimEnd();
  });
}

// public
//   layout([['pear', '7'], ['fig', '12']]) -> ['pear   7', 'fig   12']
//   layout([['a', 'b']]) -> ['a  b']
// hidden
//   layout([]) -> []
//   layout([[]]) -> ['']
//   layout([['name', 'price', 'note'], ['x', '-1.5', 'ok']]) -> ['name  price  note', 'x      -1.5  ok']
//   layout([['1', '2'], ['10']]) -> [' 1  2', '10']
//   layout([['a'], ['bbb', 'c'], ['', 'd']]) -> ['a', 'bbb  c', '     d']
//   layout([['100', '1.'], ['5', '22']]) -> ['100  1.', '  5  22']
//   layout([['x', '', 'y'], ['z', '', 'w']]) -> ['x    y', 'z    w']
