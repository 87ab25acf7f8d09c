/**
 * judge(board) reads three strings of "X", "O" and "." and gives "X" or "O" for the winner, "draw" for a full board without
 * one, "open" for a game that goes on, and "invalid" when the counts are impossible (X begins) or both have a row.
 */
const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
];

function hasLine(cells, player) {
  return LINES.some((line) => line.every((index) => cells[index] === player));
}

function judge(board) {
  const cells = board.join('');
  const count = (sign) => cells.split(sign).length - 1;
  const lead = count('X') - count('O');
  const xWins = hasLine(cells, 'X');
  const oWins = hasLine(cells, 'O');
  if (lead < 0 || lead > 1 || (xWins && lead !== 1) || (oWins && lead !== 0)) {
    return 'invalid';
  }
  if (xWins) return 'X';
  if (oWins) return 'O';
  return cells.includes('.') ? 'open' : 'draw';
}

// public
//   judge(['XXX', 'OO.', '...']) -> 'X'
//   judge(['XO.', '...', '...']) -> 'open'
//   judge(['XXO', 'OOX', 'XOX']) -> 'draw'
// hidden
//   judge(['...', '...', '...']) -> 'open'
//   judge(['O..', '...', '...']) -> 'invalid'
//   judge(['XX.', '...', '...']) -> 'invalid'
//   judge(['XXX', 'OOO', '...']) -> 'invalid'
//   judge(['XXX', 'OO.', 'O..']) -> 'invalid'
//   judge(['OX.', 'OX.', 'O.X']) -> 'O'
//   judge(['XO.', '.XO', '..X']) -> 'X'
//   judge(['O.X', '.X.', 'X.O']) -> 'X'
//   judge(['OXX', '.OX', '..O']) -> 'O'
//   judge(['XOX', 'XO.', '.O.']) -> 'O'
