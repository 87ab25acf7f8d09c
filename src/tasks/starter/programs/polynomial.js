/**
 * multiply(left, right) multiplies polynomials given as coefficients from the constant term up, without zeros at the end.
 * format(polynomial) writes one from the highest power down: "2x^2 - x + 5"; the zero polynomial [] is "0".
 */
function multiply(left, right) {
  if (left.length === 0 || right.length === 0) {
    return [];
  }
  const product = new Array(left.length + right.length - 1).fill(0);
  for (let i = 0; i < left.length; i++) {
    for (let j = 0; j < right.length; j++) {
      product[i + j] += left[i] * right[j];
    }
  }
  return product;
}

function format(polynomial) {
  let text = '';
  for (let power = polynomial.length - 1; power >= 0; power--) {
    const factor = polynomial[power];
    if (factor === 0) continue;
    const size = Math.abs(factor);
    const variable = power === 0 ? '' : power === 1 ? 'x' : `x^${power}`;
    const digits = size === 1 && power > 0 ? '' : `${size}`;
    const sign = text === '' ? (factor < 0 ? '-' : '') : factor < 0 ? ' - ' : ' + ';
    text += sign + digits + variable;
  }
  return text === '' ? '0' : text;
}

// public
//   multiply([1, 1], [1, 1]) -> [1, 2, 1]
//   format([5, -1, 2]) -> '2x^2 - x + 5'
// hidden
//   multiply([], [1, 2]) -> []
//   multiply([3], [0, 2]) -> [0, 6]
//   multiply([1, -1], [1, 1, 1]) -> [1, 0, 0, -1]
//   multiply([2, 3, 4], [5, 6]) -> [10, 27, 38, 24]
//   format([]) -> '0'
//   format([0, 1]) -> 'x'
//   format([-1]) -> '-1'
//   format([1, 0, 0, -1]) -> '-x^3 + 1'
//   format([-4, 10]) -> '10x - 4'
//   format([1, 1, 1]) -> 'x^2 + x + 1'
