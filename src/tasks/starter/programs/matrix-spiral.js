/**
 * spiral(matrix) reads a rectangular matrix clockwise from its top left corner to the inside.
 */
function spiral(matrix) {
  const result = [];
  let top = 0;
  let bottom = matrix.length - 1;
  let left = 0;
  let right = bottom < 0 ? -1 : matrix[0].length - 1;
  while (top <= bottom && left <= right) {
    for (let column = left; column <= right; column++) {
      result.push(matrix[top][column]);
    }
    top++;
    for (let row = top; row <= bottom; row++) {
      result.push(matrix[row][right]);
    }
    right--;
    if (top <= bottom) {
      for (let column = right; column >= left; column--) {
        result.push(matrix[bottom][column]);
      }
      bottom--;
    }
    if (left <= right) {
      for (let row = bottom; row >= top; row--) {
        result.push(matrix[row][left]);
      }
      left++;
    }
  }
  return result;
}

// public
//   spiral([[1, 2], [4, 3]]) -> [1, 2, 3, 4]
//   spiral([[1, 2, 3], [8, 9, 4], [7, 6, 5]]) -> [1, 2, 3, 4, 5, 6, 7, 8, 9]
// hidden
//   spiral([]) -> []
//   spiral([[5]]) -> [5]
//   spiral([[1, 2, 3]]) -> [1, 2, 3]
//   spiral([[1], [2], [3]]) -> [1, 2, 3]
//   spiral([[1, 2, 3, 4], [10, 11, 12, 5], [9, 8, 7, 6]]) -> [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
//   spiral([[1, 2], [6, 3], [5, 4]]) -> [1, 2, 3, 4, 5, 6]
//   spiral([[1, 2, 3], [10, 11, 4], [9, 12, 5], [8, 7, 6]]) -> [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
