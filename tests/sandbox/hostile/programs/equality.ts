import type { TestSpec } from '../../../../src/events/test-spec.ts';
import { assertsOf, casesOf } from '../../execution-request.ts';
import type { Ending, HostileProgram } from '../hostile-program.ts';

const family = 'equality that holds';
const passes: Ending = { outcome: 'passed', error: null };
const answers: Ending = {
  ...passes,
  limitation: 'a method of the value runs in the interpreter of the tests, and what it gives is plain',
};
const refused: Ending = { outcome: 'failed' };
const both = assertsOf('assert f(1) == "{{SECRET}}"\nassert f(2) == ["{{SECRET}}"]\n');

const python = (
  name: string,
  value: string,
  tests: TestSpec | null,
  wasm = refused,
  docker = refused,
): HostileProgram => ({
  name,
  family,
  language: 'python',
  program: `${value.trim()}\ndef f(x): return V()\n`,
  ...(tests === null ? {} : { tests }),
  expected: { wasm, docker },
});
const javascript = (
  name: string,
  value: string,
  script: string,
  wasm: Ending,
  docker = refused,
): HostileProgram => ({
  name,
  family,
  language: 'javascript',
  program: `const f = () => (${value});\n`,
  tests: assertsOf(script),
  expected: { wasm, docker },
});

