/**
 * encode(text) shortens runs of equal characters: a run of two or more becomes its length and the character, a single
 * character stays as it is. "aaabcc" becomes "3ab2c". The text holds no digits.
 */
function encode(text) {
  let result = '';
  let start = 0;
  while (start < text.length) {
    let end = start + 1;
    while (end < text.length && text[end] === text[start]) {
      end++;
    }
    const length = end - start;
    result += length > 1 ? `${length}${text[start]}` : text[start];
    start = end;
  }
  return result;
}

// public
//   encode('aaabcc') -> '3ab2c'
//   encode('xyz') -> 'xyz'
// hidden
//   encode('') -> ''
//   encode('q') -> 'q'
//   encode('aa') -> '2a'
//   encode('zzzzzzzzzzzz') -> '12z'
//   encode('abbba') -> 'a3ba'
//   encode('  --  ') -> '2 2-2 '
//   encode('aAaa') -> 'aA2a'
