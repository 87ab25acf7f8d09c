/**
 * flatten(list, depth) unpacks arrays inside an array down to the given depth (0 unpacks nothing). deepest(list) gives how
 * deep arrays are nested: 1 for an array without arrays inside.
 */
function flatten(list, depth) {
  const result = [];
  for (const item of list) {
    if (Array.isArray(item) && depth > 0) {
      result.push(...flatten(item, depth - 1));
    } else {
      result.push(item);
    }
  }
  return result;
}

function deepest(list) {
  let depth = 0;
  for (const item of list) {
    if (Array.isArray(item)) {
      depth = Math.max(depth, deepest(item));
    }
  }
  return depth + 1;
}

// public
//   flatten([1, [2, [3]]], 1) -> [1, 2, [3]]
//   deepest([1, [2]]) -> 2
// hidden
//   flatten([], 3) -> []
//   flatten([1, [2]], 0) -> [1, [2]]
//   flatten([[[[1]]]], 2) -> [[1]]
//   flatten([1, [2, [3, [4]]]], 9) -> [1, 2, 3, 4]
//   flatten([[], [[]], 'ab'], 1) -> [[], 'ab']
//   deepest([]) -> 1
//   deepest([[[]], [1]]) -> 3
//   deepest([[1], [2, [3]], 4]) -> 3
