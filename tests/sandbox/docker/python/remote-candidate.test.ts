import { describe, expect, test } from 'vitest';
import { withoutEngine } from '../../../support/container-engine.ts';
import { assertsOf, casesOf } from '../../execution-request.ts';
import { complaints, statuses, summary, useRemote } from './use-remote.ts';

const reason = withoutEngine();

describe.skipIf(reason !== null)('a test whose candidate is in a container', () => {
  const { run, check } = useRemote(1);
  const passes = async (program: string, script: string): Promise<void> => {
    const result = await check(program, script);
    expect(complaints(result)).toEqual([]);
    expect(result.outcome).toBe('passed');
  };

  test('sees what a call changed in its arguments, in the same objects', () =>
    passes(
      'def f(a, d, s, *, deep):\n    a.append(len(a)); d["k"] = a; s.discard(1); deep["x"][0].extend(b"yz")\n    a[0] = True\n',
      `a, d, s, b = [1], {"k": 0, "z": 1}, {1, 2}, bytearray(b"x")
inner = [b]
assert f(a, d, s, deep={"x": inner}) is None
assert a == [True, 1] and a[0] is True
assert d["k"] is a and list(d) == ["k", "z"]
assert s == {2}
assert b == b"xyz" and inner[0] is b
`,
    ));

  test('uses objects of its classes: attributes, items, iteration, operators, contexts, copies', () =>
    passes(
      `
class Box:
    count = 0
    def __init__(self, *items): self.items = list(items); Box.count += 1
    def __len__(self): return len(self.items)
    def __getitem__(self, at): return self.items[at]
    def __setitem__(self, at, value): self.items[at] = value
    def __delitem__(self, at): del self.items[at]
    def __iter__(self): return iter(self.items)
    def __bool__(self): return bool(self.items)
    def __repr__(self): return f"Box{self.items}"
    def __eq__(self, other): return isinstance(other, Box) and self.items == other.items
    def __hash__(self): return 7
    def __lt__(self, other): return self.items < other.items
    def __add__(self, other): return Box(*self.items, *other.items)
    def __enter__(self): self.items.append("in"); return self
    def __exit__(self, kind, problem, trace): self.items.append(kind.__name__ if kind else None); return True
    @property
    def first(self): return self.items[0]
class Small(Box): pass
def make(n): return Small(*range(n))
def is_box(x): return isinstance(x, Box)
def forever():
    n = 0
    while True: yield n; n += 1
`,
      `b = Box(1, 2)
assert b.items == [1, 2]
assert (len(b), b[1], b.first, bool(b), bool(Box())) == (2, 2, 1, True, False)
b[0] = 5
del b[1]
assert list(b) == [5]
assert (repr(b), str(b), f"{b}") == ("Box[5]", "Box[5]", "Box[5]")
assert b == Box(5)
assert b != Box(6)
assert b < Box(6)
assert (b + Box(7)).items == [5, 7]
assert isinstance(make(1), Box) and isinstance(make(1), Small) and not isinstance(b, Small) and not isinstance(5, Box)
assert issubclass(Small, Box) and not issubclass(int, Box)
assert type(b).__name__ == "Box" and Box.__name__ == "Box"
b.extra = {"k": 1}
assert b.extra == {"k": 1}
assert hasattr(b, "extra") and not hasattr(b, "nothing")
assert is_box(b)
assert 5 in b
with b as c:
    raise ValueError("x")
assert c is b and b.items == [5, "in", "ValueError"]
import copy
assert copy.deepcopy(b) == b and copy.copy(b) is not b
assert len({b, b}) == 1
import itertools
assert list(itertools.islice(forever(), 3)) == [0, 1, 2]
assert max(map(len, [make(1), make(3)])) == 3
`,
    ));

  test('is never asked to trust an object of the candidate about its own values', async () => {
    const result = await check(
      `
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __radd__(self, other): return other
    def __contains__(self, item): return True
    def __iter__(self): return iter([])
    def __bool__(self): return True
    def __repr__(self): return "5"
def f(): return Yes()
def g(): return [Yes()]
`,
      'assert f() == 5\nassert 5 == f()\nassert g() == [5]\nassert not f() != 5\nassert f() < 5\nassert 5 + f() == 5\nassert 5 in f()\nassert f() in [5]\n',
    );
    expect(statuses(result)).toEqual([
      'failed',
      'failed',
      'failed',
      'failed',
      'error',
      'error',
      'failed',
      'failed',
    ]);
    expect(result.tests[0]?.actual).toBe('5');
  });

  test('gives functions and objects of its own, which the candidate can use but not look into', () =>
    passes(
      `
def apply(f, *args, **named): return f(*args, **named)
def order(items, key): return sorted(items, key=key)
def total(items): return sum(items)
def attempt(f):
    try: f()
    except KeyError as problem: return f"caught {problem}"
def look(f, name):
    try: return getattr(f, name)
    except AttributeError: return "hidden"
def through(f, n): return f(n) if n else 0
def touch(thing): thing.x += 1; return (thing.x, thing[0], len(thing), thing.double(4))
`,
      `secret = 42
assert apply(lambda a, b=2: a + b, 1, b=5) == 6
assert apply(max, [1, 3]) == 3 and apply(str.upper, "a") == "A"
import operator
assert apply(operator.add, 1, 2) == 3
assert order([3, 1, 2], key=lambda x: -x) == [3, 2, 1]
assert total(n * n for n in range(4)) == 14
def fail(): return {}["k"]
assert attempt(fail) == "caught 'k'"
assert look(fail, "__globals__") == "hidden" and look(fail, "__code__") == "hidden"
assert look((n for n in [1]), "gi_frame") == "hidden"
def down(n): return n + through(down, n - 1)
assert down(4) == 10
class Thing:
    x = 1
    def __getitem__(self, at): return at
    def __len__(self): return 3
    def double(self, n): return 2 * n
assert touch(Thing()) == (2, 0, 3, 8)
`,
    ));

  test('meets exceptions as they were raised there, with their line', async () => {
    const program = `
class Low(ValueError):
    def __init__(self, n): super().__init__(n); self.n = n
    def __str__(self): return f"too low: {self.n}"
import json
def f(n):
    if n == 0: raise Low(3)
    if n == 1: return {}["missing"]
    if n == 2: return open("/nowhere")
    if n == 3: return "\\ud800".encode()
    if n == 4: raise SystemExit(3)
    if n == 5: json.loads("{")
    if n == 6: raise ExceptionGroup("several", [ValueError(1)])
    return ValueError("as a value")
`;
    await passes(
      program,
      `import json
def raised(n):
    try: f(n)
    except BaseException as problem: return problem
assert isinstance(raised(0), ValueError) and isinstance(raised(0), Low) and str(raised(0)) == "too low: 3"
assert type(raised(0)).__name__ == "Low"
try:
    f(0)
except Low as problem:
    assert problem.args == (3,)
assert type(raised(1)) is KeyError and raised(1).args == ("missing",)
assert isinstance(raised(2), FileNotFoundError) and raised(2).errno == 2
assert isinstance(raised(3), UnicodeEncodeError)
assert isinstance(raised(4), SystemExit) and raised(4).code == 3
assert isinstance(raised(5), json.JSONDecodeError)
assert isinstance(raised(6), ExceptionGroup) and len(raised(6).exceptions) == 1
assert isinstance(f(9), ValueError) and str(f(9)) == "as a value"
`,
    );
    const result = await check(program, 'assert f(0) == 1\nassert f(1) == 1\nassert f("x" * 3) == 1\n');
    expect(result.tests.map(({ exception }) => exception)).toEqual([
      { type: 'Low', message: 'too low: 3', line: 7 },
      { type: 'KeyError', message: "'missing'", line: 8 },
      null,
    ]);
  });

  test('reads data that the candidate keeps under a name when it needs it', () =>
    passes(
      'calls = []\nLIMIT = 3\ndef f(x):\n    global LIMIT\n    calls.append(x)\n    LIMIT += 1\n    return x\n',
      'assert LIMIT == 3\nassert f(1) == 1\nassert calls == [1]\nassert f(2) == 2\nassert (calls, LIMIT) == ([1, 2], 5)\nLIMIT = 0\nassert LIMIT == 0\n',
    ));

  test('keeps built-in functions and the library for itself, unless they are what is tested', async () => {
    const forged = 'def all(x): return True\ndef len(x): return 3\nsorted = sum = lambda *a, **k: 6\n';
    const cheated = await check(
      `${forged}def f(): return [0]\n`,
      'assert all(f())\nassert len(f()) == 3\nassert sorted(f()) == 6\nx = f()\nassert sum(x) == 6\n',
    );
    expect(statuses(cheated)).toEqual(['failed', 'failed', 'failed', 'failed']);
    const own = 'def sum(a, b):\n    return [a, b]\n';
    const checked =
      'def check(candidate):\n    assert sum(1, 2) == [1, 2]\n    assert candidate(1, 2) == [1, 2]\n';
    for (const tests of [
      assertsOf('assert sum(1, 2) == [1, 2]\n'),
      casesOf(['sum(1, 2)', '[1, 2]']),
      assertsOf(checked, 'check(sum)'),
      assertsOf(`${checked}check(sum)\n`),
    ]) {
      expect((await run({ program: own, tests })).outcome).toBe('passed');
    }
    const library =
      'import math, random\nfrom math import floor\ndef f(): return 2.5\nmath.floor = lambda x: 9\n';
    await passes(
      library,
      'assert math.floor(f()) == 2\nassert floor(f()) == 2\nassert random.seed(1) is None\n',
    );
  });

  test('runs the prelude for both sides, also where a package is missing here', async () => {
    const prelude = 'import nowhere_to_be_found\n';
    const both = await run({
      prelude: 'from math import isqrt\ndef helper(x):\n    return x + 1\n',
      program: 'answer = helper(isqrt(16))\ndef f(x): return helper(x)\n',
      tests: { kind: 'asserts', source: 'assert answer == helper(4)\nassert f(1) == 2\n', invoke: null },
    });
    expect([both.outcome, both.steps]).toEqual(['passed', 5]);
    const missing = await check('x = 1\n', 'assert x == 1\n', { prelude });
    expect(missing.error).toMatchObject({ type: 'ModuleNotFoundError' });
  });

  test('is seeded: randomness and the order of sets of texts are the same each time', async () => {
    const program =
      'import random\nnumbers = [random.random() for _ in range(3)]\ndef f(): return str({"a", "b", "c", "d"})\n';
    const tests = casesOf(['numbers', '0'], ['f()', '0']);
    const [first, second, other] = [
      await run({ program, tests }),
      await run({ program, tests }),
      await run({ program, tests, seed: 'other' }),
    ];
    expect(second).toEqual(first);
    expect(other.tests[0]?.actual).not.toBe(first.tests[0]?.actual);
  });

  test('ends with the step at the limit, whatever the candidate catches', async () => {
    const program =
      'def f(x):\n    while True:\n        try:\n            x += 1\n        except BaseException:\n            pass\n';
    const result = await check(program, 'assert f(1) == 1\n', { limits: { steps: 5_000 } });
    expect([summary(result), result.steps, statuses(result)]).toEqual([
      'timeout StepLimitExceeded',
      5_001,
      ['error'],
    ]);
  });

  test.each([
    ['ends its process', 'import os\ndef f(x): os._exit(0)\n', 'error ProcessEnded'],
    ['ends its process while it loads', 'import os\nos._exit(0)\n', 'error ProcessEnded'],
    ['kills itself', 'import os\ndef f(x): os.kill(os.getpid(), 9)\n', 'error ProcessEnded'],
    ['crashes', 'import ctypes\ndef f(x): ctypes.string_at(0)\n', 'error ProcessEnded'],
    ['leaves at load', 'import sys\nsys.exit(0)\n', 'error SystemExit'],
    [
      'closes everything',
      'import os\ndef f(x):\n    os.closerange(0, 99)\n    return 1\n',
      'error ProcessEnded',
    ],
    [
      'answers by itself',
      'import os\ndef f(x):\n    os.write(4, (9).to_bytes(4) + b"0\\n{\\"k\\":1}")\n',
      'error ProtocolError',
    ],
    [
      'claims a huge answer',
      'import os\ndef f(x):\n    os.write(4, b"\\xff" * 8)\n    while True: pass\n',
      'error ProcessEnded',
    ],
    [
      'takes too much memory',
      'def f(x):\n    a = []\n    while True: a.append(bytearray(10**7))\n',
      'out_of_memory',
    ],
    ['takes 3 GB at once', 'def f(x): return len(bytearray(3 * 10**9))\n', 'out_of_memory'],
    [
      'prints without end',
      'def f(x):\n    while True: print("x" * 999)\n',
      'output_limit OutputLimitExceeded',
    ],
  ])('is over when the candidate %s', async (_name, program, expected) => {
    expect(summary(await check(program, 'assert f(1) == 1\n', { limits: { steps: null } }))).toBe(expected);
    expect((await check('def f(x): return x\n', 'assert f(1) == 1\n')).outcome).toBe('passed');
  });
});
