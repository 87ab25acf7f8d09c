/**
 * wrap(text, width) breaks a text into lines of at most `width` characters. Words are separated by spaces in the text and by
 * single spaces in a line; each line takes as many words as fit, and a word that is longer than a line is cut into pieces.
 */
function wrap(text, width) {
  const lines = [];
  let line = '';
  const words = text.split(' ').filter((word) => word !== '');
  for (let word of words) {
    if (line !== '' && line.length + 1 + word.length <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') {
      lines.push(line);
    }
    while (word.length > width) {
      lines.push(word.slice(0, width));
      word = word.slice(width);
    }
    line = word;
  }
  if (line !== '') {
    lines.push(line);
  }
  return lines;
}

// public
//   wrap('the quick brown fox', 10) -> ['the quick', 'brown fox']
//   wrap('hello', 10) -> ['hello']
// hidden
//   wrap('', 5) -> []
//   wrap('   ', 5) -> []
//   wrap('a b c', 1) -> ['a', 'b', 'c']
//   wrap('ab cd ef', 5) -> ['ab cd', 'ef']
//   wrap('abcdefgh', 3) -> ['abc', 'def', 'gh']
//   wrap('to abcdefgh it', 4) -> ['to', 'abcd', 'efgh', 'it']
//   wrap('x abcdef y', 3) -> ['x', 'abc', 'def', 'y']
//   wrap('abcd e', 3) -> ['abc', 'd e']
//   wrap('one  two', 20) -> ['one two']
