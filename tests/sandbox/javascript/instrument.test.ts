import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instrument } from '../../../sandbox/wasm/javascript/instrument.ts';
import { parseProgram } from '../../../sandbox/wasm/javascript/parse-program.ts';

const counter = '$c';

function instrumented(source: string): ReturnType<typeof instrument> {
  const parsed = parseProgram(source);
  if (!parsed.ok) throw new SyntaxError(`${parsed.message}, line ${parsed.line}: ${source}`);
  return instrument(source, parsed.program, counter);
}

/** Runs both and gives what each left in `log`, with what the counter saw. */
function runBoth(source: string): { plain: unknown; counted: unknown; hits: Set<number>; steps: number } {
  const hits = new Set<number>();
  let steps = 0;
  const run = (code: string): unknown => {
    const log: unknown[] = [];
    const count = (index: number): void => {
      steps += 1;
      hits.add(index);
    };
    try {
      runInNewContext(code, { log, [counter]: count }, { timeout: 5_000 });
    } catch (error) {
      log.push(`threw ${String(error)}`);
    }
    return JSON.parse(JSON.stringify(log));
  };
  const plain = run(source);
  const counted = run(instrumented(source).code);
  return { plain, counted, hits, steps };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are programs
const syntax: Readonly<Record<string, string>> = {
  'bodies without braces':
    'for (let i = 0; i < 3; i++) if (i === 1) log.push("one"); else log.push(i)\nlog.push("end")',
  'else if chains':
    'const f = (x) => { if (x < 0) return "neg"; else if (x === 0) return "zero"; else return "pos" }\nlog.push(f(-1), f(0), f(1))',
  'a dangling else':
    'for (const [a, b] of [[1, 1], [1, 0], [0, 1]]) { if (a) if (b) log.push("ab"); else log.push("a"); }',
  'while and do without braces': 'let i = 0; while (i < 3) i++; do i--; while (i > 0)\nlog.push(i)',
  'do while followed on one line': 'let i = 0; do i++; while (i < 2) log.push(i)',
  'empty bodies':
    'let i = 0; for (; i < 3; i++); while (i++ < 5); do ; while (i++ < 8)\nif (i) ; else ;\nlog.push(i)',
  'empty blocks': 'let i = 0; for (; i < 3; i++) {} while (i++ < 5) {} do {} while (i++ < 8)\nlog.push(i)',
  'labels, break and continue':
    'outer: for (let i = 0; i < 4; i++) { inner: for (let j = 0; j < 4; j++) { if (j === 2) continue outer; if (i === 3) break outer; if (i === 1) break inner; log.push([i, j]) } log.push(i) }',
  'a labelled block': 'found: { log.push(1); if (log.length) break found; log.push(2) }\nlog.push(3)',
  'labels without braces': 'if (true) a: for (;;) break a\nb: c: while (true) { break b }\nlog.push("done")',
  'switch with fall-through and lexical names':
    'for (const x of [1, 2, 3, 4]) switch (x) { case 1: let y = x; log.push(y); case 2: log.push("two"); break; default: log.push("default"); case 3: { log.push("three") } }',
  'for-in and for-of':
    'for (const k in { a: 1, b: 2 }) log.push(k)\nfor (const [a, ...r] of [[1, 2, 3]]) log.push(a, r)\nvar k; for (k in [7]) log.push(k)',
  closures: 'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); log.push(fs.map((f) => f()))',
  'arrow bodies':
    'const a = (x) => x + 1, b = (x) => ({ x }), c = (x) => (x, 2), d = x => y => x * y, e = () => [], g = async () => await 1\nlog.push(a(1), b(2), c(3), d(2)(3), e(), typeof g)',
  'an arrow body that is an assignment or a conditional':
    'let v = 0; const s = (x) => v = x; const q = (x) => x ? "y" : "n"; s(4); log.push(v, q(0), q(1))',
  'an arrow body with in': 'for (let f = (o) => ("a" in o), i = 0; i < 1; i++) log.push(f({ a: 1 }))',
  directives:
    'function strict() { "use strict"; return this === undefined }\nfunction sloppy() { return this === undefined }\nlog.push(strict(), sloppy())',
  'a program directive':
    '"use strict"\nlet ok = "no"; try { undeclared = 1 } catch (e) { ok = e.name }\nlog.push(ok)',
  hoisting:
    'log.push(typeof f, typeof v, f()); var v = 1; function f() { return g(); function g() { return "hoisted" } }',
  'functions in blocks':
    '{ function f() { return 1 } log.push(f()) } log.push(typeof f)\nif (true) function g() { return 2 }\nlog.push(g())',
  'a temporal dead zone': 'try { x; let x = 1 } catch (e) { log.push(e.name) }',
  'automatic semicolons':
    'let a = 1\nlet b = 2\n;[a, b] = [b, a]\nlog.push(a, b)\nconst f = function () { return\n1 }\nlog.push(f() === undefined)\na\n++\nb\nlog.push(a, b)\nvar c = a\n/2/1\nlog.push(c)',
  'destructuring and defaults':
    'const f = ({ a = (() => 5)(), b: { c = 2 } = {} } = {}, [d = 3, ...e] = []) => [a, c, d, e]\nlog.push(f(), f({ a: 1, b: { c: 9 } }, [7, 8]))',
  templates:
    'const t = (s, ...v) => s.raw.join("|") + v.join(",")\nlog.push(`a${(() => { return 1 })()}b`, t`x${1}\\n${2}y`, `${`n${1}`}`)',
  'optional chaining':
    'const o = { f: () => ({ g: null }) }\nlog.push(o?.f?.()?.g?.h ?? "none", o.x?.y.z, delete o?.f)',
  classes:
    'class A { static n = (() => 3)(); #p = 1; static { this.s = A.n + 1; } get p() { return this.#p } set p(v) { this.#p = v } static m() { return this.s } *[Symbol.iterator]() { yield this.#p } has(o) { return #p in o } }\nclass B extends A { constructor() { super(); this.p = 7 } get p() { return super.p } set p(v) { super.p = v } }\nlog.push(A.m(), [...new B()], new B().p, new B().has({}), A.name)',
  'names of functions':
    'const f = () => 1, g = function () {}; const o = { h: () => 2, i() {} }; log.push(f.name, g.name, o.h.name, o.i.name, ((a, b = 1) => a).length)',
  generators:
    'function* g(n) { try { for (let i = 0; i < n; i++) { const r = yield i; if (r) return "r" } } finally { log.push("fin") } }\nconst it = g(3); log.push(it.next(), it.next("x"), [...g(2)]); for (const x of g(5)) if (x) break',
  'try, catch, finally':
    'const f = () => { for (;;) try { throw 1 } catch { return "c" } finally { log.push("f") } }\nlog.push(f()); l: try { break l } finally { log.push("g") }',
  'this and arguments in arrows':
    'function F() { this.v = 4; const a = () => this.v + arguments[0]; return { r: a() } }\nlog.push(new F(1).r, (function () { return (() => new.target === undefined)() })())',
  'comma, void, delete, in and exponent':
    'let o = { a: 1 }; log.push((1, 2), void 0 === undefined, "a" in o, delete o.a, 2 ** 3 ** 0)',
  'regular expressions and division':
    'const a = 8, g = 2; log.push(a / 2 / g, /[/]\\/(?<n>x)/.test("//x"), "a/b".split(/\\//g))',
  'bodies that end in a regular expression':
    'const f = () => /a/, g = (x) => x / 2\nif (f()) log.push("a".match(/a/g) || /b/)\nelse /c/\nlog.push(f().test("a"), g(4))',
  'comments everywhere':
    '/* a */ if (/* b */ true /* c */) // d\n log.push(1) // e\n/* f */ else /* g */ log.push(2)\nconst f = () => /* h */ 3 // i\nlog.push(f())',
  with: 'with ({ q: 5 }) log.push(q)',
  'sequence of declarations':
    'var a = 1, b = a + 1, c; let d = b, e = () => d; const f = e(); log.push(a, b, c === undefined, d, f)',
  'immediately invoked functions':
    '(function () { log.push("f") })();(() => { log.push("a") })()\n;!function () { log.push("n") }()',
  'getters, setters and computed keys':
    'const k = "x"; const o = { get [k]() { return this._ ?? 1 }, set [k](v) { this._ = v }, async *[Symbol.asyncIterator]() {} }; o.x = 3; log.push(o.x)',
  'let as a name and contextual keywords':
    'var let_ = 1, of = 2, get = 3, async = 4, static_ = 5\nlog.push(of, get, async)\nasync\nlog.push(1)',
  'BigInt, separators and nullish assignment':
    'let a = null; a ??= 1_000; a ||= 2; a &&= a + 1; log.push(a, `${2n ** 64n}`)',
  'line breaks of other kinds': 'log.push(1)\r\nif (1) log.push(2)\r\nelse log.push(3)\u2028log.push(4)',
  'text outside the basic plane':
    'const 𝒳 = "😀"; if (𝒳) log.push(𝒳.length)\nconst f = (é) => é + 𝒳\nlog.push(f("ü"))',
  'a return of an arrow without parentheses':
    'const f = a => b => { return c => a + b + c }\nlog.push(f(1)(2)(3))',
  'errors that escape': 'log.push(1)\nnull.x\nlog.push(2)',
};

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are programs

describe('instrumentation', () => {
  for (const [name, source] of Object.entries(syntax)) {
    it(`does not change ${name}`, () => {
      const { plain, counted, steps } = runBoth(source);
      expect(counted).toEqual(plain);
      expect(steps).toBeGreaterThan(0);
      expect(instrumented(source).code.split('\n').length).toBe(source.split('\n').length);
    });
  }

  it('numbers every statement by its range in the original source', () => {
    const source = 'function f(x) {\n  if (x) return 1;\n  return (() => x)();\n}\nf(0);';
    const { statements } = instrumented(source);
    expect(statements.map(({ start, end }) => source.slice(start, end))).toEqual([
      'if (x) return 1;',
      'return 1;',
      'return (() => x)();',
      'x',
      'f(0);',
    ]);
    expect([...runBoth(source).hits].toSorted()).toEqual([0, 2, 3, 4]);
  });

  it('counts every iteration of loops that have no statement', () => {
    const { hits, steps } = runBoth('for (let i = 0; i < 10; i++);\nfor (let i = 0; i < 10; i++) {}');
    expect(steps).toBe(22);
    expect([...hits].toSorted()).toEqual([0, 1, 2]); // two is past the last statement
  });

  it('does not change random programs', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const expression = fc.oneof(
      name,
      fc.integer({ min: 0, max: 9 }).map(String),
      fc
        .tuple(name, fc.constantFrom('+', '-', '%', '<', '==='), fc.integer({ min: 1, max: 5 }))
        .map((p) => p.join(' ')),
      fc.tuple(name, name).map(([x, y]) => `((${x}) => ${x} + ${y})(${y})`),
    );
    const { statement } = fc.letrec<{ statement: string; body: string; block: string }>((tie) => ({
      statement: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.tuple(name, expression).map(([x, e]) => `${x} = ${e}`),
        expression.map((e) => `log.push(${e})`),
        fc.constantFrom(';', 'if (++turns > 60) throw "long"', 'log.push(turns)'),
        fc.tuple(expression, tie('body'), tie('body')).map(([e, x, y]) => `if (${e}) ${x}\nelse ${y}`),
        fc.tuple(expression, tie('body')).map(([e, x]) => `if (${e}) ${x}`),
        fc
          .tuple(fc.integer({ min: 0, max: 3 }), tie('body'))
          .map(([n, x]) => `for (let i = 0; i < ${n}; i++) ${x}`),
        fc
          .tuple(fc.integer({ min: 0, max: 3 }), tie('body'))
          .map(([n, x]) => `{ let n = ${n}; while (n-- > 0) ${x} }`),
        fc
          .tuple(tie('block'), fc.boolean())
          .map(([x, go]) => `l: for (const q of [1, 2]) { ${x}\n${go ? 'continue' : 'break'} l }`),
        fc
          .tuple(expression, tie('statement'), tie('statement'))
          .map(([e, x, y]) => `switch (${e}) { case 1: ${x}\nbreak\ndefault: ${y}\n}`),
        fc
          .tuple(tie('block'), tie('block'))
          .map(([x, y]) => `try { ${x} } catch (e) { log.push(String(e)) } finally { ${y} }`),
        fc
          .tuple(tie('block'), expression)
          .map(([x, e]) => `(function () { ${x}\nreturn ${e} })()`)
          .map((f) => `log.push(${f})`),
      ),
      block: fc.array(tie('statement'), { maxLength: 3 }).map((list) => list.join('\n')),
      body: fc.oneof(
        tie('statement').map((text) => `${text}\n`),
        tie('block').map((text) => `{ ${text} }`),
      ),
    }));
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), (list) => {
        const source = `let a = 1, b = 2, c = 3, turns = 0\n${list.join('\n')}\nlog.push(a, b, c)`;
        fc.pre(parseProgram(source).ok); // a label inside itself, for example
        const { plain, counted } = runBoth(source);
        expect(counted).toEqual(plain);
      }),
      { numRuns: process.env['PAWL_LONG'] === '1' ? 5_000 : 250 },
    );
  });
});
