/**
 * diffLines(before, after) compares two lists of lines by their longest common subsequence and gives the steps from one to
 * the other: "  line" where both have it, "- line" where it was removed and "+ line" where it was added; removals come
 * before additions where both are possible.
 */
function commonLengths(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] =
        a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

function diffLines(before, after) {
  const lengths = commonLengths(before, after);
  const steps = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      steps.push(`  ${before[i]}`);
      i++;
      j++;
    } else if (j === after.length || (i < before.length && lengths[i + 1][j] >= lengths[i][j + 1])) {
      steps.push(`- ${before[i++]}`);
    } else {
      steps.push(`+ ${after[j++]}`);
    }
  }
  return steps;
}

// public
//   diffLines(['a', 'b'], ['a', 'c']) -> ['  a', '- b', '+ c']
//   diffLines(['x'], ['x', 'y']) -> ['  x', '+ y']
// hidden
//   diffLines([], []) -> []
//   diffLines(['a'], []) -> ['- a']
//   diffLines([], ['a', 'b']) -> ['+ a', '+ b']
//   diffLines(['a', 'b', 'c'], ['c']) -> ['- a', '- b', '  c']
//   diffLines(['a', 'b', 'c', 'd'], ['b', 'x', 'd']) -> ['- a', '  b', '- c', '+ x', '  d']
//   diffLines(['one', 'two', 'three'], ['two', 'three', 'four']) -> ['- one', '  two', '  three', '+ four']
//   diffLines(['k', 'm'], ['m', 'k']) -> ['- k', '  m', '+ k']
//   diffLines(['q'], ['p', 'q']) -> ['+ p', '  q']
