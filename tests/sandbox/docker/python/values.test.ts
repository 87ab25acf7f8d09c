import { describe, expect, test } from 'vitest';
import { withoutEngine } from '../../../support/container-engine.ts';
import { complaints, useRemote } from './use-remote.ts';

const reason = withoutEngine();

/** A text that tells types, and values by all but the order of a set, which depends on the width of a machine word. */
const SHOW = `
def show(v):
    kind = type(v)
    name = kind.__name__
    if kind in (list, tuple, deque): return f"{name}[{', '.join(map(show, v))}]{getattr(v, 'maxlen', '')}"
    if kind in (set, frozenset): return f"{name}[{', '.join(sorted(map(show, v)))}]"
    if isinstance(v, dict): return f"{name}[{', '.join(f'{show(k)}: {show(x)}' for k, x in v.items())}]{getattr(v, 'default_factory', '')}"
    return f"{name} {v!r}"
`;

/** Gives back what it gets, and says what it is there. */
const ECHO = `${SHOW}
import collections, datetime, decimal, fractions
from collections import *
from datetime import *
from decimal import Decimal
from fractions import Fraction
def echo(value): return value
def make(text): return eval(text)
def same(value): return value[0] is value[1]
`;
const IMPORTS =
  'import collections, datetime, decimal, fractions, random\nfrom collections import *\nfrom datetime import *\nfrom decimal import Decimal\nfrom fractions import Fraction\n';

/** Random plain values, written in Python because there they are made. */
const GENERATOR = `
def leaf(r):
    return r.choice([
        lambda: None, lambda: r.random() < 0.5, lambda: r.randint(-9, 9), lambda: r.randint(-10**30, 10**30),
        lambda: r.choice([2**53 - 1, 2**53, -2**53, 2**53 + 1, 10**400]),
        lambda: r.choice([0.0, -0.0, 1e308, 5e-324, 0.1, float("inf"), float("-inf"), r.random() * 1e9]),
        lambda: complex(r.random(), -0.0), lambda: "".join(chr(r.choice([65, 233, 0x1F600, 0xD800, 0xDC00, 0, 10])) for _ in range(r.randint(0, 4))),
        lambda: r.randbytes(3), lambda: bytearray(r.randbytes(3)), lambda: range(r.randint(0, 5), 9, 2), lambda: slice(1, None, 2),
        lambda: ..., lambda: Decimal("-1.50E+7"), lambda: Fraction(r.randint(-9, 9), 7), lambda: date(2024, 2, 29),
        lambda: datetime(2024, 2, 29, 1, 2, 3, 4, timezone.utc), lambda: time(1, 2, 3), lambda: timedelta(-1, 5, 6), lambda: int,
    ])()
def hashable(r, depth):
    if depth == 0 or r.random() < 0.5:
        return r.choice([r.randint(-9, 9), str(r.random()), None, True, 2.5, b"x", 10**30, "\\ud800"])
    parts = [hashable(r, depth - 1) for _ in range(r.randint(0, 3))]
    return r.choice([tuple, frozenset])(parts)
def value(r, depth):
    if depth == 0 or r.random() < 0.2:
        return leaf(r)
    items = lambda: [value(r, depth - 1) for _ in range(r.randint(0, 4))]
    pairs = lambda: [(hashable(r, 2), value(r, depth - 1)) for _ in range(r.randint(0, 3))]
    factory = defaultdict(list)
    factory.update(pairs())
    return r.choice([
        lambda: items(), lambda: tuple(items()), lambda: dict(pairs()), lambda: {hashable(r, 2) for _ in range(3)},
        lambda: frozenset(range(r.randint(0, 3))), lambda: OrderedDict(pairs()), lambda: factory, lambda: deque(items(), 7),
        lambda: Counter(r.choices("abc", k=5)),
    ])()
`;

