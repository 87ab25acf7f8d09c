import { describe, expect, test } from 'vitest';
import { useSandbox } from './python-sandbox.ts';

const { run, check } = useSandbox(1);
const statuses = (result: { readonly tests: readonly { readonly status: string }[] }): string[] =>
  result.tests.map(({ status }) => status);

const ADD = 'def add(a, b):\n    return a + b\n';

describe('a script of assertions', () => {
  test('reports every executed assertion with its source, both values and the steps of the candidate', async () => {
    const result = await run({
      program: ADD,
      tests: {
        kind: 'asserts',
        source:
          'def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate("é", "ü") == "x", "no"\n',
        invoke: 'check(add)',
      },
    });
    expect(result).toEqual({
      outcome: 'failed',
      tests: [
        {
          id: 'assert-1',
          status: 'passed',
          input: 'candidate(1, 2)',
          expected: '3',
          actual: '3',
          exception: null,
          steps: 2,
          covered: null,
        },
        {
          id: 'assert-2',
          status: 'failed',
          input: 'candidate("é", "ü")',
          expected: "'x'",
          actual: "'éü'",
          exception: { type: 'AssertionError', message: 'no', line: null },
          steps: 2,
          covered: null,
        },
      ],
      error: null,
      stdout: { text: '', bytesTotal: 0, truncated: false },
      stderr: { text: '', bytesTotal: 0, truncated: false },
      steps: 6,
      statements: null,
    });
  });

  test('goes on after a failed assertion and after one that raised', async () => {
    const result = await check(
      'def f(x):\n    return 1 // x\n',
      'assert f(1) == 2\nassert f(0) == 1\nassert f(1) == 1\n',
    );
    expect(result.outcome).toBe('failed');
    expect(statuses(result)).toEqual(['failed', 'error', 'passed']);
    expect(result.tests[1]?.exception).toEqual({
      type: 'ZeroDivisionError',
      message: 'division by zero',
      line: 2,
    });
  });

  test('counts each round of a loop as a test', async () => {
    const result = await check(ADD, 'for i in range(3):\n    assert add(i, 1) == i + 1, i\n');
    expect(result.tests.map(({ id }) => id)).toEqual(['assert-1', 'assert-1#2', 'assert-1#3']);
    expect(result.outcome).toBe('passed');
  });

  test('keeps the first thousands of results and says how many it left out', async () => {
    const result = await check(
      ADD,
      'for i in range(4500):\n    assert add(i, 1) == i + 1\nassert add(1, 1) == 3\n',
    );
    expect(result.tests).toHaveLength(4000);
    expect(result.outcome).toBe('failed');
    expect(result.error?.message).toBe('501 of 4501 tests ran but are left out of this result.');
  });

  test('evaluates each side exactly once, also in chained comparisons', async () => {
    const counting = 'calls = []\ndef f(x):\n    calls.append(x)\n    return x\n';
    const script = 'assert f(1) == f(1)\nassert f(1) < f(2) < f(3)\nassert calls == [1, 1, 1, 2, 3]\n';
    const result = await check(counting, script);
    expect(statuses(result)).toEqual(['passed', 'passed', 'passed']);
    const early = await check(counting, 'assert not (f(3) < f(2) < f(1))\nassert calls == [3, 2]\n');
    expect(statuses(early)).toEqual(['passed', 'passed']);
  });

  test.each([
    ['assert 1 != 2', 'passed'],
    ['assert 1 <= 0', 'failed'],
    ['assert 3 in [1, 2]', 'failed'],
    ['assert 3 not in [1, 2]', 'passed'],
    ['x = []\nassert x is x', 'passed'],
    ['assert [] is not []', 'passed'],
    ['assert []', 'failed'],
    ['assert not []', 'passed'],
    ['assert (lambda: 5)()', 'passed'],
    ['assert float("nan") == float("nan")', 'failed'],
    ['assert (y := 5) == 5 and y == 5', 'passed'],
    ['class A:\n    assert 1 == 1', 'passed'],
    [
      'import asyncio\nasync def main():\n    await asyncio.sleep(9)\n    assert 1 == 1\nasyncio.run(main())',
      'passed',
    ],
    ['match 5:\n    case 5:\n        assert 1 == 1', 'passed'],
  ])('understands %s', async (script, outcome) => {
    const result = await check('', script);
    expect([result.outcome, statuses(result)]).toEqual([outcome, [outcome]]);
  });

  test('evaluates the message only when the assertion fails', async () => {
    const result = await check('log = []\n', 'assert True, log.append(1)\nassert log == []\n');
    expect(result.outcome).toBe('passed');
    const raising = await check('', 'assert False, 1 // 0\n');
    expect(raising.outcome).toBe('failed');
  });

  test('lets a script catch an AssertionError as plain Python does', async () => {
    const caught = 'try:\n    assert False\nexcept AssertionError:\n    pass\nassert True\n';
    const result = await check('', caught);
    expect([result.outcome, statuses(result)]).toEqual(['passed', ['passed']]);

    const raises =
      'def must_raise():\n    try:\n        f(1)\n        assert False, "no error"\n    except ValueError:\n        pass\nmust_raise()\nassert True\n';
    const good = await check('def f(x):\n    raise ValueError(x)\n', raises);
    expect([good.outcome, statuses(good)]).toEqual(['passed', ['passed']]);
    const bad = await check('def f(x):\n    return x\n', raises);
    expect([bad.outcome, statuses(bad)]).toEqual(['failed', ['failed']]);
    expect(bad.error).toEqual({ type: 'AssertionError', message: 'no error', line: null });
  });

  test('ends at an exception outside an assertion, which is never a pass', async () => {
    const result = await check(ADD, 'assert add(1, 1) == 2\nraise KeyError("k")\nassert False\n');
    expect([result.outcome, statuses(result)]).toEqual(['error', ['passed']]);
    expect(result.error).toEqual({ type: 'KeyError', message: "'k'", line: null });
  });

  test('is failed when no assertion ran', async () => {
    const result = await check(ADD, 'def check(candidate):\n    assert candidate(1, 2) == 3\n');
    expect([result.outcome, result.tests, result.error?.type]).toEqual(['failed', [], 'NoTests']);
  });

  test("leaves the program's own assertions alone: one that fails is an error, as in plain Python", async () => {
    const result = await check(`${ADD}\nassert add(1, 1) == 3\n`, 'assert True\n');
    expect([result.outcome, result.tests]).toEqual(['error', []]);
    expect(result.error).toEqual({ type: 'AssertionError', message: '', line: 4 });
  });

  test('says where a program does not parse', async () => {
    const result = await check('x = 1\ndef f(:\n', 'assert True\n');
    expect(result.outcome).toBe('error');
    expect([result.error?.type, result.error?.line]).toEqual(['SyntaxError', 2]);
  });

  test('does not count lines of the prelude, and a program sees its names', async () => {
    const result = await check('answer = isqrt(16)\n', 'assert answer == 4\n', {
      prelude: 'from math import isqrt\nfor _ in range(1000):\n    pass\n',
    });
    expect([result.outcome, result.steps]).toEqual(['passed', 2]);
  });
});

