/**
 * histogram(values, width) draws one line per distinct value, ascending: the value padded on the left to the widest value,
 * " | ", and a bar of # signs. The longest bar has `width` signs; the others are in proportion, rounded, but never shorter
 * than one sign.
 */
function histogram(values, width) {
  const counts = new Map();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  const keys = [...counts.keys()].sort((a, b) => a - b);
  const labelWidth = Math.max(...keys.map((key) => String(key).length));
  return keys.map((key) => {
    const length = Math.max(1, Math.round((counts.get(key) / most) * width));
    return `${String(key).padStart(labelWidth)} | ${'#'.repeat(length)}`;
  });
}

// public
//   histogram([1, 2, 2], 4) -> ['1 | ##', '2 | ####']
//   histogram([7], 3) -> ['7 | ###']
// hidden
//   histogram([], 5) -> []
//   histogram([10, 9, 9], 2) -> [' 9 | ##', '10 | #']
//   histogram([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5], 4) -> ['1 | ####', '5 | #']
//   histogram([3, 1, 2], 1) -> ['1 | #', '2 | #', '3 | #']
//   histogram([-5, 100, 100, 100], 6) -> [' -5 | ##', '100 | ######']
//   histogram([4, 4, 2, 2], 5) -> ['2 | #####', '4 | #####']
