/**
 * parseCsv(text) splits comma-separated text into rows of fields. Rows end at a line break (a last one adds no row). A field
 * may stand in double quotes and then hold commas, line breaks and doubled quotes, which mean one.
 */
function parseCsv(text) {
  const rows = [];
  let row = [];
  let field = '';
  let state = 'start';
  const endField = () => {
    row.push(field);
    field = '';
    state = 'start';
  };
  for (const sign of text) {
    if (state === 'quoted') {
      if (sign === '"') {
        state = 'closed';
      } else {
        field += sign;
      }
    } else if (sign === ',') {
      endField();
    } else if (sign === '\n') {
      endField();
      rows.push(row);
      row = [];
    } else if (sign === '"' && state === 'closed') {
      field += '"';
      state = 'quoted';
    } else if (sign === '"' && state === 'start') {
      state = 'quoted';
    } else {
      field += sign;
      state = 'plain';
    }
  }
  if (row.length > 0 || field !== '' || state !== 'start') {
    endField();
    rows.push(row);
  }
  return rows;
}

// public
//   parseCsv('a,b\nc,d') -> [['a', 'b'], ['c', 'd']]
//   parseCsv('"x,y",z') -> [['x,y', 'z']]
// hidden
//   parseCsv('') -> []
//   parseCsv('a\n') -> [['a']]
//   parseCsv('a,') -> [['a', '']]
//   parseCsv(',\n,') -> [['', ''], ['', '']]
//   parseCsv('"say ""hi""",1') -> [['say "hi"', '1']]
//   parseCsv('"two\nlines",x\ny,z\n') -> [['two\nlines', 'x'], ['y', 'z']]
//   parseCsv('""') -> [['']]
//   parseCsv('a"b,c') -> [['a"b', 'c']]
//   parseCsv('\n\nx') -> [[''], [''], ['x']]
