/**
 * evaluate(text) computes an expression of whole numbers with + - * / and parentheses, the usual precedence, left to right
 * among equals, and a minus sign in front of any operand. Division cuts off towards zero. A malformed text gives null.
 */
function evaluate(text) {
  const tokens = text.match(/\d+|\S/g) ?? [];
  let at = 0;

  function operand() {
    const token = tokens[at++];
    if (token === '-') {
      return -operand();
    }
    if (token === '(') {
      const value = sum();
      if (tokens[at++] !== ')') {
        throw new SyntaxError('a parenthesis is missing');
      }
      return value;
    }
    if (token === undefined || !/^\d+$/.test(token)) {
      throw new SyntaxError('a number is missing');
    }
    return Number(token);
  }

  function product() {
    let value = operand();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const isTimes = tokens[at++] === '*';
      const right = operand();
      value = isTimes ? value * right : Math.trunc(value / right);
    }
    return value;
  }

  function sum() {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = tokens[at++] === '+' ? 1 : -1;
      value += sign * product();
    }
    return value;
  }

  try {
    const value = sum();
    return at === tokens.length ? value : null;
  } catch {
    return null;
  }
}

// public
//   evaluate('1 + 2 * 3') -> 7
//   evaluate('(1 + 2) * 3') -> 9
//   evaluate('2 +') -> null
// hidden
//   evaluate('42') -> 42
//   evaluate('10 - 4 - 3') -> 3
//   evaluate('100 / 10 / 5') -> 2
//   evaluate('7 / 2') -> 3
//   evaluate('-7 / 2') -> -3
//   evaluate('--5') -> 5
//   evaluate('2 * -(3 + 4)') -> -14
//   evaluate('') -> null
//   evaluate('(1') -> null
//   evaluate('1 2') -> null
//   evaluate('((2))*((3))') -> 6
//   evaluate('4 % 2') -> null
