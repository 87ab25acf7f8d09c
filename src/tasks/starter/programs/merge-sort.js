/**
 * sortBy(items, key) gives a new array sorted ascending by the numbers that key(item) returns; items with equal keys keep
 * their order. The input stays as it is.
 */
function merge(left, right, key) {
  const merged = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (key(right[j]) < key(left[i])) {
      merged.push(right[j]);
      j++;
    } else {
      merged.push(left[i]);
      i++;
    }
  }
  return merged.concat(left.slice(i), right.slice(j));
}

function sortBy(items, key) {
  if (items.length < 2) {
    return [...items];
  }
  const middle = Math.floor(items.length / 2);
  return merge(sortBy(items.slice(0, middle), key), sortBy(items.slice(middle), key), key);
}

// public
//   sortBy([3, 1, 2], (n) => n) -> [1, 2, 3]
//   sortBy(['ccc', 'a', 'bb'], (word) => word.length) -> ['a', 'bb', 'ccc']
// hidden
//   sortBy([], (n) => n) -> []
//   sortBy([5], (n) => n) -> [5]
//   sortBy([2, 1], (n) => n) -> [1, 2]
//   sortBy([1, 2, 3, 4, 5], (n) => -n) -> [5, 4, 3, 2, 1]
//   sortBy(['b2', 'a1', 'c2', 'd1'], (text) => Number(text[1])) -> ['a1', 'd1', 'b2', 'c2']
//   sortBy([[1, 'x'], [0, 'y'], [1, 'z'], [0, 'w'], [1, 'v']], (pair) => pair[0]) -> [[0, 'y'], [0, 'w'], [1, 'x'], [1, 'z'], [1, 'v']]
//   (() => { const given = [2, 1]; sortBy(given, (n) => n); return given; })() -> [2, 1]
//   sortBy([9, -3, 7, 0, -8, 4, 4], (n) => n) -> [-8, -3, 0, 4, 4, 7, 9]
