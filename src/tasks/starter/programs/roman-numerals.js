/**
 * toRoman(number) writes a whole number from 1 to 3999 in Roman numerals, with the subtractive forms (IV, IX, XL, XC, CD,
 * CM). Any other number gives an empty string.
 */
function toRoman(number) {
  if (!Number.isInteger(number) || number < 1 || number > 3999) {
    return '';
  }
  const values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1];
  const signs = ['M', 'CM', 'D', 'CD', 'C', 'XC', 'L', 'XL', 'X', 'IX', 'V', 'IV', 'I'];
  let rest = number;
  let text = '';
  for (let i = 0; i < values.length; i++) {
    while (rest >= values[i]) {
      text += signs[i];
      rest -= values[i];
    }
  }
  return text;
}

// public
//   toRoman(3) -> 'III'
//   toRoman(14) -> 'XIV'
//   toRoman(2024) -> 'MMXXIV'
// hidden
//   toRoman(1) -> 'I'
//   toRoman(9) -> 'IX'
//   toRoman(40) -> 'XL'
//   toRoman(99) -> 'XCIX'
//   toRoman(444) -> 'CDXLIV'
//   toRoman(1900) -> 'MCM'
//   toRoman(3999) -> 'MMMCMXCIX'
//   toRoman(0) -> ''
//   toRoman(4000) -> ''
//   toRoman(2.5) -> ''
