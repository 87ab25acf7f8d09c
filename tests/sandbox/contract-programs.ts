import type { CalledLanguage } from '../../src/events/task-view.ts';

/** The same behaviours written in each language, so that one suite of tests holds every driver to one meaning. */
export interface ContractPrograms {
  /** `add(a, b)`, right and wrong. */
  readonly right: string;
  readonly wrong: string;
  /** Throws inside `add`, on line 2. */
  readonly throwing: { readonly program: string; readonly type: string };
  readonly syntaxError: string;
  /** Throws while it loads. */
  readonly loadError: string;
  readonly endless: string;
  /** Takes far more than 1 GB. */
  readonly memory: string;
  /** `add` recurses without end. */
  readonly recursion: string;
  /** Prints without end. */
  readonly output: string;
  /** Prints `out` to stdout and `err` to stderr. */
  readonly prints: string;
  /** `sample()` is a list of draws from the random generator and readings of the clock. */
  readonly ambient: string;
  /** Changes what built-in functions do, for everyone in the same interpreter; defines `add` rightly. */
  readonly pollution: string;
  /** Sums 1 … n in a loop as `sum(n)`. */
  readonly loop: string;
  /** An assertion script over `add`: two assertions, the second of which only the right program passes. */
  readonly asserts: string;
  /** A script that asserts nothing. */
  readonly noAsserts: string;
}

export const contractPrograms: Readonly<Record<CalledLanguage, ContractPrograms>> = {
  javascript: {
    right: 'function add(a, b) {\n  return a + b;\n}\n',
    wrong: 'function add(a, b) {\n  return a - b;\n}\n',
    throwing: { program: 'function add(a, b) {\n  return a.missing.b;\n}\n', type: 'TypeError' },
    syntaxError: 'function add(a, b) {\n  return a +;\n}\n',
    loadError: 'const add = (a, b) => a + b;\nthrow new Error("at load");\n',
    endless: 'function add(a, b) {\n  for (;;) a += b;\n}\n',
    memory:
      'function add(a, b) {\n  const all = [];\n  for (;;) all.push(new Uint8Array(50_000_000).fill(1));\n}\n',
    recursion: 'function add(a, b) {\n  return add(a, b) + 1;\n}\n',
    output: 'function add(a, b) {\n  for (;;) console.log("x".repeat(1000));\n}\n',
    prints: 'console.log("out");\nconsole.error("err");\nfunction add(a, b) {\n  return a + b;\n}\n',
    ambient: 'const sample = () => [Math.random(), Math.random(), Date.now(), new Date().toString()];\n',
    pollution:
      'Array.prototype.extra = 1;\nMath.max = () => 7;\nObject.prototype.polluted = true;\nglobalThis.leak = 1;\nfunction add(a, b) {\n  return a + b;\n}\n',
    loop: 'function sum(n) {\n  let total = 0;\n  for (let i = 1; i <= n; i += 1) total += i;\n  return total;\n}\n',
    asserts: 'console.assert(add(0, 0) === 0);\nconsole.assert(add(2, 3) === 5);\n',
    noAsserts: 'add(1, 2);\n',
  },
  python: {
    right: 'def add(a, b):\n    return a + b\n',
    wrong: 'def add(a, b):\n    return a - b\n',
    throwing: { program: 'def add(a, b):\n    return a.missing\n', type: 'AttributeError' },
    syntaxError: 'def add(a, b):\n    return a +\n',
    loadError: 'add = lambda a, b: a + b\nraise ValueError("at load")\n',
    endless: 'def add(a, b):\n    while True:\n        a += b\n',
    memory: 'def add(a, b):\n    all = []\n    while True:\n        all.append(bytearray(50_000_000))\n',
    recursion: 'def add(a, b):\n    return add(a, b) + 1\n',
    output: 'def add(a, b):\n    while True:\n        print("x" * 1000)\n',
    prints: 'import sys\nprint("out")\nprint("err", file=sys.stderr)\ndef add(a, b):\n    return a + b\n',
    ambient:
      'import random, time, datetime\ndef sample():\n    return [random.random(), random.random(), time.time(), str(datetime.datetime.now())]\n',
    pollution:
      'import builtins, math, sys\nbuiltins.len = lambda x: 42\nmath.floor = lambda x: 7\nsys.leak = 1\ndef add(a, b):\n    return a + b\n',
    loop: 'def sum(n):\n    total = 0\n    for i in range(1, n + 1):\n        total += i\n    return total\n',
    asserts: 'assert add(0, 0) == 0\nassert add(2, 3) == 5\n',
    noAsserts: 'add(1, 2)\n',
  },
};
