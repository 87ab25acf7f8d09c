/**
 * components(size, links) numbers things from 0 to size - 1, joins those that are linked, directly or through others, and
 * gives the sizes of the groups, largest first.
 */
function components(size, links) {
  const parent = Array.from({ length: size }, (_, index) => index);

  function find(item) {
    let root = item;
    while (parent[root] !== root) {
      root = parent[root];
    }
    let at = item;
    while (parent[at] !== root) {
      const next = parent[at];
      parent[at] = root;
      at = next;
    }
    return root;
  }

  for (const [a, b] of links) {
    parent[find(a)] = find(b);
  }
  const sizes = new Map();
  for (let item = 0; item < size; item++) {
    const root = find(item);
    sizes.set(root, (sizes.get(root) ?? 0) + 1);
  }
  return [...sizes.values()].sort((a, b) => b - a);
}

// public
//   components(4, [[0, 1], [2, 3]]) -> [2, 2]
//   components(3, []) -> [1, 1, 1]
// hidden
//   components(0, []) -> []
//   components(1, [[0, 0]]) -> [1]
//   components(5, [[0, 1], [1, 2], [2, 0]]) -> [3, 1, 1]
//   components(6, [[0, 1], [2, 3], [4, 5], [1, 2], [3, 4]]) -> [6]
//   components(6, [[5, 4], [4, 3], [0, 1]]) -> [3, 2, 1]
//   components(12, [[0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [0, 6], [0, 7], [0, 8], [0, 9], [0, 10]]) -> [11, 1]
//   components(4, [[0, 1], [1, 0], [0, 1]]) -> [2, 1, 1]
