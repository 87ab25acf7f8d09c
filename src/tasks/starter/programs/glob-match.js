/**
 * matches(pattern, name) tells whether a name fits a pattern in which "?" stands for one character, "*" for any number, and
 * "[abc]" or "[a-z]" for one of a set ("[!…]" for one outside it).
 */
function inSet(set, sign) {
  const isNegated = set[0] === '!';
  const members = isNegated ? set.slice(1) : set;
  let found = false;
  for (let i = 0; i < members.length; i++) {
    if (members[i + 1] === '-' && i + 2 < members.length) {
      found = found || (sign >= members[i] && sign <= members[i + 2]);
      i += 2;
    } else {
      found = found || members[i] === sign;
    }
  }
  return found !== isNegated;
}

function matches(pattern, name) {
  if (pattern === '') {
    return name === '';
  }
  if (pattern[0] === '*') {
    return matches(pattern.slice(1), name) || (name !== '' && matches(pattern, name.slice(1)));
  }
  if (name === '') {
    return false;
  }
  const end = pattern.indexOf(']');
  if (pattern[0] === '[' && end > 0) {
    return inSet(pattern.slice(1, end), name[0]) && matches(pattern.slice(end + 1), name.slice(1));
  }
  return (pattern[0] === '?' || pattern[0] === name[0]) && matches(pattern.slice(1), name.slice(1));
}

// public
//   matches('*.txt', 'notes.txt') -> true
//   matches('a?c', 'abbc') -> false
//   matches('[ab]1', 'b1') -> true
// hidden
//   matches('', '') -> true
//   matches('', 'a') -> false
//   matches('*', '') -> true
//   matches('?', '') -> false
//   matches('a*b*c', 'aXXbYYc') -> true
//   matches('a*b*c', 'aXXcYYb') -> false
//   matches('[a-f][0-9]', 'e7') -> true
//   matches('[a-f][0-9]', 'g7') -> false
//   matches('[!a-c]x', 'dx') -> true
//   matches('[!a-c]x', 'bx') -> false
//   matches('[a-]', '-') -> true
//   matches('x[', 'x[') -> true
