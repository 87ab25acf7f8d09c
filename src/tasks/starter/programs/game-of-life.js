/**
 * step(board) computes the next generation of Conway's game of life. The board is a list of equally long strings of "#"
 * (alive) and "." (dead); outside of it everything is dead.
 */
function countNeighbours(board, row, column) {
  let count = 0;
  for (let y = row - 1; y <= row + 1; y++) {
    for (let x = column - 1; x <= column + 1; x++) {
      if ((y !== row || x !== column) && board[y]?.[x] === '#') {
        count++;
      }
    }
  }
  return count;
}

function step(board) {
  return board.map((line, row) =>
    [...line]
      .map((cell, column) => {
        const neighbours = countNeighbours(board, row, column);
        return neighbours === 3 || (neighbours === 2 && cell === '#') ? '#' : '.';
      })
      .join(''),
  );
}

// public
//   step(['.....', '..#..', '..#..', '..#..', '.....']) -> ['.....', '.....', '.###.', '.....', '.....']
//   step(['##', '##']) -> ['##', '##']
// hidden
//   step([]) -> []
//   step(['#']) -> ['.']
//   step(['###']) -> ['.#.']
//   step(['###', '###', '###']) -> ['#.#', '...', '#.#']
//   step(['##.', '#..', '...']) -> ['##.', '##.', '...']
//   step(['.#.', '..#', '###', '...']) -> ['...', '#.#', '.##', '.#.']
//   step(['#.#', '...', '#..']) -> ['...', '.#.', '...']
