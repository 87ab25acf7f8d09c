/**
 * smooth(values, size) gives the rounded average of every window of `size` neighbours; peaks(values, size) the largest value
 * of each. Windows that do not fit are left out; a size below 1 gives an empty list.
 */
function smooth(values, size) {
  const averages = [];
  let sum = 0;
  for (let i = 0; i < values.length && size >= 1; i++) {
    sum += values[i];
    if (i >= size) {
      sum -= values[i - size];
    }
    if (i >= size - 1) {
      averages.push(Math.round(sum / size));
    }
  }
  return averages;
}

function peaks(values, size) {
  const result = [];
  const candidates = [];
  for (let i = 0; i < values.length && size >= 1; i++) {
    while (candidates.length > 0 && values[candidates[candidates.length - 1]] <= values[i]) {
      candidates.pop();
    }
    candidates.push(i);
    if (candidates[0] <= i - size) {
      candidates.shift();
    }
    if (i >= size - 1) {
      result.push(values[candidates[0]]);
    }
  }
  return result;
}

// public
//   smooth([1, 2, 3, 4], 2) -> [2, 3, 4]
//   peaks([1, 3, 2, 5], 2) -> [3, 3, 5]
// hidden
//   smooth([], 2) -> []
//   smooth([10, 20, 60], 3) -> [30]
//   smooth([1, 2], 3) -> []
//   smooth([5, 6], 1) -> [5, 6]
//   smooth([5, 6], 0) -> []
//   smooth([0, 9, 0, 0, 9], 3) -> [3, 3, 3]
//   peaks([9, 8, 7, 6], 2) -> [9, 8, 7]
//   peaks([4, 4, 4], 2) -> [4, 4]
//   peaks([1, 2, 3], 1) -> [1, 2, 3]
//   peaks([5, 1, 1, 1, 6], 3) -> [5, 1, 6]
//   peaks([2], 0) -> []
