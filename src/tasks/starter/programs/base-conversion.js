/**
 * convert(digits, from, to) rewrites a whole number from one base to another (2 to 36, digits 0-9 then a-z, either case, an
 * optional minus sign). The result has lower-case digits and no leading zeros. A digit that the base does not have, or no
 * digit at all, gives null.
 */
const SIGNS = '0123456789abcdefghijklmnopqrstuvwxyz';

function readNumber(digits, base) {
  if (digits === '') {
    return null;
  }
  let value = 0;
  for (const sign of digits.toLowerCase()) {
    const digit = SIGNS.indexOf(sign);
    if (digit < 0 || digit >= base) {
      return null;
    }
    value = value * base + digit;
  }
  return value;
}

function convert(digits, from, to) {
  const isNegative = digits.startsWith('-');
  let rest = readNumber(isNegative ? digits.slice(1) : digits, from);
  if (rest === null) {
    return null;
  }
  if (rest === 0) {
    return '0';
  }
  let text = '';
  while (rest > 0) {
    text = SIGNS[rest % to] + text;
    rest = Math.floor(rest / to);
  }
  return isNegative ? `-${text}` : text;
}

// public
//   convert('255', 10, 16) -> 'ff'
//   convert('1010', 2, 10) -> '10'
//   convert('12', 2, 10) -> null
// hidden
//   convert('0', 10, 2) -> '0'
//   convert('-0', 10, 2) -> '0'
//   convert('000', 8, 10) -> '0'
//   convert('FF', 16, 2) -> '11111111'
//   convert('-7', 10, 3) -> '-21'
//   convert('zz', 36, 10) -> '1295'
//   convert('', 10, 2) -> null
//   convert('-', 10, 2) -> null
//   convert('8', 8, 10) -> null
//   convert('1.5', 10, 2) -> null
//   convert('35', 10, 36) -> 'z'
