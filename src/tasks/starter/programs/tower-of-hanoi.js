/**
 * moves(disks) lists the moves that bring a tower of disks from peg A to peg C, by way of B, as "A>C" and so on.
 * play(disks, list) carries out moves and tells whether all were legal (never a larger disk on a smaller one, never from an
 * empty peg) and the whole tower stands on C at the end.
 */
function moves(disks, from = 'A', to = 'C', via = 'B') {
  if (disks === 0) {
    return [];
  }
  return [...moves(disks - 1, from, via, to), `${from}>${to}`, ...moves(disks - 1, via, to, from)];
}

function play(disks, list) {
  const pegs = { A: [], B: [], C: [] };
  for (let size = disks; size > 0; size--) {
    pegs.A.push(size);
  }
  for (const move of list) {
    const [from, to] = move.split('>').map((name) => pegs[name]);
    const disk = from.pop();
    if (disk === undefined || to[to.length - 1] < disk) {
      return false;
    }
    to.push(disk);
  }
  return pegs.C.length === disks;
}

// public
//   moves(1) -> ['A>C']
//   moves(2) -> ['A>B', 'A>C', 'B>C']
//   play(1, ['A>C']) -> true
// hidden
//   moves(0) -> []
//   moves(3) -> ['A>C', 'A>B', 'C>B', 'A>C', 'B>A', 'B>C', 'A>C']
//   moves(6).length -> 63
//   play(4, moves(4)) -> true
//   play(2, ['A>C', 'A>C']) -> false
//   play(2, ['A>B', 'A>C']) -> false
//   play(1, ['B>C']) -> false
//   play(0, []) -> true
//   play(2, ['A>B', 'A>C', 'B>A', 'A>C']) -> true
