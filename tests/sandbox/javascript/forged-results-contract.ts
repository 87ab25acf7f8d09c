import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { assertsOf, casesOf, requestOf } from '../execution-request.ts';

/** Each tampers with something a test could stand on; `f` always gives a wrong answer. */
const attacks: Readonly<Record<string, string>> = {
  'replaces console.assert': 'console.assert = () => {}; const f = () => [0];',
  'replaces console': 'globalThis.console = { assert() {}, log() {} }; const f = () => [0];',
  'declares its own console': 'const console = { assert() {} }; const f = () => [0];',
  'declares its own assert': 'function assert() {} assert.deepEqual = () => {}; const f = () => [0];',
  'replaces JSON.stringify': 'JSON.stringify = () => "same"; const f = () => [0];',
  'replaces JSON': 'globalThis.JSON = { stringify: () => "same" }; const f = () => [0];',
  'declares its own JSON': 'const JSON = { stringify: () => "same" }; const f = () => [0];',
  'replaces JSON.stringify when it is called':
    'const f = () => { JSON.stringify = () => "[0]"; return [0]; };',
  'adds toJSON to all arrays': 'Array.prototype.toJSON = () => "same"; const f = () => [0];',
  'adds toJSON to all objects': 'Object.prototype.toJSON = () => "same"; const f = () => [0];',
  'defines toJSON on all arrays':
    'try { Object.defineProperty(Array.prototype, "toJSON", { value: () => "same" }); } catch {} const f = () => [0];',
  'replaces Object.is': 'Object.is = () => true; const f = () => [0];',
  'replaces every': 'Array.prototype.every = () => true; const f = () => [0];',
  'replaces every when it is called': 'const f = () => { Array.prototype.every = () => true; return [0]; };',
  'defines every anew':
    'try { Object.defineProperty(Array.prototype, "every", { value: () => true }); } catch {} const f = () => [0];',
  'replaces join and sort':
    'Array.prototype.join = () => ""; Array.prototype.sort = () => ""; const f = () => [0];',
  'replaces the array iterator': 'Array.prototype[Symbol.iterator] = function* () {}; const f = () => [0];',
  'replaces what the array iterator does':
    '[][Symbol.iterator]().__proto__.next = () => ({ done: true }); const f = () => [0];',
  'replaces Function.prototype.call and apply':
    'Function.prototype.call = () => true; Function.prototype.apply = () => true; const f = () => [0];',
  'replaces Reflect':
    'Reflect.apply = () => true; Reflect.ownKeys = () => []; globalThis.Reflect = {}; const f = () => [0];',
  'replaces Array.isArray': 'Array.isArray = () => false; const f = () => [0];',
  'replaces Math.abs': 'Math.abs = () => 0; const f = () => [0];',
  'replaces Map and WeakMap':
    'globalThis.Map = class {}; globalThis.WeakMap = class { get() {} }; Map.prototype.get = () => 1; const f = () => [0];',
  'replaces Promise.prototype.then': 'Promise.prototype.then = () => {}; const f = () => [0];',
  'replaces String and its methods':
    'String.prototype.slice = () => ""; globalThis.String = () => "same"; const f = () => [0];',
  'has setters for array indices':
    'Object.defineProperty(Array.prototype, 0, { set() {}, get: () => 0, configurable: true }); const f = () => [0];',
  'has setters on all objects':
    'for (const key of ["value", "status", "thrown", "pending", "call", "expected", "code"]) Object.defineProperty(Object.prototype, key, { get: () => "passed", set() {}, configurable: true }); const f = () => [0];',
  'prints results':
    'console.log(\'{"id":"case-1","status":"passed"}\'); console.log("1 passed, 0 failed"); const f = () => [0];',
  'returns an object that claims to equal everything':
    'const f = () => ({ valueOf: () => true, toString: () => "[1,2,3]", equals: () => true, [Symbol.toPrimitive]: () => 1, length: 7 });',
  'returns a proxy that answers everything':
    'const f = () => new Proxy([], { get: (t, k) => (k === "length" ? 0 : t[k]), has: () => true });',
  'looks for the tests by name':
    'const f = () => { for (const name of ["$tests", "cases", "expected", "check"]) { try { eval(name + ".check = () => {}"); } catch {} } return [0]; };',
  'reads the source of its callers':
    'function f() { try { const g = f.caller || arguments.callee.caller; return eval(String(g).match(/\\[[^\\]]*\\]/)[0]); } catch { return [0]; } }',
  'asserts for itself':
    'console.assert(true); console.assert(true); const f = () => { console.assert(1 === 1); return [0]; };',
};

/** Programs that would like to pass without being right, wherever they run. */
export function describeForgedResults(name: string, create: () => Sandbox): void {
  describe(`${name}: a program cannot turn a failing test into a pass when it`, () => {
    let sandbox: Sandbox;
    beforeAll(() => {
      sandbox = create();
    });
    afterAll(() => sandbox.close());

    const styles = {
      cases: casesOf(['f()', '[1, 2, 3]'], ['f().length + 10', '13']),
      stringified: assertsOf(
        'const test = () => { console.assert(JSON.stringify(f()) === JSON.stringify([1, 2, 3])); };\ntest();',
      ),
      methods: assertsOf(
        'const check = (f) => { const got = f(); console.assert(Array.isArray(got) && got.length === 3 && got.every((v, i) => v === [1, 2, 3][i])); };',
        'check(f)',
      ),
      deepEqual: assertsOf(
        'const assert = require("assert");\nassert.deepStrictEqual(f(), [1, 2, 3]);\nassert.ok(Math.abs(f()[0] - 1) < 0.1);',
      ),
      late: assertsOf(
        'async function test() { const got = await f(); console.assert(JSON.stringify(got) === "[1,2,3]"); }\ntest();',
      ),
    };
    for (const [attack, program] of Object.entries(attacks)) {
      it(attack, async () => {
        for (const [style, tests] of Object.entries(styles)) {
          const { result } = await sandbox.execute(requestOf('javascript', program, tests));
          expect(result.outcome, `${style}: ${JSON.stringify(result)}`).not.toBe('passed');
          expect(result.outcome, `${style}: ${JSON.stringify(result)}`).not.toBe('sandbox_error');
          expect(
            result.tests.every((test) => test.status !== 'passed'),
            JSON.stringify(result),
          ).toBe(true);
        }
      });
    }

    it('and a right program passes all of these styles', async () => {
      for (const [style, tests] of Object.entries(styles)) {
        const { result } = await sandbox.execute(
          requestOf('javascript', 'const f = () => [1, 2, 3];', tests),
        );
        expect(result.outcome, `${style}: ${JSON.stringify(result)}`).toBe('passed');
      }
    });
  });
}
