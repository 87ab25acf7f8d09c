/**
 * mergeIntervals(intervals) joins closed intervals [start, end] that overlap or touch, and gives the result sorted by
 * start. The input is in any order and must not be changed.
 */
function mergeIntervals(intervals) {
  const sorted = intervals.map(([start, end]) => [start, end]).sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const current of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && current[0] <= last[1]) {
      last[1] = Math.max(last[1], current[1]);
    } else {
      merged.push(current);
    }
  }
  return merged;
}

function coveredLength(intervals) {
  return mergeIntervals(intervals).reduce((sum, [start, end]) => sum + (end - start), 0);
}

// public
//   mergeIntervals([[1, 3], [2, 6], [8, 10]]) -> [[1, 6], [8, 10]]
//   coveredLength([[0, 2], [5, 9]]) -> 6
// hidden
//   mergeIntervals([]) -> []
//   mergeIntervals([[4, 5], [1, 4]]) -> [[1, 5]]
//   mergeIntervals([[1, 10], [2, 3]]) -> [[1, 10]]
//   mergeIntervals([[6, 7], [1, 2], [3, 4]]) -> [[1, 2], [3, 4], [6, 7]]
//   mergeIntervals([[1, 1], [1, 1]]) -> [[1, 1]]
//   coveredLength([[1, 4], [2, 8], [8, 9]]) -> 8
//   coveredLength([[3, 3]]) -> 0
//   (() => { const given = [[2, 4], [1, 3]]; mergeIntervals(given); return given; })() -> [[2, 4], [1, 3]]
