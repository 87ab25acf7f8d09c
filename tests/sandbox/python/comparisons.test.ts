import { describe, expect, test } from 'vitest';
import { useSandbox } from './python-sandbox.ts';

const { run, check } = useSandbox(1);

/** Classes that say what a test wants to hear, over each type that has plain values. */
const LIARS = `
import collections, datetime, decimal, fractions
def yes(self, o): return True
def no(self, o): return False
LIES = {"__eq__": yes, "__ne__": no, "__lt__": yes, "__le__": yes, "__gt__": yes, "__ge__": yes, "__hash__": lambda self: 7,
        "__contains__": yes, "__bool__": lambda self: True}
VALUES = [0, 0.5, 1j, "", b"", bytearray(), [], (), {}, set(), frozenset(), collections.deque(), decimal.Decimal(0),
          fractions.Fraction(0), collections.Counter(), collections.OrderedDict(), datetime.date(1, 1, 1),
          datetime.datetime(1, 1, 1), datetime.time(), datetime.timedelta(), object()]
def liar(at):
    kind = type("Liar", (type(VALUES[at]),), LIES)
    if type(VALUES[at]) in (datetime.date, datetime.datetime): return kind(1, 1, 1)
    return kind() if at != 1 else kind(0.5)
def count(): return len(VALUES)
`;
const WANTED = `wanted = [41, 1.5, 2j, "text", b"bytes", bytearray(b"more"), [1], (1,), {1: 2}, {1}, frozenset({1}), None, True, range(3),
          ..., int]
`;
const statuses = (result: { readonly tests: readonly { readonly status: string }[] }): ReadonlySet<string> =>
  new Set(result.tests.map(({ status }) => status));

