/**
 * isValidNumber(text) checks a card number by the Luhn rule: from the right, every second digit is doubled (minus 9 when
 * above 9), and the sum must be a multiple of ten. Spaces are ignored; anything but digits, or fewer than two digits, is
 * invalid.
 */
function isValidNumber(text) {
  const digits = text.replaceAll(' ', '');
  if (!/^\d{2,}$/.test(digits)) {
    return false;
  }
  let sum = 0;
  let double = false;
  for (let i = digits.length - 1; i >= 0; i--) {
    let value = Number(digits[i]);
    if (double) {
      value *= 2;
      if (value > 9) {
        value -= 9;
      }
    }
    sum += value;
    double = !double;
  }
  return sum % 10 === 0;
}

function checkDigit(payload) {
  for (let digit = 0; digit <= 9; digit++) {
    if (isValidNumber(`${payload}${digit}`)) {
      return digit;
    }
  }
  return -1;
}

// public
//   isValidNumber('4539 3195 0343 6467') -> true
//   isValidNumber('8273 1232 7352 0569') -> false
//   checkDigit('7992739871') -> 3
// hidden
//   isValidNumber('0') -> false
//   isValidNumber('00') -> true
//   isValidNumber('059') -> true
//   isValidNumber('59') -> true
//   isValidNumber('91') -> true
//   isValidNumber('055a 444 285') -> false
//   isValidNumber('234 567 891 234') -> true
//   isValidNumber('') -> false
//   checkDigit('1') -> 8
//   checkDigit('') -> -1
//   checkDigit('5') -> 9
