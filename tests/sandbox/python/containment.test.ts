import { describe, expect, test } from 'vitest';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import type { RequestParts } from './python-request.ts';
import { BOOT_TIMEOUT_MS, useSandbox } from './python-sandbox.ts';

const { check, evaluate } = useSandbox(1);
const SCRIPT = 'def check(f):\n    assert f(1) == 1\n    assert f(2) == 2\ncheck(f)\n';
const HONEST = 'def f(x):\n    return x\n';

/** Runs a hostile program, then an honest one, which must not notice. */
async function attack(program: string, more: RequestParts = {}): Promise<ExecutionResult> {
  const result = await check(program, SCRIPT, more);
  const next = await check(HONEST, SCRIPT);
  expect(next.outcome).toBe('passed');
  return result;
}
const summary = ({ outcome, error }: ExecutionResult): string => `${outcome} ${error?.type ?? ''}`.trim();

describe('a program that does not end by itself', () => {
  test.each([
    [
      'catches everything',
      'def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n',
    ],
    ['loops while it is loading', 'while True: pass\n'],
    [
      'sits in a finalizer',
      'class A:\n    def __del__(self):\n        while True: pass\ndef f(x):\n    A()\n    return x\n',
    ],
    [
      'loops in its repr',
      'class A:\n    def __repr__(self):\n        while True: pass\ndef f(x):\n    return A()\n',
    ],
    [
      'loops in a message',
      'class E(Exception):\n    def __str__(self):\n        while True: pass\ndef f(x):\n    raise E\n',
    ],
    ['waits for a lock', 'import threading\nl = threading.Lock()\nl.acquire(); l.acquire()\n'],
    ['backtracks in a regular expression', 'import re\ndef f(x): return re.match("(a+)+b", "a" * 60)\n'],
    ['computes a huge power', 'def f(x): return 10 ** 10 ** 9\n'],
  ])('%s: timeout at the wall limit, with the thread kept', async (_name, program) => {
    const result = await attack(program, { limits: { wallMs: 300, steps: null } });
    expect(summary(result)).toBe('timeout TimeLimitExceeded');
  });

  test('and never looks at the interrupt: timeout, and the thread is replaced', {
    timeout: BOOT_TIMEOUT_MS,
  }, async () => {
    const result = await attack('def f(x): return sum(range(10 ** 15))\n', { limits: { wallMs: 300 } });
    expect(summary(result)).toBe('timeout TimeLimitExceeded');
  });

  test('but has a step limit: timeout at exactly that step, whatever it catches', async () => {
    const program =
      'def f(x):\n    while True:\n        try:\n            x += 1\n        except BaseException:\n            pass\n';
    const runs = [
      await attack(program, { limits: { steps: 5_000 } }),
      await attack(program, { limits: { steps: 5_000 } }),
    ];
    expect(runs.map(summary)).toEqual(['timeout StepLimitExceeded', 'timeout StepLimitExceeded']);
    expect(runs[0]?.steps).toBe(5_001);
    const oneLine = await attack('def f(x):\n    while True: pass\n', { limits: { steps: 5_000 } });
    expect([summary(oneLine), oneLine.steps]).toEqual(['timeout StepLimitExceeded', 5_001]);
    expect(runs[0]).toEqual(runs[1]);
  });
});

