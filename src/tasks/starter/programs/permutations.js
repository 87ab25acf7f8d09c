/**
 * permutations(items) lists all different orders of the items of an array, in lexicographic order of the sorted items. Equal
 * items cannot be told apart.
 */
function* arrange(items, chosen) {
  if (items.length === 0) {
    yield [...chosen];
    return;
  }
  for (let i = 0; i < items.length; i++) {
    if (i > 0 && items[i] === items[i - 1]) {
      continue;
    }
    chosen.push(items[i]);
    yield* arrange([...items.slice(0, i), ...items.slice(i + 1)], chosen);
    chosen.pop();
  }
}

function permutations(items) {
  const sorted = [...items].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [...arrange(sorted, [])];
}

// public
//   permutations([2, 1]) -> [[1, 2], [2, 1]]
//   permutations(['a']) -> [['a']]
// hidden
//   permutations([]) -> [[]]
//   permutations([1, 2, 3]) -> [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]
//   permutations([1, 1]) -> [[1, 1]]
//   permutations(['b', 'a', 'b']) -> [['a', 'b', 'b'], ['b', 'a', 'b'], ['b', 'b', 'a']]
//   permutations([10, 9]) -> [[9, 10], [10, 9]]
//   permutations([1, 2, 3, 4]).length -> 24
//   permutations([5, 5, 6, 6]).length -> 6
