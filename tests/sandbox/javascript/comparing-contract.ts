import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { assertsOf, casesOf, requestOf } from '../execution-request.ts';

const program =
  'class Point { constructor(x) { this.x = x; } }\nconst id = (x) => x;\nconst later = async (x) => x;\n';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are programs
/** What a test in JavaScript compares and shows, wherever the candidate runs. */
export function describeComparing(name: string, create: () => Sandbox): void {
  describe(`${name}: what a JavaScript test compares and shows`, () => {
    let sandbox: Sandbox;
    beforeAll(() => {
      sandbox = create();
    });
    afterAll(() => sandbox.close());

    const equal: readonly (readonly [string, string])[] = [
      ['NaN', 'NaN'],
      ['-0', '0'],
      ['"a"', "'a'"],
      ['10n', '10n'],
      ['undefined', 'undefined'],
      ['null', 'null'],
      ['[1, [2, { a: [] }]]', '[1, [2, { a: [] }]]'],
      ['({ a: 1, b: 2 })', '({ b: 2, a: 1 })'],
      ['new Map([[1, "a"], [{ k: 1 }, 2]])', 'new Map([[{ k: 1 }, 2], [1, "a"]])'],
      ['new Set([1, [2]])', 'new Set([[2], 1])'],
      ['new Date(5)', 'new Date(5)'],
      ['/a/g', '/a/g'],
      ['new Point(1)', 'new Point(1)'],
      ['Object.create(null)', '({})'],
      ['new Uint8Array([1, 2])', 'new Uint8Array([1, 2])'],
      ['later(3)', '3'],
      ['later(later([4]))', 'later([4])'],
      ['id', 'id'],
      ['Symbol.iterator', 'Symbol.iterator'],
      ['new TypeError("m")', 'new TypeError("m")'],
      [
        '(() => { const a = [1]; a.push(a); return a; })()',
        '(() => { const a = [1]; a.push(a); return a; })()',
      ],
      ['await later(1) + 1', '2'],
      ['[,1]', '[,1]'],
    ];
    const different: readonly (readonly [string, string])[] = [
      ['1', '"1"'],
      ['1', '1n'],
      ['0', 'false'],
      ['null', 'undefined'],
      ['""', '[]'],
      ['[1, 2]', '[2, 1]'],
      ['[1]', '[1, undefined]'],
      ['({ a: undefined })', '({})'],
      ['({ 0: 1, length: 1 })', '[1]'],
      ['[,1]', '[undefined, 1]'],
      ['new Point(1)', '({ x: 1 })'],
      ['new Map([[1, 2]])', 'new Map([[1, 3]])'],
      ['new Set([1])', '[1]'],
      ['new Date(5)', 'new Date(6)'],
      ['/a/g', '/a/i'],
      ['() => 1', '() => 1'],
      ['Symbol("a")', 'Symbol("a")'],
      ['new Error("a")', 'new TypeError("a")'],
      ['new Promise(() => {}) instanceof Promise', 'false'],
      ['Object(1)', '1'],
      ['new Uint8Array([1])', 'new Int8Array([1])'],
      ['"\\u{1F600}"', '"\\u{1F601}"'],
      ['["a,b"]', '["a", "b"]'],
      ['({ "a:1,b": 2 })', '({ a: 1, b: 2 })'],
    ];
    for (const [outcome, pairs] of [
      ['passed', equal],
      ['failed', different],
    ] as const) {
      it(`${outcome === 'passed' ? 'takes as equal' : 'keeps apart'} what it should`, async () => {
        const tests = casesOf(
          ...pairs
            .map(([call, expected]) => [`id(${call})`, expected] as const)
            .map(([call, expected]) => [call.includes('await') ? call : call, expected] as const),
        );
        const { result } = await sandbox.execute(requestOf('javascript', program, tests));
        expect(result.tests.map(({ input, status }) => [input, status])).toEqual(
          pairs.map(([call]) => [`id(${call})`, outcome]),
        );
      });
    }

    it('shows values as a person would write them', async () => {
      const shown: readonly (readonly [string, string])[] = [
        ['-0', '-0'],
        ['"a\\n"', '"a\\n"'],
        ['[1, , "x", null]', '[1, , "x", null]'],
        ['({ a: 1, "b c": [undefined] })', '{a: 1, "b c": [undefined]}'],
        ['new Map([["k", new Set([1])]])', 'Map {"k" => Set {1}}'],
        ['new Point(2)', 'Point {x: 2}'],
        ['id', '[function id]'],
        ['new Date(0)', 'Date(1970-01-01T00:00:00.000Z)'],
        ['/a\\/b/g', '/a\\/b/g'],
        ['({ get x() { return 1; } })', '{x: [getter]}'],
        ['5n', '5n'],
        ['new RangeError("m")', 'RangeError ("m")'],
        ['(() => { const o = {}; o.o = o; return o; })()', '{o: [circular]}'],
      ];
      const { result } = await sandbox.execute(
        requestOf('javascript', program, casesOf(...shown.map(([call]) => [call, '"nothing"'] as const))),
      );
      expect(result.tests.map(({ actual }) => actual)).toEqual(shown.map(([, text]) => text));
    });

    it('says that a promise never settled, and what a rejected one was rejected with', async () => {
      const tests = casesOf(
        ['new Promise(() => {})', '1'],
        ['Promise.reject(new RangeError("no"))', '1'],
        ['missing(1)', '1'],
        ['1 +', '1'],
        ['1', '2)'],
      );
      const { result } = await sandbox.execute(requestOf('javascript', program, tests));
      expect(result.tests.map(({ status, exception }) => [status, exception?.type])).toEqual([
        ['error', 'NeverSettled'],
        ['error', 'RangeError'],
        ['error', 'ReferenceError'],
        ['error', 'SyntaxError'],
        ['error', 'SyntaxError'],
      ]);
    });

    it('runs timers in order on a clock of its own', async () => {
      const source =
        'async function f() { const log = []; const start = Date.now(); setTimeout(() => log.push("b"), 2000); setTimeout(() => log.push("a"), 1000); const t = setInterval(() => log.push("i"), 900); await new Promise((done) => setTimeout(done, 2500)); clearInterval(t); return [log.join(""), Date.now() - start]; }';
      const { result, wallMs } = await sandbox.execute(
        requestOf('javascript', source, casesOf(['f()', '["iaibb".slice(0, 4), 2500]'])),
      );
      expect(result.tests[0]?.actual).toBe('["iaib", 2500]');
      expect(wallMs).toBeLessThan(2_000);
    });

    it('shows both sides of a comparison, evaluates each once, and goes on after an exception', async () => {
      const source = [
        'let calls = 0; const next = () => (calls += 1);',
        'console.assert(next() === 2, "message");',
        'console.assert(JSON.stringify(id([1])) == JSON.stringify([1, 2]));',
        'console.assert((id(3)) !== (3));',
        'console.assert(null.x === 1);',
        'console.assert(id(0) || "", "text");',
        'console.assert(calls === 1);',
        'for (const n of [1, 2]) assert.deepEqual([n], [1]);',
        'assert(id(1));',
        'assert.throws(() => { throw new Error("expected"); });',
      ].join('\n');
      const { result } = await sandbox.execute(requestOf('javascript', program, assertsOf(source)));
      expect(result.error).toBeNull();
      expect(
        result.tests.map(({ id, status, input, expected, actual }) => [id, status, input, expected, actual]),
      ).toEqual([
        ['assert-1', 'failed', 'next()', '2', '1'],
        ['assert-2', 'failed', 'id([1])', '[1,2]', '[1]'],
        ['assert-3', 'failed', 'id(3)', 'not 3', '3'],
        ['assert-4', 'error', 'null.x', '1', null],
        ['assert-5', 'failed', 'id(0) || ""', 'a truthy value', '""'],
        ['assert-6', 'passed', 'calls', '1', '1'],
        ['assert-7', 'passed', '[n]', '[1]', '[1]'],
        ['assert-8', 'failed', '[n]', '[1]', '[2]'],
        ['assert-9', 'passed', 'id(1)', 'a truthy value', '1'],
        ['assert-10', 'passed', 'assert.throws(…)', 'an exception', 'Error'],
      ]);
    });

    it('awaits asynchronous scripts, and fails when one throws or never ends', async () => {
      const run = async (source: string): Promise<unknown[]> => {
        const { result } = await sandbox.execute(requestOf('javascript', program, assertsOf(source)));
        return [result.outcome, result.error?.type ?? null, result.tests.map(({ status }) => status)];
      };
      expect(
        await run(
          '(async () => { console.assert(await later(1) === 1); console.assert((await later(2)) === 3); })();',
        ),
      ).toEqual(['failed', null, ['passed', 'failed']]);
      expect(await run('console.assert(await later(1) === 1)')).toEqual(['passed', null, ['passed']]);
      expect(
        await run(
          'const t = async () => { console.assert(true); await null; throw new TypeError("x"); };\nt()',
        ),
      ).toEqual(['failed', 'TypeError', ['passed']]);
      expect(await run('console.assert(true); await new Promise(() => {});')).toEqual([
        'failed',
        'Error',
        ['passed'],
      ]);
      expect(await run('throw new TypeError("x")')).toEqual(['error', 'TypeError', []]);
      expect(await run('console.assert(')).toEqual(['sandbox_error', 'UnusableTests', []]);
    });

    it('hides the counter from a program that reads its own source', async () => {
      const source =
        'function f(a) {\n  if (a) return (x) => x;\n  for (;;) { break; }\n  while (false);\n  const g = (x) => ({ x }), h = () => { };\n  return g;\n}';
      const { result } = await sandbox.execute(
        requestOf(
          'javascript',
          source,
          casesOf(
            ['f.toString()', JSON.stringify(source)],
            ['String(f(1))', '"(x) => x"'],
            ['f + ""', JSON.stringify(source)],
          ),
        ),
      );
      expect(result.tests.map(({ actual }) => actual)).toEqual([
        JSON.stringify(source),
        '"(x) => x"',
        JSON.stringify(source),
      ]);
      expect(result.outcome).toBe('passed');
    });

    it('leaves programs free to define their own toString, name, constructor and toJSON', async () => {
      const source =
        '"use strict";\nclass E extends Error { constructor(m) { super(m); this.name = "E"; } }\nfunction Old() {} Old.prototype.toString = () => "old"; Old.prototype.constructor = Old;\nconst o = {}; o.toString = () => "own"; o.valueOf = () => 7; o.constructor = 1; o.toJSON = () => "json"; o.name = "n";\nconst counts = {}; for (const w of ["constructor", "toString", "a"]) counts[w] = (Object.hasOwn(counts, w) ? counts[w] : 0) + 1;\nArray.prototype.last = function () { return this[this.length - 1]; };\n';
      const tests = casesOf(
        ['new E("m").name + `${new Old()}`', '"Eold"'],
        ['[`${o}`, o + 1, o.constructor, JSON.stringify(o)]', '["own", 8, 1, "\\"json\\""]'],
        ['Object.entries(counts)', '[["constructor", 1], ["toString", 1], ["a", 1]]'],
        ['[1, 2].last()', '2'],
      );
      const { result } = await sandbox.execute(requestOf('javascript', source, tests));
      expect(result.tests.map(({ status, actual }) => [status, actual])).toEqual([
        ['passed', '"Eold"'],
        ['passed', '["own", 8, 1, "\\"json\\""]'],
        ['passed', '[["constructor", 1], ["toString", 1], ["a", 1]]'],
        ['passed', '2'],
      ]);
    });
  });
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are programs
