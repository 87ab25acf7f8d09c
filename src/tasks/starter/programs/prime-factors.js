/**
 * factorize(number) writes a whole number above 1 as a product of primes in ascending order, with powers: 360 is
 * "2^3 * 3^2 * 5". Numbers below 2 are given as they are.
 */
function factorize(number) {
  if (number < 2) {
    return String(number);
  }
  const parts = [];
  let rest = number;
  for (let factor = 2; factor * factor <= rest; factor += factor === 2 ? 1 : 2) {
    let power = 0;
    while (rest % factor === 0) {
      rest /= factor;
      power++;
    }
    if (power > 0) {
      parts.push(power === 1 ? `${factor}` : `${factor}^${power}`);
    }
  }
  if (rest > 1) {
    parts.push(`${rest}`);
  }
  return parts.join(' * ');
}

// public
//   factorize(360) -> '2^3 * 3^2 * 5'
//   factorize(7) -> '7'
// hidden
//   factorize(1) -> '1'
//   factorize(0) -> '0'
//   factorize(2) -> '2'
//   factorize(4) -> '2^2'
//   factorize(49) -> '7^2'
//   factorize(1024) -> '2^10'
//   factorize(2 * 3 * 5 * 7 * 11) -> '2 * 3 * 5 * 7 * 11'
//   factorize(9973) -> '9973'
//   factorize(99460729) -> '9973^2'
//   factorize(150) -> '2 * 3 * 5^2'
