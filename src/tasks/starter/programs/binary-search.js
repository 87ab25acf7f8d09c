/**
 * firstAtLeast(sorted, wanted) gives the index of the first number in an ascending array that is at least the wanted one,
 * or the length of the array when there is none. It must look at few elements: halve, do not scan.
 */
function firstAtLeast(sorted, wanted) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (sorted[middle] < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function countBetween(sorted, from, to) {
  if (from > to) {
    return 0;
  }
  return firstAtLeast(sorted, to + 1) - firstAtLeast(sorted, from);
}

// public
//   firstAtLeast([1, 3, 5, 7], 5) -> 2
//   firstAtLeast([1, 3, 5, 7], 8) -> 4
//   countBetween([1, 2, 4, 4, 9], 2, 4) -> 3
// hidden
//   firstAtLeast([], 1) -> 0
//   firstAtLeast([2, 2, 2], 2) -> 0
//   firstAtLeast([1, 3, 5, 7], 0) -> 0
//   firstAtLeast([1, 3, 5, 7], 6) -> 3
//   firstAtLeast([4], 4) -> 0
//   countBetween([1, 2, 4, 4, 9], 5, 8) -> 0
//   countBetween([1, 2, 4, 4, 9], 1, 9) -> 5
//   countBetween([1, 2, 4, 4, 9], 4, 2) -> 0
//   countBetween([3, 3, 3], 3, 3) -> 3