describe('a program that wants too much', () => {
  test.each([
    ['3 GB at once', 'def f(x): return len(bytearray(3 * 10 ** 9))\n', 'out_of_memory'],
    ['1 GB at once', 'def f(x): return len(bytearray(10 ** 9))\n', 'out_of_memory'],
    ['3 GB while loading', 'data = "x" * (3 * 10 ** 9)\n', 'out_of_memory OverflowError'],
    [
      'a growing list',
      'def f(x):\n    a = []\n    while True: a.append(str(len(a)) * 10 ** 6)\n',
      'out_of_memory',
    ],
    [
      'memory, and catches the error',
      'def f(x):\n    a = []\n    try:\n        while True: a.append(bytearray(10 ** 7))\n    except MemoryError:\n        return x\n',
      'passed',
    ],
  ])('%s', async (_name, program, expected) => {
    expect(summary(await attack(program))).toBe(expected);
  });

  test('gets less memory when the limit is lower, also after another program had more', async () => {
    const program = 'def f(x):\n    bytearray(60 * 10 ** 6)\n    return x\n';
    const mb = 1024 * 1024;
    expect((await attack(program, { limits: { memoryBytes: 200 * mb } })).outcome).toBe('passed');
    expect((await attack(program, { limits: { memoryBytes: 32 * mb } })).outcome).toBe('out_of_memory');
  });

  test.each([
    ['a gigabyte of output, line by line', 'def f(x):\n    while True: print("x" * 99)\n', 'x'],
    ['without end, in bytes', 'import os\ndef f(x):\n    while True: os.write(1, b"y" * 10 ** 6)\n', 'y'],
  ])('%s: output_limit with what was kept', async (_name, program, letter) => {
    const result = await attack(program);
    expect(summary(result)).toBe('output_limit OutputLimitExceeded');
    expect(result.stdout.truncated).toBe(true);
    expect(result.stdout.text.replaceAll('\n', '').replaceAll(letter, '')).toBe('');
    expect(result.stdout.text).toHaveLength(10_000);
    expect(result.stdout.bytesTotal).toBeGreaterThan(10_000);
  });

  test('writes to standard error, which has a cap of its own and never cuts a character', async () => {
    const result = await attack('import sys\ndef f(x):\n    while True: sys.stderr.write("äé€" * 50)\n');
    expect(summary(result)).toBe('output_limit OutputLimitExceeded');
    expect(result.stdout).toEqual({ text: '', bytesTotal: 0, truncated: false });
    expect(result.stderr.text).toMatch(/^[äé€]+$/);
  });

  test.each([
    [
      'fills the file system',
      'def f(x):\n    with open("/tmp/a", "wb") as h:\n        while True: h.write(b"x" * 10 ** 6)\n',
    ],
    ['makes a file of 10 GB', 'def f(x):\n    with open("/tmp/a", "wb") as h: h.truncate(10 ** 10)\n'],
    [
      'makes files without end',
      'def f(x):\n    while True:\n        open(f"/tmp/{x}", "w").close()\n        x += 1\n',
    ],
  ])('%s: a full disk', async (_name, program) => {
    const result = await attack(program);
    expect(result.outcome).toBe('failed');
    expect(result.tests[0]?.exception?.message).toMatch(/^\[Errno 51\] No space left on device/);
  });

  test.each([
    ['plain recursion', 'def f(x): return f(x) + 1\n', 'failed'],
    ['through sorted', 'def f(x): return sorted([1, 2], key=f)\n', 'failed'],
    [
      'through __eq__',
      'class A:\n    def __eq__(self, o): return self == o\ndef f(x): return A()\n',
      'failed',
    ],
    ['nested JSON', 'import json\ndef f(x): return json.loads("[" * 100000 + "]" * 100000)\n', 'failed'],
    [
      'a deep repr',
      'def f(x):\n    a = []\n    for i in range(100000): a = [a]\n    return repr(a)\n',
      'failed',
    ],
    [
      'with the limit raised',
      'import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x): return f(x) + 1\n',
      'error',
    ],
  ])('recurses without end: %s', async (_name, program, outcome) => {
    const result = await attack(program, { limits: { steps: null } });
    expect(result.outcome).toBe(outcome);
    expect(result.tests[0]?.exception?.type).toBe('RecursionError');
  });
});

