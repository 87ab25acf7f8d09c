import type { Ending, HostileProgram } from '../hostile-program.ts';

const family = 'strange values';
const timeout: Ending = { outcome: 'timeout', error: 'TimeLimitExceeded' };
const failed: Ending = { outcome: 'failed', statuses: ['failed', 'failed'] };
const raised: Ending = { outcome: 'failed', statuses: ['error', 'error'] };
const unpassed: Ending = { outcome: 'failed' };

const python = (
  name: string,
  program: string,
  wasm: Ending,
  docker: Ending,
  limits: HostileProgram['limits'] = { wallMs: 1_500 },
): HostileProgram => ({ name, family, language: 'python', program, limits, expected: { wasm, docker } });
const javascript = (name: string, program: string, wasm: Ending, docker: Ending): HostileProgram => ({
  name,
  family,
  language: 'javascript',
  program,
  limits: { wallMs: 1_500 },
  expected: { wasm, docker },
});

export const strangePrograms: readonly HostileProgram[] = [
  python(
    'gives a value whose text never ends',
    'class V:\n    def __repr__(self):\n        while True: pass\ndef f(x): return V()\n',
    timeout,
    timeout,
  ),
  python(
    'raises an exception whose text never ends',
    'class E(Exception):\n    def __str__(self):\n        while True: pass\ndef f(x): raise E\n',
    timeout,
    timeout,
  ),
  python(
    'raises an exception whose text raises',
    'class E(Exception):\n    def __str__(self): raise self\n    __repr__ = __str__\ndef f(x): raise E\n',
    { ...raised, exceptions: ['E', 'E'] },
    { ...raised, exceptions: ['E', 'E'] },
  ),
  python(
    'raises an exception with a text of a hundred megabytes',
    'def f(x): raise ValueError("x" * 10 ** 8)\n',
    { ...raised, exceptions: ['ValueError', 'ValueError'] },
    { outcome: 'out_of_memory' },
    { wallMs: 10_000 },
  ),
  python(
    'raises an exception whose class claims another name',
    'class E(Exception): pass\nE.__name__ = E.__qualname__ = "LineEnded"\nE.__module__ = "harness"\ndef f(x): raise E("passed")\n',
    { ...raised, exceptions: ['LineEnded', 'LineEnded'] },
    { ...raised, exceptions: ['LineEnded', 'LineEnded'] },
  ),
  python(
    'raises what the sandbox itself would raise',
    'class SandboxFailed(Exception): pass\nclass TimeLimitExceeded(BaseException): pass\ndef f(x): raise (SandboxFailed if x == 1 else TimeLimitExceeded)("x")\n',
    { ...raised, exceptions: ['SandboxFailed', 'TimeLimitExceeded'] },
    { ...raised, exceptions: ['SandboxFailed', 'TimeLimitExceeded'] },
  ),
  python(
    'gives a list of three million numbers',
    'def f(x): return list(range(3 * 10 ** 6))\n',
    unpassed,
    unpassed,
    { memoryBytes: 1024 * 1024 * 1024, wallMs: 20_000 },
  ),
  python('gives a text of twenty megabytes', 'def f(x): return "é" * 10 ** 7\n', unpassed, unpassed, {
    memoryBytes: 1024 * 1024 * 1024,
    wallMs: 20_000,
  }),
  python(
    'gives a list without end',
    'import itertools\ndef f(x): return itertools.count()\n',
    unpassed,
    unpassed,
  ),
  python(
    'gives a list that holds itself',
    'def f(x):\n    a = []\n    a.append(a)\n    return a\n',
    failed,
    unpassed,
  ),
  python(
    'gives twenty thousand lists in each other',
    'def f(x):\n    a = []\n    for _ in range(2 * 10 ** 4): a = [a]\n    return a\n',
    unpassed,
    unpassed,
    { wallMs: 15_000 },
  ),
  python(
    'gives a few lists that hold each other a billion times',
    'def f(x):\n    a = [1]\n    for _ in range(30): a = [a, a]\n    return a\n',
    timeout,
    timeout,
    { wallMs: 1_500 },
  ),
  python(
    'gives a number of a hundred thousand digits',
    'def f(x): return 10 ** 100000\n',
    unpassed,
    unpassed,
  ),
  python(
    'gives texts that are no Unicode, and zero bytes',
    'def f(x): return ["\\ud800", "\\udfff\\ud800", "\\0", "\\x1b[2J", "\\u202e"]\n',
    failed,
    failed,
  ),
  python(
    'gives numbers that equal nothing',
    'def f(x): return float("nan") if x == 1 else [float("inf"), -0.0]\n',
    failed,
    failed,
  ),
  python(
    'gives a dictionary with keys that are dictionaries of its own kind',
    'class D(dict):\n    def items(self): return [(1, 1)] * 10 ** 9\n    def __iter__(self): return iter(int, 1)\n    def keys(self): return self\ndef f(x): return D(a=1)\n',
    failed,
    unpassed,
  ),
  python(
    'gives a value whose class cannot be asked',
    'class M(type):\n    def __getattribute__(cls, name): raise RuntimeError(name)\nclass V(metaclass=M):\n    def __getattribute__(self, name): raise RuntimeError(name)\n    def __repr__(self): raise SystemExit(0)\ndef f(x): return V()\n',
    unpassed,
    { outcome: 'error', error: 'RuntimeError' },
  ),
  javascript(
    'gives a proxy whose keys never end',
    'const f = () => new Proxy({}, { ownKeys() { for (;;); } });\n',
    timeout,
    timeout,
  ),
  javascript(
    'gives an object whose getter never ends',
    'const f = () => ({ get x() { for (;;); } });\n',
    timeout,
    timeout,
  ),
  javascript(
    'throws values that are no errors',
    'const f = (x) => { throw x === 1 ? null : new Proxy({}, { getPrototypeOf() { throw 1; }, get() { throw 2; } }); };\n',
    { ...raised, exceptions: ['thrown null', 'thrown object'] },
    { ...raised, exceptions: ['thrown null', 'thrown number'] },
  ),
  javascript(
    'gives a revoked proxy',
    'const f = () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; };\n',
    unpassed,
    unpassed,
  ),
];
