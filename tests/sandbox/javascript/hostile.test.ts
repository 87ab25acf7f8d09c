import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import { assertsOf, casesOf, requestOf } from '../execution-request.ts';

describe('a hostile JavaScript program', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = createWasmSandbox({ workers: 1, languages: ['javascript'] });
  });
  afterAll(() => sandbox.close());

  const run = async (
    program: string,
    tests = casesOf(['f(1)', '2']),
    limits: Parameters<typeof requestOf>[3] = {},
  ): Promise<ExecutionResult> =>
    (await sandbox.execute(requestOf('javascript', program, tests, limits))).result;

  afterEach(async () => {
    const after = await run(
      'const f = (x) => x + 1; const seen = [];',
      casesOf(['f(1)', '2'], ['[...[1, 2]].map(String)', "['1', '2']"]),
    );
    expect(after.outcome, 'the execution after it is unharmed').toBe('passed');
  });

  const short = { limits: { wallMs: 250 } };
  const steps = { limits: { wallMs: 10_000, steps: 20_000 } };

  describe('that never ends', () => {
    const endless: Readonly<Record<string, string>> = {
      'in a loop': 'function f() { for (;;); }',
      'in a while loop without a body': 'function f() { while (true); }',
      'in a do loop': 'function f() { do {} while (true) }',
      'in a getter of its result': 'const f = () => ({ get x() { for (;;); } })',
      'in a getter of a thrown value': 'const f = () => { throw { get message() { for (;;); } } }',
      'in a toString of a thrown value': 'const f = () => { throw { toString() { for (;;); } } }',
      'in a microtask':
        'const f = () => { const again = () => Promise.resolve().then(again); again(); return new Promise(() => {}); }',
      'in a timer': 'const f = () => { setInterval(() => {}, 1); return new Promise(() => {}); }',
      'behind catch and finally':
        'function f() { for (;;) { try { for (;;); } catch { continue; } finally { continue; } } }',
      'in a generator': 'function f() { function* g() { for (;;) yield 1; } for (const x of g()); }',
      'in async code that catches everything':
        'async function f() { for (;;) { try { await null; for (;;); } catch {} } }',
      'in a proxy that is its result': 'const f = () => new Proxy({}, { ownKeys() { for (;;); } })',
      'in an iterator':
        'const f = () => [...{ [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }) }; } }]',
      'while it loads': 'for (;;);\nconst f = (x) => x;',
    };
    for (const [where, program] of Object.entries(endless)) {
      it(`${where} ends by the step limit`, async () => {
        const result = await run(program, undefined, steps);
        // A hidden value of a thrown object is never asked for, so such a program simply fails.
        expect(result.outcome).toBe(where.endsWith('thrown value') ? 'failed' : 'timeout');
        if (result.outcome === 'timeout') expect(result.error?.type).toBe('StepLimitExceeded');
      });
      it(`${where} ends by the wall clock`, async () => {
        const result = await run(program, undefined, short);
        expect(result.outcome).toBe(where.endsWith('thrown value') ? 'failed' : 'timeout');
      });
    }

    const native: Readonly<Record<string, string>> = {
      'in a regular expression': 'const f = () => /((((((((a*)*)*)*)*)*)*)*)*b/.test("a".repeat(40))',
      'in evaluated code': 'const f = () => eval("for (;;);")',
      'in code made by Function': 'const f = () => new Function("for (;;);")()',
      'inside a built-in method': 'const f = () => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)',
    };
    for (const [where, program] of Object.entries(native)) {
      it(`${where} ends by the wall clock`, async () => {
        const result = await run(program, undefined, short);
        expect([result.outcome, result.error?.type]).toEqual(['timeout', 'TimeLimitExceeded']);
      });
    }
  });

  describe('that takes memory', () => {
    const hungry: Readonly<Record<string, string>> = {
      'as strings': 'function f() { const all = []; for (;;) all.push("x".repeat(1e6) + all.length); }',
      'as one growing string':
        'function f() { let s = "x".repeat(1000); for (;;) s = (s + s).split("").join(""); }',
      'as arrays': 'function f() { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); }',
      'as objects': 'function f() { let o = null; for (;;) o = { o, a: 1, b: 2, c: [1, 2, 3] }; }',
      'as a typed array': 'function f() { const all = []; for (;;) all.push(new Float64Array(1e7)); }',
      'while it loads': 'const all = []; for (;;) all.push("x".repeat(1e6) + all.length);',
    };
    for (const [how, program] of Object.entries(hungry)) {
      it(`${how} runs out of it`, async () => {
        const limits = { limits: { memoryBytes: 100_000_000, wallMs: 15_000 } };
        expect((await run(program, undefined, limits)).outcome).toBe('out_of_memory');
      });
    }
    it('in one piece of three gigabytes is refused', async () => {
      for (const size of [
        '"x".repeat(3e9)',
        'new ArrayBuffer(3e9)',
        'new Uint8Array(3e9)',
        'new Array(3e9).fill(0)',
      ]) {
        const result = await run(`const f = () => ${size}.length`, undefined, { limits: { wallMs: 15_000 } });
        expect(['out_of_memory', 'failed'], size).toContain(result.outcome);
        expect(result.tests[0]?.status, size).toBe('error');
      }
    });
  });

  describe('that recurses', () => {
    const bombs: Readonly<Record<string, string>> = {
      directly: 'const f = (x) => f(x + 1) + 1',
      'through a callback': 'const f = (x) => [x].map(f)',
      'through a getter of its result':
        'const f = () => { const o = { get o() { return this.o; } }; return o; }',
      'through a comparison':
        'const f = () => { let a = []; for (let i = 0; i < 100000; i++) a = [a]; return a; }',
      'through JSON': 'const f = () => JSON.parse("[".repeat(100000))',
      'through a regular expression': 'const f = () => new RegExp("(".repeat(100000))',
      'through the parser': 'const f = () => eval("[".repeat(200000))',
      'through a proxy': 'const f = () => { const p = new Proxy({}, { get: (t, k) => p[k] }); return p.x; }',
    };
    for (const [how, program] of Object.entries(bombs)) {
      it(`${how} gets an exception`, async () => {
        const result = await run(program);
        expect([result.outcome, result.tests[0]?.status]).toEqual(['failed', 'error']);
      });
    }
    it('in its source gets a syntax error', async () => {
      const result = await run(`const f = ${'('.repeat(200_000)}`);
      expect([result.outcome, result.error?.type]).toEqual(['error', 'SyntaxError']);
    });
  });

  describe('that throws strange things', () => {
    const thrown: Readonly<Record<string, readonly [string, string]>> = {
      null: ['throw null', 'thrown null'],
      undefined: ['throw undefined', 'thrown undefined'],
      'a string': ['throw "text"', 'thrown string'],
      'a symbol': ['throw Symbol("s")', 'thrown symbol'],
      'an object with an evil toString': [
        'throw { toString() { throw 1; }, get message() { throw 2; } }',
        'thrown object',
      ],
      'a proxy': [
        'throw new Proxy({}, { getPrototypeOf() { throw 1; }, getOwnPropertyDescriptor() { throw 2; } })',
        'thrown object',
      ],
      'an error with an evil stack': [
        'const e = new Error("m"); Object.defineProperty(e, "stack", { get() { for (;;); } }); throw e',
        'Error',
      ],
      'a revoked proxy': [
        'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy',
        'thrown object',
      ],
    };
    for (const [what, [statement, type]] of Object.entries(thrown)) {
      it(`as ${what}, in a test and while loading`, async () => {
        const inTest = await run(`function f() { ${statement}; }`);
        expect(inTest.tests[0]).toMatchObject({ status: 'error', exception: { type } });
        const inLoad = await run(`function f() {}\n{ ${statement}; }`);
        expect([inLoad.outcome, inLoad.error?.type]).toEqual(['error', type]);
      });
    }
  });

  it('that prints a gigabyte leaves a bounded result', async () => {
    const result = await run('const f = () => console.log("é".repeat(5e8))', undefined, {
      limits: { wallMs: 15_000, memoryBytes: 1_000_000_000 },
    });
    expect(['output_limit', 'out_of_memory']).toContain(result.outcome);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(100_000);
  });

  it('that runs thousands of assertions has all of them counted, and a bounded result', async () => {
    const script = 'for (let i = 0; i < 12000; i += 1) console.assert(f(i) === (i === 11999 ? 0 : i + 1));';
    const result = await run('const f = (x) => x + 1', assertsOf(script), { limits: { wallMs: 15_000 } });
    expect(result.outcome).toBe('failed');
    expect(result.tests.length).toBeLessThanOrEqual(10_000);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(1_048_576);
  });

  it('finds no host, no clock, no entropy and no module', async () => {
    const names = [
      'process',
      'Deno',
      'fetch',
      'performance',
      'crypto',
      'WebAssembly',
      'Worker',
      'XMLHttpRequest',
      'SharedArrayBuffer',
      'Atomics',
      'std',
      'os',
      'navigator',
      '__host',
      'host',
      '$tests',
    ];
    const program = `const f = () => ${JSON.stringify(names)}.filter((name) => name in globalThis || (() => { try { eval(name); return true; } catch { return false; } })());`;
    expect((await run(program, casesOf(['f()', '[]']))).tests[0]?.actual).toBe('[]');
    const imported = await run('const f = () => import("node:fs")');
    expect(imported.tests[0]?.status).toBe('error');
    const required = await run('const f = () => require("fs")');
    expect(required.tests[0]?.exception?.message).toBe("Cannot find module 'fs'");
  });
});
