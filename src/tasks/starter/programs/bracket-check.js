/**
 * firstProblem(text) checks that (), [] and {} are nested properly and gives the index of the first closing bracket that
 * does not match, or else the index of the innermost bracket still open at the end, or -1 when all is well. Brackets between
 * two double quotes do not count.
 */
function firstProblem(text) {
  const pairs = { ')': '(', ']': '[', '}': '{' };
  const open = [];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '"') {
      quoted = !quoted;
    } else if (quoted) {
    } else if ('([{'.includes(sign)) {
      open.push(i);
    } else if (sign in pairs) {
      const start = open.pop();
      if (start === undefined || text[start] !== pairs[sign]) {
        return i;
      }
    }
  }
  return open.length > 0 ? open[open.length - 1] : -1;
}

// public
//   firstProblem('(a[b]{c})') -> -1
//   firstProblem('(]') -> 1
//   firstProblem('((') -> 1
// hidden
//   firstProblem('') -> -1
//   firstProblem('no brackets') -> -1
//   firstProblem('x)') -> 1
//   firstProblem('{[}]') -> 2
//   firstProblem('(")")') -> -1
//   firstProblem('"(" )') -> 4
//   firstProblem('([]{}') -> 0
//   firstProblem('[(){') -> 3
//   firstProblem('()()]') -> 4