describe('a comparison of plain data', () => {
  test.each([
    'v == w',
    'w == v',
    'not v != w',
    'not w != v',
    'v in [w]',
    'w in [v]',
    '[v] == [w]',
    '(w, [v]) == (w, [w])',
    '{1: v} == {1: w}',
    'v == w and w == v',
    'w == v == w',
    'not (v != w or w != v)',
    'v == w, "with a message"',
  ])('is not decided by an object of the program: %s', async (assertion) => {
    const script = `${WANTED}for at in range(count()):\n    for w in wanted:\n        v = liar(at)\n        assert ${assertion}\n`;
    const result = await check(LIARS, script);
    expect(result.error).toBeNull();
    expect([result.tests.length, statuses(result)]).toEqual([21 * 16, new Set(['failed'])]);
  });

  test.each(['v < w', 'w > v', 'v <= 41 <= v', 'not v >= w'])(
    'is an error where there is no order: %s',
    async (assertion) => {
      const liar = LIARS.replace('"__ge__": yes', '"__ge__": no');
      const result = await check(liar, `v, w = liar(20), 41\nassert ${assertion}\n`);
      expect(result.tests.map(({ exception }) => exception?.type)).toEqual(['TypeError']);
    },
  );

  test('is not decided by an object of the program in a case, nor beside what is not a number', async () => {
    const result = await run({
      program: `${LIARS}class Key:\n    __eq__ = yes\n    def __hash__(self): return 7\nnan = float("nan")\n`,
      tests: {
        kind: 'cases',
        cases: [
          { id: 'a', call: 'liar(20)', expected: '1' },
          { id: 'b', call: '{Key(): nan}', expected: '{7: nan}' },
          { id: 'c', call: '[nan, liar(3)]', expected: '[nan, "x"]' },
          { id: 'd', call: '{7: float("nan")}', expected: '{7: nan}' },
        ],
      },
    });
    expect(result.tests.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'passed']);
  });

  test('is made of the values of a subclass, whatever the class does with them', async () => {
    const program = `${LIARS}
import enum
class Level(enum.IntEnum): LOW = 1; HIGH = 2
class Color(str, enum.Enum): RED = "red"
class Flag(enum.IntFlag): A = 1; B = 2
Point = collections.namedtuple("Point", "x y")
class Text(str): pass
class Rows(list): pass
class Real(float):
    def __eq__(self, o): return True
class Stamp(datetime.datetime): pass
`;
    const script = `import collections, datetime, decimal, fractions
assert Level.LOW == 1 and 2 == Level.HIGH and Level.LOW < 2 and [Level.LOW] == [1]
assert Color.RED == "red"
assert {Color.RED: [Level.HIGH]} == {"red": [2]}
assert Flag.A | Flag.B == 3
assert Point(1, 2) == (1, 2)
assert (1, 2) == Point(1, 2)
assert [Point(1, 2)] == [(1, 2)]
assert Point(1, 2) < (1, 3)
assert collections.Counter("aab") == {"a": 2, "b": 1}
assert collections.defaultdict(list, {1: [2]}) == {1: [2]}
assert collections.OrderedDict([(1, 2), (3, 4)]) == {3: 4, 1: 2}
assert collections.OrderedDict([(1, Text("x"))]) == {1: "x"}
assert fractions.Fraction(1, 2) == 0.5
assert fractions.Fraction(6, 3) == 2
assert fractions.Fraction(1, 3) != 0.5
assert 0.25 < fractions.Fraction(1, 3) < 0.5
assert [fractions.Fraction(1, 2), 3] == [0.5, 3]
assert {fractions.Fraction(1, 2)} == {0.5}
assert fractions.Fraction(1, 2) == decimal.Decimal("0.5")
assert decimal.Decimal("2") == 2 and decimal.Decimal("0.5") == 0.5 and decimal.Decimal(1) < 2
assert Real(1.5) == 1.5
assert not Real(1.5) == 2.5 or False
assert Rows([1, Text("a"), Rows([2.5])]) == [1, "a", [2.5]]
assert collections.deque([Level.LOW]) == collections.deque([1])
assert Stamp(2020, 1, 2, 3) == datetime.datetime(2020, 1, 2, 3)
assert {1: 2}.keys() == {1}
assert {Text("k"): 2}.keys() == {"k"}
assert {Text("k"): 2}.items() == {("k", 2)}
assert Text("a") in "cab" and Text("a") in {"a"} and Level.LOW in [1] and 1 in [Level.LOW]
assert 3 not in [Level.LOW]
assert True == Level.LOW
assert bytearray(b"x") == b"x"
nan = float("nan")
assert [nan, Text("a")] == [nan, "a"]
`;
    const result = await check(program, script);
    const failed = result.tests.filter(({ status }) => status !== 'passed');
    expect([result.error, failed.map(({ input, exception }) => [input, exception])]).toEqual([
      null,
      [['not Real(1.5) == 2.5 or False', null]],
    ]);
  });

  test('leaves two objects of the program to themselves, and what holds both', async () => {
    const program = `
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return isinstance(o, Point) and self.x == o.x
    def __lt__(self, o): return self.x < o.x
class Bag:
    def __contains__(self, one): return one == 3
class Fold(dict):
    def __contains__(self, key): return dict.__contains__(self, key.lower())
`;
    const script = `assert Point(1) == Point(1)
assert Point(1) != Point(2)
assert Point(1) < Point(2) < Point(3)
assert [Point(1), 2] == [Point(1), 2]
assert Point(1) != 1
assert Point(1) in [Point(2), Point(1)]
assert 3 in Bag() and 4 not in Bag()
assert "A" in Fold(a=1)
`;
    const result = await check(program, script);
    expect([result.outcome, statuses(result)]).toEqual(['passed', new Set(['passed'])]);
  });

  test('evaluates what stands in the middle once, also in itself, where it raises and where it is left out', async () => {
    const program =
      'calls = []\ndef f(x):\n    calls.append(x)\n    if x == 9: raise KeyError(x)\n    return x\ndef fine(x): return 0 < f(x) < 10\n';
    const script = `def inner(x):
    assert 0 < f(x) < 10 < f(20)
    return x
assert 0 < inner(1) < inner(2) < 3
assert calls == [1, 20, 2, 20]
assert 0 < f(9) < 10
assert 5 < f(3) < f(4)
assert calls == [1, 20, 2, 20, 9, 3]
assert not 1 < f(2) < f(2) and fine(5)
`;
    const result = await check(program, script);
    expect(result.tests.map(({ status, exception }) => exception?.type ?? status)).toEqual([
      'passed',
      'passed',
      'passed',
      'passed',
      'KeyError',
      'failed',
      'passed',
      'passed',
    ]);
  });

  test('may be of values that contain themselves or lie deep in each other', async () => {
    const program = `
def nested(n, last):
    a = last
    for _ in range(n): a = [a]
    return a
class Text(str): pass
def cycle(one):
    a = [one]
    a.append(a)
    return a
`;
    const script = `assert nested(900, 1) == nested(900, 1)
assert nested(100, Text("a")) == nested(100, "a")
c = cycle(1)
assert c == c
d = [c, Text("a")]
assert d == [c, "a"]
`;
    const result = await check(program, script);
    expect([result.error, statuses(result)]).toEqual([null, new Set(['passed'])]);
  });
});
