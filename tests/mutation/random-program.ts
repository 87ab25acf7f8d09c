import fc from 'fast-check';

const name = fc.constantFrom('a', 'b', 'list', 'text', 'i', 'total');

const { expression } = fc.letrec<{ expression: string; atom: string; call: string }>((tie) => ({
  atom: fc.oneof(
    name,
    fc.constantFrom(
      '0',
      '1',
      '-1',
      '2.5',
      "''",
      '"x"',
      "'it\\'s'",
      'true',
      '[]',
      'list.length',
      'list[i]',
      `\`t\${a}\``,
    ),
  ),
  call: fc.oneof(
    fc
      .tuple(tie('expression'), fc.constantFrom('floor', 'abs', 'max', 'min'))
      .map(([x, f]) => `Math.${f}(${x})`),
    fc.tuple(tie('expression')).map(([x]) => `list.push(${x})`),
    fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `text.slice(${x}, ${y})`),
    fc.tuple(tie('expression')).map(([x]) => `list.map((x) => ${x}).sort()`),
    fc.tuple(tie('expression')).map(([x]) => `(${x}).toString()`),
  ),
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('atom'),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '-', '*', '/', '%', '<', '<=', '===', '!=', '&&', '||', '&', '>>', ','),
        tie('expression'),
        fc.boolean(),
      )
      .map(([x, operator, y, spaced]) => (spaced ? `(${x} ${operator} ${y})` : `((${x})${operator}(${y}))`)),
    fc
      .tuple(
        name,
        fc.constantFrom('+', '-', '*', '<', '>='),
        name,
        fc.constantFrom('+', '/', '&&', '||', '=='),
        name,
      )
      .map(([x, first, y, second, z]) => `(${x} ${first} ${y} ${second} ${z})`),
    fc
      .tuple(fc.constantFrom('!', '-', '+', '~', 'typeof '), tie('atom'))
      .map(([operator, x]) => `(${operator} ${x})`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    tie('call'),
  ),
}));

const end = fc.constantFrom(';\n', '\n');

const { statements } = fc.letrec<{ statement: string; statements: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc
      .tuple(name, fc.constantFrom('=', '+=', '-='), expression, end)
      .map(([target, operator, value, stop]) => `${target} ${operator} ${value}${stop}`),
    fc
      .tuple(name, fc.constantFrom('++', '--'), end)
      .map(([target, operator, stop]) => `${target}${operator}${stop}`),
    fc.tuple(expression, end).map(([value, stop]) => `return ${value}${stop}`),
    fc
      .tuple(expression, tie('statements'), tie('statements'))
      .map(([test, yes, no]) => `if (${test}) {\n${yes}} else {\n${no}}\n`),
    fc.tuple(expression, tie('statement')).map(([test, yes]) => `if (${test}) ${yes}`),
    fc
      .tuple(tie('statements'), fc.constantFrom('break', 'continue'), expression)
      .map(
        ([body, jump, test]) => `for (let j = 0; j < list.length; j++) {\n${body}if (${test}) ${jump}\n}\n`,
      ),
    fc.tuple(expression, tie('statement')).map(([list, body]) => `for (const item of [${list}]) ${body}`),
    tie('statements').map((body) => `while (i < 3) {\n${body}}\n`),
  ),
  statements: fc.array(tie('statement'), { minLength: 1, maxLength: 3 }).map((list) => list.join('')),
}));

/** A syntactically valid program; what it computes does not matter. */
export const randomProgram: fc.Arbitrary<string> = fc
  .tuple(statements, fc.boolean())
  .map(
    ([body, arrow]) =>
      `${arrow ? 'const f = (a, b, list, text, i) => {' : 'function f(a, b, list, text, i) {'}\nlet total = 0;\n${body}}\n`,
  );
