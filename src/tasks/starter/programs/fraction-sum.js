/**
 * addFractions(left, right) adds two fractions written "a/b" or "a" and gives the sum in lowest terms, as "a/b" with a
 * positive denominator, or "a" for a whole number. A denominator of zero gives null.
 */
function greatestDivisor(a, b) {
  return b === 0 ? Math.abs(a) : greatestDivisor(b, a % b);
}

function parseFraction(text) {
  const [top, bottom] = text.split('/');
  return { top: Number(top), bottom: bottom === undefined ? 1 : Number(bottom) };
}

function addFractions(left, right) {
  const a = parseFraction(left);
  const b = parseFraction(right);
  let top = a.top * b.bottom + b.top * a.bottom;
  let bottom = a.bottom * b.bottom;
  if (bottom === 0) {
    return null;
  }
  if (bottom < 0) {
    top = -top;
    bottom = -bottom;
  }
  const divisor = greatestDivisor(top, bottom);
  const whole = bottom / divisor === 1;
  return whole ? `${top / divisor}` : `${top / divisor}/${bottom / divisor}`;
}

// public
//   addFractions('1/2', '1/3') -> '5/6'
//   addFractions('1/4', '1/4') -> '1/2'
//   addFractions('2', '3') -> '5'
// hidden
//   addFractions('1/2', '1/2') -> '1'
//   addFractions('1/2', '-1/2') -> '0'
//   addFractions('1/-2', '0') -> '-1/2'
//   addFractions('3/0', '1/2') -> null
//   addFractions('-1/6', '-1/3') -> '-1/2'
//   addFractions('7', '1/8') -> '57/8'
//   addFractions('10/4', '6/4') -> '4'
//   addFractions('-1/-3', '1/-6') -> '1/6'
