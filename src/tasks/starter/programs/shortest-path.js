/**
 * shortestWay(maze) gives the number of steps (up, down, left, right) from S to E in a maze of strings where # is a wall, or
 * -1 when there is no way.
 */
function findSign(maze, sign) {
  for (let row = 0; row < maze.length; row++) {
    const column = maze[row].indexOf(sign);
    if (column >= 0) {
      return [row, column];
    }
  }
  return null;
}

function shortestWay(maze) {
  const start = findSign(maze, 'S');
  if (start === null) {
    return -1;
  }
  const distance = new Map([[start.join(), 0]]);
  const queue = [start];
  while (queue.length > 0) {
    const [row, column] = queue.shift();
    const steps = distance.get(`${row},${column}`);
    if (maze[row][column] === 'E') {
      return steps;
    }
    const around = [
      [row - 1, column],
      [row + 1, column],
      [row, column - 1],
      [row, column + 1],
    ];
    for (const next of around) {
      const cell = maze[next[0]]?.[next[1]];
      if (cell !== undefined && cell !== '#' && !distance.has(next.join())) {
        distance.set(next.join(), steps + 1);
        queue.push(next);
      }
    }
  }
  return -1;
}

// public
//   shortestWay(['S.E']) -> 2
//   shortestWay(['S#E', '...']) -> 4
//   shortestWay(['S#E']) -> -1
// hidden
//   shortestWay([]) -> -1
//   shortestWay(['..E']) -> -1
//   shortestWay(['SE']) -> 1
//   shortestWay(['S..', '.#.', '..E']) -> 4
//   shortestWay(['..S', '.##', '..E']) -> 6
//   shortestWay(['E.#', '..S']) -> 3
//   shortestWay(['.....', '.###.', '.#E#.', '.#.#.', 'S....']) -> 4
//   shortestWay(['S.', '..']) -> -1
