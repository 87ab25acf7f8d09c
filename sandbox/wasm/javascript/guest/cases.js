/** Runs `{kind: 'cases'}`: the host starts a case, runs promise jobs and timers until it settles, and ends it. */
(p, report, encode, render, describeError) => {
  const cases = p.list();
  let current = null;

  const settle = (state, key, value) => {
    state[key] = { __proto__: null, value };
    state.pending -= 1;
  };
  const evaluate = (state, key, thunk) => {
    state.pending += 1;
    try {
      const value = thunk();
      let isPromise = false;
      try {
        p.promiseThen(
          value,
          (given) => settle(state, key, given),
          (error) => {
            state.thrown ??= { __proto__: null, key, error };
            state.pending -= 1;
          },
        );
        isPromise = true;
      } catch {
        // not a promise
      }
      if (!isPromise) settle(state, key, value);
    } catch (error) {
      state.thrown ??= { __proto__: null, key, error };
      state.pending -= 1;
    }
  };
  const encoded = (thunk) => {
    try {
      const value = thunk();
      return { __proto__: null, code: encode(value), shown: render(value) };
    } catch {
      return null; // it may need the candidate's names, so it is tried again after loading
    }
  };

  return {
    __proto__: null,
    /** Before the candidate is loaded: what its value must equal becomes text that nothing can change. */
    prepare(id, input, expectedText, expected) {
      cases[cases.length] = { __proto__: null, id, input, expectedText, expected, early: encoded(expected) };
    },
    start(index, call) {
      const testCase = cases[index];
      current = { __proto__: null, testCase, pending: 0, thrown: null, call: null, expected: null };
      evaluate(current, 'call', call);
      if (testCase.early === null && current.thrown === null)
        evaluate(current, 'expected', testCase.expected);
    },
    settled: () => current === null || current.pending === 0,
    end() {
      const { testCase, thrown, pending, call, expected } = current;
      const known = testCase.early;
      current = null;
      const say = (status, actual, exception) =>
        report.test(
          testCase.id,
          status,
          testCase.input,
          known === null ? testCase.expectedText : known.shown,
          actual,
          exception,
        );
      if (pending > 0) {
        say('error', null, {
          __proto__: null,
          type: 'NeverSettled',
          message: 'The promise never settled',
          stack: '',
        });
        return;
      }
      if (thrown !== null) {
        say('error', null, describeError(thrown.error));
        return;
      }
      try {
        const code = known === null ? encode(expected.value) : known.code;
        const equal = encode(call.value) === code;
        let actual;
        try {
          actual = render(call.value);
        } catch {
          actual = '[a value that cannot be shown]';
        }
        say(equal ? 'passed' : 'failed', actual, null);
      } catch (error) {
        say('error', null, describeError(error));
      }
    },
  };
};
