/**
 * decode(code) expands a run-length code: a number repeats the next character that many times, a character without a
 * number stands once. A number at the end without a character is an error and throws a RangeError.
 */
function decode(code) {
  let text = '';
  let count = '';
  for (const sign of code) {
    if (sign >= '0' && sign <= '9') {
      count += sign;
    } else {
      const times = count === '' ? 1 : Number(count);
      text += sign.repeat(times);
      count = '';
    }
  }
  if (count !== '') {
    throw new RangeError('a number without a character');
  }
  return text;
}

function isBroken(code) {
  try {
    decode(code);
    return false;
  } catch (error) {
    return error instanceof RangeError;
  }
}

// public
//   decode('3ab2c') -> 'aaabcc'
//   decode('xyz') -> 'xyz'
//   isBroken('a2') -> true
// hidden
//   decode('') -> ''
//   decode('12z') -> 'zzzzzzzzzzzz'
//   decode('10a0b') -> 'aaaaaaaaaa'
//   decode('a9bc') -> 'abbbbbbbbbc'
//   decode('1x1y') -> 'xy'
//   isBroken('7') -> true
//   isBroken('7a') -> false
//   isBroken('') -> false
