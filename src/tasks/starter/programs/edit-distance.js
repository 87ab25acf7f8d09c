/**
 * distance(from, to) gives the smallest number of single-character insertions, deletions, replacements and swaps of two
 * neighbours that turn one word into the other; no character is edited twice. suggest(word, known) gives the known words
 * with the smallest distance, if it is at most 2, alphabetically.
 */
function distance(from, to) {
  const rows = [];
  for (let i = 0; i <= from.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= to.length; j++) {
      if (i === 0) {
        rows[i][j] = j;
        continue;
      }
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        best = Math.min(best, rows[i - 2][j - 2] + 1);
      }
      rows[i][j] = best;
    }
  }
  return rows[from.length][to.length];
}

function suggest(word, known) {
  const distances = known.map((other) => distance(word, other));
  const least = Math.min(...distances);
  if (least > 2) {
    return [];
  }
  return known.filter((_, index) => distances[index] === least).sort();
}

// public
//   distance('kitten', 'sitting') -> 3
//   distance('form', 'from') -> 1
//   suggest('teh', ['the', 'ten', 'toad']) -> ['ten', 'the']
// hidden
//   distance('', '') -> 0
//   distance('', 'abc') -> 3
//   distance('abc', '') -> 3
//   distance('same', 'same') -> 0
//   distance('ab', 'ba') -> 1
//   distance('ca', 'abc') -> 3
//   distance('flaw', 'lawn') -> 2
//   distance('abcd', 'badc') -> 2
//   suggest('xyz', ['hello']) -> []
//   suggest('cat', ['cot', 'bat', 'cat']) -> ['cat']
//   suggest('cat', ['cot', 'bat', 'dog']) -> ['bat', 'cot']
//   suggest('a', []) -> []