export const equalityPrograms: readonly HostileProgram[] = [
  python(
    'gives a value that equals everything',
    'class V:\n    def __eq__(self, o): return True\n    __hash__ = None',
    both,
  ),
  python(
    'gives a value that equals everything to a case',
    'class V:\n    def __eq__(self, o): return True',
    null,
  ),
  python(
    'gives a text that equals everything',
    'class V(str):\n    def __eq__(self, o): return True\n    def __hash__(self): return 1',
    both,
  ),
  python('gives a list that equals everything', 'class V(list):\n    def __eq__(self, o): return True', both),
  python(
    'gives a number that equals everything',
    'class V(int):\n    def __eq__(self, o): return True\n    def __ne__(self, o): return False\n    def __hash__(self): return 1',
    assertsOf('assert f(1) == 41\nassert 42 == f(1)\nassert not f(1) != 43\n'),
  ),
  python(
    'gives a value that differs from nothing',
    'class V:\n    def __ne__(self, o): return False',
    assertsOf('assert not (f(1) != "{{SECRET}}")\n'),
  ),
  python(
    'gives a container that holds everything',
    'class V:\n    def __contains__(self, o): return True',
    assertsOf('assert "{{SECRET}}" in f(1)\n'),
    { ...passes, limitation: 'a container of the program says itself what it holds' },
  ),
  python(
    'gives a value whose difference to anything is nothing',
    'class V:\n    def __sub__(self, o): return 0\n    __rsub__ = __sub__',
    assertsOf('assert abs(f(1) - 3.25) < 1e-6\nassert abs(3.25 - f(1)) < 1e-6\n'),
    answers,
  ),
  python(
    'gives a value that is its own difference and has no size',
    'class V(float):\n    def __sub__(self, o): return self\n    def __abs__(self): return 0.0',
    assertsOf('assert abs(f(1) - 3.25) < 1e-6\n'),
    answers,
  ),
  python(
    'gives a value between any two',
    'class V:\n    def __lt__(self, o): return True\n    __le__ = __gt__ = __ge__ = __lt__',
    assertsOf('assert 3 < f(1) < 4\n'),
  ),
  python(
    'gives a key that is the wanted one, beside what equals nothing',
    'class K:\n    def __eq__(self, o): return True\n    def __hash__(self): return 7\ndef V(): return {K(): float("nan")}',
    casesOf(['f(1)', '{7: float("nan")}']),
  ),
  python(
    'gives a value whose class passes for another by its own comparison',
    'class M(type):\n    def __hash__(self): return hash(int)\n    def __eq__(self, o): return True\n    def __instancecheck__(self, o): return True\nclass V(metaclass=M):\n    def __eq__(self, o): return True',
    both,
  ),
  python(
    'changes whoever asks its value, to be believed later',
    `import sys
class V:
    def __eq__(self, o):
        frame = sys._getframe(1)
        while frame is not None:
            for name, value in list(frame.f_globals.items()):
                if name in ("decide", "_level", "_plain", "FOREIGN"): frame.f_globals[name] = lambda *a: None
            frame = frame.f_back
        return True
    def __repr__(self):
        self == 1
        return "V"`,
    both,
  ),
  python(
    'gives a value below and above everything',
    'class V:\n    def __lt__(self, o): return True\n    __le__ = __gt__ = __ge__ = __lt__',
    assertsOf('assert 3 < f(1) < 4\nassert f(1) <= 0\nassert 10 <= f(1)\n'),
  ),
  python(
    'gives a value whose every part and call is itself',
    'class V:\n    def __getattr__(self, n): return self\n    def __call__(self, *a): return self\n    def __getitem__(self, k): return self\n    def __eq__(self, o): return True\n    def __len__(self): return 1\n    def __iter__(self): return iter([self])',
    assertsOf(
      'assert f(1).strip() == "{{SECRET}}"\nassert f(1)[7] == 3\nassert list(f(1)) == ["{{SECRET}}"]\n',
    ),
  ),
  python(
    'gives a value that claims another class',
    'class V:\n    __class__ = property(lambda self: list)\n    def __eq__(self, o): return True\n    def __len__(self): return 3',
    assertsOf('assert isinstance(f(1), list)\nassert len(f(1)) == 3\nassert f(1) == [1, 2, 3]\n'),
    refused,
    { outcome: 'error', error: 'ProtocolError' },
  ),
  {
    name: 'gives a list whose members equal everything',
    family,
    language: 'python',
    program: 'class V:\n    def __eq__(self, o): return True\ndef f(x): return [V(), V(), V()]\n',
    tests: assertsOf(
      'assert f(1) == [1, 2, "{{SECRET}}"]\nassert sum(a == b for a, b in zip(f(1), [1, 2, 3])) == 3\n',
    ),
    expected: { wasm: refused, docker: refused },
  },
  {
    name: 'changes the argument that a test compares with',
    family,
    language: 'python',
    program: 'def f(x):\n    x.clear()\n    return []\n',
    tests: assertsOf('given = [3, 1, 2]\nassert f(given) == given\n'),
    expected: {
      wasm: {
        ...passes,
        limitation: 'a test that compares with its own argument is answered by emptying it',
      },
      docker: {
        ...passes,
        limitation: 'a test that compares with its own argument is answered by emptying it',
      },
    },
  },
  {
    name: 'gives a value that a negated tolerance lets through',
    family,
    language: 'python',
    program: 'def f(x): return float("nan")\n',
    tests: assertsOf('assert not abs(f(1) - 3.25) > 1e-6\n'),
    expected: {
      wasm: {
        ...passes,
        limitation: 'not a number is below no tolerance and above none: the test itself is wrong',
      },
      docker: {
        ...passes,
        limitation: 'not a number is below no tolerance and above none: the test itself is wrong',
      },
    },
  },
  javascript(
    'gives an object with another value at every comparison',
    '{ n: 0, valueOf() { this.n = -this.n || 1e9; return this.n; } }',
    'const got = f(1);\nconsole.assert(got >= 100);\nconsole.assert(got <= -100);\nconsole.assert(got - -100 > 0);\n',
    { ...passes, limitation: 'a comparison asks the object for its value, which changes it in between' },
    { outcome: 'failed', statuses: ['passed', 'failed', 'passed'] },
  ),
  javascript(
    'gives an object that is a text when one is wanted',
    '{ toString: () => "forged", [Symbol.toPrimitive]: () => "forged" }',
    'console.assert(f(1) == "{{SECRET}}");\nconsole.assert(f(1) + "" === "{{SECRET}}");\n',
    refused,
  ),
  javascript(
    'gives an object that is above and below everything',
    '{ n: 0, valueOf() { this.n = -this.n || 1e9; return this.n; } }',
    'const got = f(1);\nconsole.assert(got > 3.2 && got < 3.3);\n',
    { ...passes, limitation: 'a comparison asks the object for its value, which changes it in between' },
  ),
  javascript(
    'gives an object that has its own JSON',
    '{ toJSON: () => "{{" + "SECRET}}" }',
    'console.assert(JSON.stringify(f(1)) === JSON.stringify([1, 2, 3]));\n',
    refused,
  ),
  javascript(
    'gives a proxy that has and is everything',
    'new Proxy(function () {}, { get: (t, k) => (k === "length" ? 3 : () => true), has: () => true, apply: () => true, getPrototypeOf: () => Array.prototype })',
    'console.assert("{{SECRET}}" in f(1));\nconsole.assert(Object.hasOwn(f(1), "{{SECRET}}") || Reflect.has(f(1), "{{SECRET}}"));\n',
    { ...passes, limitation: 'what is in the value is asked of the value' },
    { outcome: 'failed', statuses: ['failed', 'failed'] },
  ),
  javascript(
    'gives an object with another value at every look at its property',
    '{ n: 0, get x() { this.n = -this.n || 1e9; return this.n; } }',
    'const got = f(1);\nconsole.assert(got.x > 3.2 && got.x < 3.3);\nconsole.assert(got.x >= 100 && got["x"] <= -100);\n',
    { ...passes, limitation: 'a look at the property runs the program, which changes it in between' },
    { outcome: 'failed', statuses: ['failed', 'failed'] },
  ),
  javascript(
    'gives a list that is another number at every comparison',
    'Object.assign([7], { n: 0, valueOf() { this.n = -this.n || 1e9; return this.n; } })',
    'const got = f(1);\nconsole.assert(got >= 100 && got <= -100);\nconsole.assert(got + 0 > 3.2 && got - 0 < 3.3);\n',
    { ...passes, limitation: 'a comparison asks the list for its value, which changes it in between' },
    { outcome: 'failed', statuses: ['failed', 'failed'] },
  ),
  javascript(
    'gives a value that says it includes whatever it is asked for',
    'new Proxy(function () {}, { get: () => () => true })',
    'console.assert(f(1).includes("{{SECRET}}"));\n',
    { ...passes, limitation: 'a method of the value is a function of the program' },
    { ...passes, limitation: 'a test that passes what it expects to a method of the value has told it' },
  ),
  javascript(
    'gives a list with a method of its own',
    'Object.defineProperties([0, 0, 0], { every: { value: () => true }, join: { value: () => "forged" } })',
    'const got = f(1);\nconsole.assert(got.length === 3 && got.every((v, i) => v === [1, 2, 3][i]));\n',
    { ...passes, limitation: 'a method of the value is a function of the program' },
  ),
];
