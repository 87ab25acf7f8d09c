/**
 * bestLoad(items, capacity) chooses among items {name, weight, value}, each at most once, the ones with the highest total
 * value whose weight fits the capacity, and gives {value, names} with the names in the order of the input. Among equally
 * valuable loads an item is left out rather than taken, looking at the last items first.
 */
function bestLoad(items, capacity) {
  const table = [new Array(capacity + 1).fill(0)];
  for (const { weight, value } of items) {
    const above = table[table.length - 1];
    table.push(
      above.map((without, room) =>
        weight <= room ? Math.max(without, above[room - weight] + value) : without,
      ),
    );
  }
  const names = [];
  let room = capacity;
  for (let i = items.length; i > 0; i--) {
    if (table[i][room] !== table[i - 1][room]) {
      names.unshift(items[i - 1].name);
      room -= items[i - 1].weight;
    }
  }
  return { value: table[items.length][capacity], names };
}

// public
//   bestLoad([{ name: 'a', weight: 2, value: 3 }, { name: 'b', weight: 3, value: 4 }], 5) -> { value: 7, names: ['a', 'b'] }
//   bestLoad([{ name: 'a', weight: 9, value: 9 }], 5) -> { value: 0, names: [] }
// hidden
//   bestLoad([], 4) -> { value: 0, names: [] }
//   bestLoad([{ name: 'a', weight: 5, value: 1 }], 5) -> { value: 1, names: ['a'] }
//   bestLoad([{ name: 'a', weight: 3, value: 5 }, { name: 'b', weight: 2, value: 3 }, { name: 'c', weight: 2, value: 3 }], 4) -> { value: 6, names: ['b', 'c'] }
//   bestLoad([{ name: 'a', weight: 1, value: 2 }, { name: 'b', weight: 1, value: 2 }], 1) -> { value: 2, names: ['a'] }
//   bestLoad([{ name: 'a', weight: 2, value: 3 }], 4) -> { value: 3, names: ['a'] }
//   bestLoad([{ name: 'a', weight: 4, value: 6 }, { name: 'b', weight: 3, value: 5 }, { name: 'c', weight: 5, value: 8 }], 8) -> { value: 13, names: ['b', 'c'] }
//   bestLoad([{ name: 'a', weight: 0, value: 1 }, { name: 'b', weight: 1, value: 1 }], 0) -> { value: 1, names: ['a'] }