describe('a program that ends the process', () => {
  test.each([
    ['sys.exit(0) while loading', 'import sys\nsys.exit(0)\n', 'error SystemExit'],
    ['raise SystemExit while loading', 'raise SystemExit\n', 'error SystemExit'],
    ['os._exit while loading', 'import os\nos._exit(0)\n', 'error SystemExit'],
    ['os._exit in a test', 'import os\ndef f(x): os._exit(0)\n', 'error SystemExit'],
    ['os.abort', 'import os\ndef f(x): os.abort()\n', 'error SystemExit'],
    [
      'a signal to itself',
      'import os, signal\ndef f(x): os.kill(os.getpid(), signal.SIGKILL)\n',
      'error SystemExit',
    ],
    ['exit() in a test', 'def f(x): exit()\n', 'failed'],
    ['sys.exit(0) in a test', 'import sys\ndef f(x): sys.exit(0)\n', 'failed'],
  ])('%s is never a pass', async (_name, program, expected) => {
    expect(summary(await attack(program))).toBe(expected);
  });
});

describe('a program that looks for a way out', () => {
  const BYPASS = 'import sys\nsys.meta_path.pop(0)\n';
  test.each([
    ['js', 'import js\n'],
    ['pyodide_js', 'import pyodide_js\n'],
    ['_pyodide', 'import _pyodide\n'],
    ['run_js', 'from pyodide.code import run_js\n'],
    ['run_js without the import hook', `${BYPASS}from pyodide.code import run_js\n`],
    ['the core without the import hook', `${BYPASS}import _pyodide_core\n`],
    ['ctypes', 'import ctypes\n'],
    ['ctypes without the import hook', `${BYPASS}import ctypes\n`],
    ['a debugger of other processes', 'import _remote_debugging\n'],
    ['test helpers that write memory', 'import _testcapi\n'],
  ])('cannot import %s', async (_name, program) => {
    expect(summary(await attack(program))).toMatch(/^error (ModuleNotFoundError|NameError|PermissionError)$/);
  });

  test('gets nothing from the cached core module but the end of its execution', async () => {
    const program = `import sys, _imp
from importlib.machinery import BuiltinImporter, ModuleSpec
core = _imp.create_builtin(ModuleSpec("_pyodide_core", BuiltinImporter))
found = []
for name in dir(core):
    try:
        found.append(getattr(core, name)("globalThis.process.exit(7)"))
    except Exception as e:
        pass
f = lambda x: x
print([type(x) for x in found])
`;
    const result = await attack(program);
    expect(result.stdout.text + summary(result)).not.toMatch(/JsProxy/);
  });

  test('finds no object of the JavaScript side in memory', async () => {
    const program = `import gc, sys
seen, queue, found = set(), [*gc.get_objects(), *sys.modules.values(), sys._getframe(), *object.__subclasses__()], []
while queue and len(seen) < 60000:
    o = queue.pop()
    if id(o) in seen: continue
    seen.add(id(o))
    if type(o).__name__ in ("JsProxy", "JsDoubleProxy", "JsArray", "JsCallable"): found.append(o)
    queue.extend(gc.get_referents(o))
results = []
for o in found:
    try: results.append(o.process)
    except Exception as e: results.append(type(e).__name__)
f = lambda x: x
`;
    const result = await check(
      program,
      'assert results == [] or not [r for r in results if "Error" not in r]\n',
      {
        limits: { steps: null },
      },
    );
    expect([result.outcome, 'passed', 'error']).toContain(result.outcome);
    expect(result.outcome === 'error' ? result.error?.type : 'PermissionError').toBe('PermissionError');
  });

  test('has no network, no processes and no threads', async () => {
    const attempt = (statement: string) =>
      evaluate(
        `def attempt():\n    try:\n        ${statement}\n    except Exception as e:\n        return f"{type(e).__name__}: {e}"\n    return "done"\n`,
        'attempt()',
      );
    expect(await attempt('import socket; socket.create_connection(("127.0.0.1", 80))')).toMatch(
      /^'(gaierror|OSError)/,
    );
    expect(await attempt('import socket; socket.socket()')).toMatch(/^'OSError: \[Errno 52\]/);
    expect(await attempt('import urllib.request; urllib.request.urlopen("http://127.0.0.1:80/")')).toMatch(
      /^'URLError/,
    );
    expect(await attempt('import subprocess; subprocess.run(["ls"])')).toMatch(/^'OSError/);
    expect(await attempt('import os; os.fork()')).toMatch(/^'OSError/);
    expect(await attempt('import os; assert os.system("ls") == -1')).toBe("'done'");
    expect(await attempt('import threading; threading.Thread(target=print).start()')).toMatch(
      /^"?'?RuntimeError/,
    );
    expect(await attempt('input()')).toMatch(/^'EOFError/);
  });

  test("sees none of the host's files and a made-up environment", async () => {
    const read = (path: string) =>
      evaluate(
        `def read(p):\n    try:\n        return open(p).read()\n    except OSError as e:\n        return type(e).__name__\n`,
        `read("${path}")`,
      );
    expect(await read('/etc/passwd')).toBe("'FileNotFoundError'");
    expect(await read('/proc/self/environ')).toBe("'FileNotFoundError'");
    expect(await read('/dev/tty')).toBe("''");
    expect(await read('/dev/stdin')).toBe("''");
    expect(await evaluate('import os', 'sorted(os.listdir("/"))')).toBe(
      "['dev', 'home', 'lib', 'proc', 'tmp']",
    );
    expect(
      await evaluate('import os', 'sorted(set(os.environ) - {"_", "LD_LIBRARY_PATH", "PATH", "PWD"})'),
    ).toBe("['HOME', 'LANG', 'LOGNAME', 'PYTHONHASHSEED', 'PYTHONINSPECT', 'USER']");
    expect(await evaluate('import sys', '[sys.executable, sys.argv, sys.path]')).toBe(
      "['/usr/bin/python3', ['candidate.py'], ['/lib/python314.zip']]",
    );
  });
});

describe('a program that forges results', () => {
  test('and calls what it finds in the frame of the test is ended', async () => {
    const program = `import sys
def f(x):
    for found in sys._getframe(1).f_code.co_consts:
        if callable(found): found(0, True)
    return x
`;
    const result = await attack(program);
    expect(summary(result)).toBe('error PermissionError');
    expect(result.tests.map(({ status }) => status)).toEqual(['error']);
  });

  test('cannot have the counting of steps back', async () => {
    expect(await evaluate('import sys', 'hasattr(sys, "monitoring")')).toBe('False');
    expect(await evaluate('import sys', '"sys.monitoring" in sys.modules')).toBe('False');
    expect(await evaluate('import gc', '[hasattr(gc, "unfreeze"), len(gc.get_objects()) < 200]')).toBe(
      '[False, True]',
    );
  });

  test.each([
    [
      'builtins',
      'import builtins\nbuiltins.repr = builtins.str = builtins.len = lambda *a: "forged"\nbuiltins.BaseException = builtins.AssertionError = None\n',
    ],
    ['the compiler', 'import ast, builtins\nast.parse = ast.walk = builtins.compile = None\n'],
    ['the standard streams', 'import sys\nsys.stdout = sys.stderr = sys.stdin = None\n'],
    ['tracing', 'import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)\n'],
  ])('and patches %s changes nothing', async (_name, patch) => {
    const wrong = await attack(`${patch}def f(x):\n    return 1\n`);
    expect(wrong.outcome).toBe('failed');
    expect(wrong.tests.map(({ status, expected, actual }) => [status, expected, actual])).toEqual([
      ['passed', '1', '1'],
      ['failed', '2', '1'],
    ]);
  });

  test('with an __eq__ that is always true does not decide against plain data', async () => {
    const result = await attack('class T:\n    def __eq__(self, o): return True\ndef f(x): return T()\n');
    expect(result.outcome).toBe('failed');
  });
});