describe('cases', () => {
  const cases = (program: string, ...pairs: [string, string][]) =>
    run({
      program,
      tests: {
        kind: 'cases',
        cases: pairs.map(([call, expected], at) => ({ id: `c${at}`, call, expected })),
      },
    });

  test('compare a call with an expected value, both as expressions over the program', async () => {
    const result = await cases(
      `${ADD}BASE = 10\n`,
      ['add(1, 2)', '3'],
      ['add(1, 2)', 'BASE'],
      ['add(1)', '1'],
    );
    expect(result.outcome).toBe('failed');
    expect(
      result.tests.map(({ id, status, input, expected, actual }) => [id, status, input, expected, actual]),
    ).toEqual([
      ['c0', 'passed', 'add(1, 2)', '3', '3'],
      ['c1', 'failed', 'add(1, 2)', '10', '3'],
      ['c2', 'error', 'add(1)', '1', null],
    ]);
    expect(result.tests[2]?.exception?.type).toBe('TypeError');
  });

  test('take NaN for equal to NaN, also inside containers, and nothing else', async () => {
    const nan = 'n = float("nan")\ndef f(): return [float("nan"), {"a": (1.0, float("nan"))}]\n';
    const result = await cases(
      nan,
      ['float("nan")', 'n'],
      ['f()', '[n, {"a": (1.0, n)}]'],
      ['f()', '[n, {"a": (2.0, n)}]'],
      ['[n]', '(n,)'],
    );
    expect(statuses(result)).toEqual(['passed', 'passed', 'failed', 'failed']);
  });

  test('are listed as not run when the program does not get that far', async () => {
    const result = await cases('raise ValueError("x")\n', ['1', '1'], ['2', '2']);
    expect([result.outcome, statuses(result)]).toEqual(['error', ['not_run', 'not_run']]);
  });
});

describe('coverage', () => {
  test('names the statements that each test reached, as ranges of UTF-16 offsets', async () => {
    const program =
      'def sign(x):\n    s = "é😀"; t = 1\n    if x < 0:\n        return -1\n    return (\n        t\n    )\n';
    const result = await check(program, 'assert sign(-5) == -1\nassert sign(5) == 1\n', { coverage: true });
    const sources = (result.statements ?? []).map(({ start, end }) => program.slice(start, end));
    expect(sources).toEqual([
      program.trimEnd(),
      's = "é😀"',
      't = 1',
      'if x < 0:\n        return -1',
      'return -1',
      'return (\n        t\n    )',
    ]);
    expect(result.tests.map(({ covered }) => covered)).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 5],
    ]);
  });

  test('costs no step and changes no other part of the result', async () => {
    const program =
      'def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n';
    const script = 'assert f(10) == 45\n';
    const plain = await check(program, script);
    const covered = await check(program, script, { coverage: true });
    const without = {
      ...covered,
      statements: null,
      tests: covered.tests.map((t) => ({ ...t, covered: null })),
    };
    expect(without).toEqual(plain);
    // The module: 1 call, 1 line. The function: 1 call, lines 1 + 11 + 10 + 1, and 10 jumps back to its loop.
    expect(plain.steps).toBe(36);
  });
});