describe.skipIf(reason !== null)('a value on its way to the candidate and back', () => {
  const { check } = useRemote(1);

  test.each([1, 2, 3])(
    'keeps its type and everything in it, also when it is made there (seed %i)',
    async (seed) => {
      const script = `${IMPORTS}${GENERATOR}${SHOW.replace('def show', 'def shown').replaceAll('map(show', 'map(shown').replaceAll('{show(', '{shown(')}
r = random.Random(${seed})
for _ in range(150):
    v = value(r, 3)
    assert show(v) == shown(v)
    assert shown(echo(v)) == shown(v)
`;
      const result = await check(ECHO, script);
      expect(complaints(result)).toEqual([]);
      expect(result.tests).toHaveLength(300);
    },
  );

  test('is itself again when it was an argument, and shared parts stay shared', async () => {
    const result = await check(
      ECHO,
      `x = [1]
y = {"k": x, "l": x}
assert echo(x) is x
assert echo(y)["k"] is x
assert same([x, x])
assert not same([[1], [1]])
made = make("(lambda a: [a, a])([])")
assert made[0] is made[1]
`,
    );
    expect(complaints(result)).toEqual([]);
  });

  test('may contain itself, and be as deep as memory allows', async () => {
    const result = await check(
      `${ECHO}
def cycle():
    a = [1]
    a.append(a)
    return a
def nest(n):
    a = []
    for _ in range(n): a = [a]
    return a
def depth(a):
    n = 0
    while a: a, n = a[0], n + 1
    return n
def tuples(n):
    a = ()
    for _ in range(n): a = (a,)
    return a
`,
      `c = cycle()
assert c[1] is c
assert repr(c) == "[1, [...]]"
d = nest(5000)
n = 0
while d: d, n = d[0], n + 1
assert n == 5000
d = tuples(3000)
n = 0
while d: d, n = d[0], n + 1
assert n == 3000
a = []
for _ in range(5000): a = [a]
assert depth(a) == 5000
`,
    );
    expect(complaints(result)).toEqual([]);
  });

  test('of a subclass arrives as its plain value, whatever its methods say', async () => {
    const result = await check(
      `
import enum
class L(list):
    def __eq__(self, other): return True
    def __iter__(self): return iter([9])
    def __len__(self): return 7
class I(int):
    def __eq__(self, other): return True
    def __index__(self): return 5
class S(str):
    def __eq__(self, other): return True
    def __str__(self): return "forged"
class D(dict):
    def items(self): return [(1, 1)]
class E(enum.IntEnum):
    A = 4
def f(n): return [L([1]), I(1), S("s"), D(a=2), E.A][n]
`,
      `assert (type(f(0)), f(0)) == (list, [1])
assert (type(f(1)), f(1)) == (int, 1)
assert (type(f(2)), f(2)) == (str, "s")
assert (type(f(3)), f(3)) == (dict, {"a": 2})
assert (type(f(4)), f(4)) == (int, 4)
`,
    );
    expect(complaints(result)).toEqual([]);
  });

  test('keeps the names of a named tuple, and views of a dictionary', async () => {
    const result = await check(
      'from collections import namedtuple\nP = namedtuple("P", "x y")\ndef f(): return P(1, y=[2])\ndef views(d): return d.keys(), d.values(), d.items()\n',
      'p = f()\nassert p == (1, [2])\nassert p.y == [2]\nassert repr(p) == "P(x=1, y=[2])"\nk, v, i = views({"a": 1})\nassert k == {"a"}\nassert list(v) == [1]\nassert i == {("a", 1)}\n',
    );
    expect(complaints(result)).toEqual([]);
  });

  test('keeps the order of a set that the machine made', async () => {
    const result = await check(
      'def f(s): return tuple(s)\ndef g(): return {16, 12, 13, 14, 15}\n',
      's = {16, 12, 13, 14, 15}\nassert f(s) == tuple(s)\nassert repr(g()) == repr(s)\n',
    );
    expect(complaints(result)).toEqual([]);
  });

  test('that is too large is an exception of the call', async () => {
    const result = await check('def f(): return "x" * (17 << 20)\n', 'assert f() == 1\nassert True\n');
    expect(result.tests.map(({ status, exception }) => [status, exception?.message])).toEqual([
      ['error', 'a value of more than 16 MiB cannot be sent'],
      ['passed', undefined],
    ]);
  });
});
