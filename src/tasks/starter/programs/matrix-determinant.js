/**
 * determinant(matrix) gives the determinant of a square matrix of whole numbers by expansion along the first row. The empty
 * matrix has determinant 1; a matrix that is not square gives null.
 */
function minor(matrix, column) {
  return matrix.slice(1).map((row) => row.filter((_, index) => index !== column));
}

function determinant(matrix) {
  const size = matrix.length;
  if (matrix.some((row) => row.length !== size)) {
    return null;
  }
  if (size === 0) {
    return 1;
  }
  let total = 0;
  for (let column = 0; column < size; column++) {
    const sign = column % 2 === 0 ? 1 : -1;
    total += sign * matrix[0][column] * determinant(minor(matrix, column));
  }
  return total;
}

// public
//   determinant([[1, 2], [3, 4]]) -> -2
//   determinant([[5]]) -> 5
// hidden
//   determinant([]) -> 1
//   determinant([[1, 2]]) -> null
//   determinant([[2, 0], [0, 3]]) -> 6
//   determinant([[1, 2, 3], [4, 5, 6], [7, 8, 10]]) -> -3
//   determinant([[2, 1, 0], [1, 3, 1], [0, 1, 4]]) -> 18
//   determinant([[1, 0, 0, 2], [0, 1, 0, 0], [0, 0, 1, 0], [3, 0, 0, 4]]) -> -2
//   determinant([[1, 2], [3]]) -> null
