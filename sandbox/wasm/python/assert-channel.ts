import type { PythonApi } from './c-api.ts';
import type { Comparison } from './comparison.ts';
import { type FastCall, nativeFunction } from './native-functions.ts';
import { Stop } from './stop.ts';
import type { TestRecorder, Verdict } from './test-recorder.ts';

/** What a C function returns for "an exception is set". */
const RAISED = 0;

export interface ChannelState {
  readonly recorder: TestRecorder;
  /** Addresses of the code objects that may report. */
  readonly codes: ReadonlySet<number>;
  readonly render: (value: number) => string;
  readonly message: (value: number) => string;
  readonly describeHandled: () => Verdict['exception'];
}

export interface AssertChannel {
  /** In the order that `compile_asserts` takes them. */
  readonly callables: readonly number[];
  /** Null closes the channel. */
  use(state: ChannelState | null): void;
}

/**
 * The callables by which rewritten assertions report. They evaluate the comparison themselves, exactly once, and accept
 * calls from the test script's own code only: a candidate that finds them cannot use them.
 */
export function assertChannel(api: PythonApi, comparison: Comparison): AssertChannel {
  const { exports } = api;
  const none = api.global('_Py_NoneStruct');
  const pyTrue = api.global('_Py_TrueStruct');
  const pyFalse = api.global('_Py_FalseStruct');
  let state: ChannelState | null = null;

  const caller = (): ChannelState => {
    const frame = exports.PyEval_GetFrame() >>> 0;
    const code = frame === 0 ? 0 : exports.PyFrame_GetCode(frame) >>> 0;
    if (code !== 0) exports.Py_DecRef(code);
    if (state === null || !state.codes.has(code)) {
      throw new Stop('error', 'PermissionError', 'the program tried to report a test result by itself');
    }
    return state;
  };
  const argument = (args: number, index: number): number => api.view.getUint32(args + 4 * index, true);
  const integer = (args: number, index: number): number => exports.PyLong_AsLong(argument(args, index));

  const begin: FastCall = (_self, args) => {
    const { recorder } = caller();
    const index = integer(args, 0);
    recorder.begin(index < 0 ? ~index : index);
    const token = argument(args, 0);
    exports.Py_IncRef(token);
    return token;
  };
  const report = (
    { recorder, render }: ChannelState,
    signed: number,
    truth: number,
    actual: number,
    expected: number | null,
  ): number => {
    if (truth < 0) return RAISED;
    const verdict: Verdict = {
      status: truth === 1 ? 'passed' : 'failed',
      expected: expected === null || !recorder.keeping ? null : render(expected),
      actual: recorder.keeping ? render(actual) : null,
      exception: null,
    };
    // A negative index is one whose failure is thrown into the script, which may catch it.
    if (signed >= 0) recorder.finish(signed, verdict);
    else if (truth === 1) recorder.finish(~signed, verdict);
    else recorder.escape(~signed, verdict);
    return truth === 1 ? pyTrue : pyFalse;
  };
  const compare: FastCall = (_self, args) => {
    const now = caller();
    const [left, right] = [argument(args, 2), argument(args, 3)];
    const truth = comparison.holds(integer(args, 1), left, right, true);
    return report(now, integer(args, 0), truth, left, right);
  };
  const check: FastCall = (_self, args) => {
    caller();
    const wanted = argument(args, 0) === pyTrue;
    const truth = comparison.holds(integer(args, 1), argument(args, 2), argument(args, 3), wanted);
    if (truth < 0) return RAISED;
    return truth === 1 ? pyTrue : pyFalse;
  };
  /** What stands in the middle of a chain of comparisons, by the place of the chain. */
  const middles = new Map<number, number>();
  const hold: FastCall = (_self, args) => {
    caller();
    const value = argument(args, 1);
    exports.Py_IncRef(value);
    middles.set(integer(args, 0), value);
    exports.Py_IncRef(value);
    return value;
  };
  const held: FastCall = (_self, args) => {
    caller();
    const value = middles.get(integer(args, 0));
    if (value === undefined) throw new Stop('error', 'PermissionError', 'a comparison was taken apart');
    middles.delete(integer(args, 0));
    return value;
  };
  const truth: FastCall = (_self, args) => {
    const now = caller();
    const value = argument(args, 1);
    return report(now, integer(args, 0), exports.PyObject_IsTrue(value), value, null);
  };
  const message: FastCall = (_self, args) => {
    const now = caller();
    now.recorder.addMessage(integer(args, 0), now.message(argument(args, 1)));
    return none;
  };
  const error: FastCall = (_self, args) => {
    const { recorder, describeHandled } = caller();
    const exception = describeHandled();
    recorder.finish(integer(args, 0), { status: 'error', expected: null, actual: null, exception });
    return none;
  };
  const callables = [begin, compare, check, hold, held, truth, message, error].map((fn) =>
    nativeFunction(api, 'report', fn),
  );
  return {
    callables,
    use: (next) => {
      state = next;
      middles.clear();
    },
  };
}
