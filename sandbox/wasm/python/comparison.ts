import type { PythonApi } from './c-api.ts';
import { lookUp } from './harness.ts';
import { readPythonFile } from './interpreter.ts';

const IN = 6;
const NOT_IN = 7;
const IS = 8;
const IS_NOT = 9;
/** From the address of an object to that of its class. */
const CLASS_OFFSET = 4;

/**
 * The comparisons of a test. The objects are asked first, as Python asks them; an answer that lets the test pass is not
 * believed where plain data was compared with what a program may have made: `decide.py` says what is compared in their place.
 */
export interface Comparison {
  /**
   * Whether it holds: 1, 0, or -1 with an exception set. `operator` is Python's number of it, with those of `in` and `is`
   * after them; `wanted` is the answer that lets the test pass.
   */
  holds(operator: number, left: number, right: number, wanted: boolean): number;
  /** Whether two values that are not equal differ in nothing but NaN. @throws PythonRaised */
  same(left: number, right: number): boolean;
}

export function comparison(api: PythonApi, load: (source: string, filename: string) => number): Comparison {
  const { exports } = api;
  const namespace = load(readPythonFile('./decide.py'), '<decide>');
  const [decide, sameValues] = [lookUp(api, namespace, 'decide'), lookUp(api, namespace, 'same')];
  const none = api.global('_Py_NoneStruct');
  const classOf = (object: number): number => api.view.getUint32(object + CLASS_OFFSET, true);
  /** Objects of these compare among themselves without a function of anybody else. */
  const scalars: ReadonlySet<number> = new Set(
    [
      none,
      api.global('_Py_TrueStruct'),
      exports.PyLong_FromLong(1),
      exports.PyFloat_FromDouble(1),
      api.string('text'),
    ].map(classOf),
  );
  const ask = (operator: number, left: number, right: number): number => {
    if (operator === IN || operator === NOT_IN) {
      const contains = exports.PySequence_Contains(right, left);
      return contains < 0 ? -1 : Number((contains === 1) === (operator === IN));
    }
    const value = exports.PyObject_RichCompare(left, right, operator) >>> 0;
    if (value === 0) return -1;
    const truth = exports.PyObject_IsTrue(value);
    exports.Py_DecRef(value);
    return truth;
  };
  const askAgain = (operator: number, left: number, right: number): number | null => {
    const inside = api.global(operator === IN || operator === NOT_IN ? '_Py_TrueStruct' : '_Py_FalseStruct');
    const pair = callQuietly(left, right, inside);
    if (pair === 0) return -1;
    if (pair === none) return null;
    const [plainLeft = 0, plainRight = 0] = api.items(pair);
    const truth = ask(operator, plainLeft, plainRight);
    exports.Py_DecRef(pair);
    return truth;
  };
  const callQuietly = (...args: readonly number[]): number => {
    const vector = api.allocate(4 * args.length);
    const view = api.view;
    args.forEach((arg, index) => {
      view.setUint32(vector + 4 * index, arg, true);
    });
    const value = exports.PyObject_Vectorcall(decide, vector, args.length, 0) >>> 0;
    exports.free(vector);
    return value;
  };
  /** No trace function and no callback of the collector comes in between. */
  const undisturbed = <Result>(work: () => Result): Result => {
    const state = exports.PyThreadState_Get();
    const collects = exports.PyGC_Disable() === 1;
    exports.PyThreadState_EnterTracing(state);
    try {
      return work();
    } finally {
      exports.PyThreadState_LeaveTracing(state);
      if (collects) exports.PyGC_Enable();
    }
  };
  return {
    holds: (operator, left, right, wanted) => {
      if (operator === IS || operator === IS_NOT) return Number((left === right) === (operator === IS));
      const said = ask(operator, left, right);
      if (said !== Number(wanted) || (scalars.has(classOf(left)) && scalars.has(classOf(right)))) return said;
      return undisturbed(() => askAgain(operator, left, right)) ?? said;
    },
    same: (left, right) => api.isTrue(undisturbed(() => api.call(sameValues, left, right))),
  };
}
