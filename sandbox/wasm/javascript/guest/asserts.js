/**
 * Counts the assertions of a test script. Calls that the host recognized in the source were rewritten to `check` and
 * `compare` with thunks, so that both sides are seen; others arrive through `console.assert` and `assert`.
 */
(p, report, encode, render, describeError) => {
  let ordinal = 0;
  let pending = 0;
  const texts = p.list();

  const shown = (value) => {
    try {
      return render(value);
    } catch {
      return '[a value that cannot be shown]';
    }
  };
  const record = (status, input, expected, actual, thrown) => {
    ordinal += 1;
    report.test(`assert-${ordinal}`, status, input, expected, actual, thrown);
  };
  const fail = (input, expected, error) => record('error', input, expected, null, describeError(error));

  const holds = (operator, left, right) => {
    switch (operator) {
      case '===':
        return left === right;
      case '==':
        // biome-ignore lint/suspicious/noDoubleEquals: it is the script's own operator
        return left == right;
      case '!==':
        return left !== right;
      case '!=':
        // biome-ignore lint/suspicious/noDoubleEquals: it is the script's own operator
        return left != right;
      case 'is':
        return left === right || (p.isNaN(left) && p.isNaN(right));
      case 'notDeep':
        return encode(left) !== encode(right);
      default:
        return encode(left) === encode(right);
    }
  };
  const expectation = (operator, text) =>
    operator === '!==' || operator === '!=' || operator === 'notDeep' ? `not ${text}` : text;
  const isText = (meta, left, right) => meta.raw && typeof left === 'string' && typeof right === 'string';

  const compared = (meta, left, right) => {
    const raw = isText(meta, left, right);
    const expected = raw ? right : shown(right);
    const passed = holds(meta.operator, left, right);
    record(
      passed ? 'passed' : 'failed',
      meta.input,
      expectation(meta.operator, expected),
      raw ? left : shown(left),
      null,
    );
  };
  const checked = (meta, value) =>
    record(value ? 'passed' : 'failed', meta.input, 'a truthy value', shown(value), null);

  const api = {
    __proto__: null,
    check(index, condition) {
      const meta = texts[index];
      let value;
      try {
        value = condition();
      } catch (error) {
        fail(meta.input, 'a truthy value', error);
        return;
      }
      checked(meta, value);
    },
    compare(index, left, right) {
      const meta = texts[index];
      try {
        const first = left();
        compared(meta, first, right());
      } catch (error) {
        fail(meta.input, meta.expected, error);
      }
    },
    async checkLater(index, condition) {
      const meta = texts[index];
      let value;
      try {
        value = await condition();
      } catch (error) {
        fail(meta.input, 'a truthy value', error);
        return;
      }
      checked(meta, value);
    },
    async compareLater(index, left, right) {
      const meta = texts[index];
      try {
        const first = await left();
        compared(meta, first, await right());
      } catch (error) {
        fail(meta.input, meta.expected, error);
      }
    },
    /** A top-level expression of the script: when it is a promise, the script is not over before it settles. */
    track(value) {
      try {
        p.promiseThen(
          value,
          () => {
            pending -= 1;
          },
          (error) => {
            pending -= 1;
            report.failure('script', error);
          },
        );
        pending += 1;
      } catch {
        // not a promise
      }
    },
  };

  const plain = (operator, input) => (left, right) => {
    try {
      compared({ __proto__: null, operator, input, raw: false }, left, right);
    } catch (error) {
      fail(input, null, error);
    }
  };
  const truth = (condition) => checked({ __proto__: null, input: 'assert(…)' }, condition);
  const throws = (wanted, input) => (action) => {
    try {
      const value = action();
      record(
        wanted ? 'failed' : 'passed',
        input,
        wanted ? 'an exception' : 'no exception',
        shown(value),
        null,
      );
    } catch (error) {
      const thrown = describeError(error);
      record(
        wanted ? 'passed' : 'failed',
        input,
        wanted ? 'an exception' : 'no exception',
        thrown.type,
        wanted ? null : thrown,
      );
    }
  };
  const assert = (condition) => truth(condition);
  const methods = {
    __proto__: null,
    ok: truth,
    equal: plain('==', 'assert.equal(…)'),
    notEqual: plain('!=', 'assert.notEqual(…)'),
    strictEqual: plain('is', 'assert.strictEqual(…)'),
    notStrictEqual: plain('!==', 'assert.notStrictEqual(…)'),
    deepEqual: plain('deep', 'assert.deepEqual(…)'),
    deepStrictEqual: plain('deep', 'assert.deepStrictEqual(…)'),
    notDeepEqual: plain('notDeep', 'assert.notDeepEqual(…)'),
    notDeepStrictEqual: plain('notDeep', 'assert.notDeepStrictEqual(…)'),
    throws: throws(true, 'assert.throws(…)'),
    doesNotThrow: throws(false, 'assert.doesNotThrow(…)'),
    strict: assert,
  };
  const names = p.ownKeys(methods);
  for (let index = 0; index < names.length; index += 1) assert[names[index]] = methods[names[index]];

  return {
    __proto__: null,
    api,
    assert,
    describe(index, input, expected, operator, raw) {
      texts[index] = { __proto__: null, input, expected, operator, raw };
    },
    run(script) {
      try {
        api.track(script());
      } catch (error) {
        report.failure('script', error);
      }
    },
    settled: () => pending === 0,
  };
};
