/**
 * tokenize(source) cuts a formula into tokens [kind, text]: "number" (digits with at most one point between them), "name"
 * (a letter or underscore, then letters, digits, underscores) and "sign" (any other single character). White space
 * separates and is dropped.
 */
function tokenize(source) {
  const tokens = [];
  let at = 0;
  const take = (accepts) => {
    const start = at;
    while (at < source.length && accepts(source[at])) {
      at++;
    }
    return source.slice(start, at);
  };
  const isDigit = (sign) => sign >= '0' && sign <= '9';
  const isLetter = (sign) => /[A-Za-z_]/.test(sign);
  while (at < source.length) {
    const sign = source[at];
    if (sign === ' ' || sign === '\n' || sign === '\t') {
      at++;
    } else if (isDigit(sign)) {
      let text = take(isDigit);
      if (source[at] === '.' && at + 1 < source.length && isDigit(source[at + 1])) {
        at++;
        text += `.${take(isDigit)}`;
      }
      tokens.push(['number', text]);
    } else if (isLetter(sign)) {
      tokens.push(['name', take((next) => isLetter(next) || isDigit(next))]);
    } else {
      tokens.push(['sign', sign]);
      at++;
    }
  }
  return tokens;
}

// public
//   tokenize('a1 + 20') -> [['name', 'a1'], ['sign', '+'], ['number', '20']]
//   tokenize('3.5*(x)') -> [['number', '3.5'], ['sign', '*'], ['sign', '('], ['name', 'x'], ['sign', ')']]
// hidden
//   tokenize('') -> []
//   tokenize(' \t\n ') -> []
//   tokenize('_a_9b') -> [['name', '_a_9b']]
//   tokenize('9b') -> [['number', '9'], ['name', 'b']]
//   tokenize('1.2.3') -> [['number', '1.2'], ['sign', '.'], ['number', '3']]
//   tokenize('7.') -> [['number', '7'], ['sign', '.']]
//   tokenize('.5') -> [['sign', '.'], ['number', '5']]
//   tokenize('a<=b') -> [['name', 'a'], ['sign', '<'], ['sign', '='], ['name', 'b']]
//   tokenize('x\ny') -> [['name', 'x'], ['name', 'y']]
