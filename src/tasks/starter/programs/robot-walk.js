/**
 * walk(commands, walls) moves a robot that starts at [0, 0] facing north: L and R turn it, F moves one field ahead unless a
 * wall stands there, and a digit before a command repeats it. It gives {at, facing, bumps}, where bumps counts the moves
 * that a wall stopped. Walls are fields [x, y]; y grows to the north.
 */
const HEADINGS = [
  { name: 'N', dx: 0, dy: 1 },
  { name: 'E', dx: 1, dy: 0 },
  { name: 'S', dx: 0, dy: -1 },
  { name: 'W', dx: -1, dy: 0 },
];

function walk(commands, walls) {
  const blocked = new Set(walls.map(([x, y]) => `${x},${y}`));
  let [x, y, heading, bumps] = [0, 0, 0, 0];
  const perform = (command) => {
    if (command === 'L') {
      heading = (heading + 3) % 4;
    } else if (command === 'R') {
      heading = (heading + 1) % 4;
    } else {
      const { dx, dy } = HEADINGS[heading];
      if (blocked.has(`${x + dx},${y + dy}`)) {
        bumps++;
        return;
      }
      x += dx;
      y += dy;
    }
  };
  let times = 1;
  for (const sign of commands) {
    if (/\d/.test(sign)) {
      times = Number(sign);
      continue;
    }
    for (let i = 0; i < times; i++) {
      perform(sign);
    }
    times = 1;
  }
  return { at: [x, y], facing: HEADINGS[heading].name, bumps };
}

// public
//   walk('FFRF', []) -> { at: [1, 2], facing: 'E', bumps: 0 }
//   walk('FF', [[0, 2]]) -> { at: [0, 1], facing: 'N', bumps: 1 }
// hidden
//   walk('', []) -> { at: [0, 0], facing: 'N', bumps: 0 }
//   walk('L', []) -> { at: [0, 0], facing: 'W', bumps: 0 }
//   walk('LLF', []) -> { at: [0, -1], facing: 'S', bumps: 0 }
//   walk('L3F', []) -> { at: [-3, 0], facing: 'W', bumps: 0 }
//   walk('4R2F', []) -> { at: [0, 2], facing: 'N', bumps: 0 }
//   walk('5F', [[0, 3]]) -> { at: [0, 2], facing: 'N', bumps: 3 }
//   walk('0FRF', []) -> { at: [1, 0], facing: 'E', bumps: 0 }
//   walk('RFRFRFRF', []) -> { at: [0, 0], facing: 'N', bumps: 0 }
//   walk('RFLFLF', [[1, 1], [0, 0]]) -> { at: [1, 0], facing: 'W', bumps: 2 }
