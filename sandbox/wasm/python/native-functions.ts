import type { PythonApi } from './c-api.ts';

/** A C function of the kind METH_FASTCALL: arguments at `args`, the result a new reference, 0 for "raised". */
export type FastCall = (self: number, args: number, count: number) => number;

const METH_FASTCALL = 0x80;
const I32 = 0x7f;
const I64 = 0x7e;

const section = (id: number, body: readonly number[]): number[] => [id, ...leb(body.length), ...body];
const vector = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];
const name = (text: string): number[] => [...leb(text.length), ...Buffer.from(text, 'latin1')];

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

/** Signed LEB128 of an address or a small constant. */
function signedLeb(value: number): number[] {
  const byte = value & 127;
  const rest = value >> 7;
  const done = (rest === 0 && (byte & 64) === 0) || (rest === -1 && (byte & 64) !== 0);
  return done ? [byte] : [byte | 128, ...signedLeb(rest)];
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FAST_CALL_TYPE = [0x60, 3, I32, I32, I32, 1, I32];

/** A module that re-exports its one import, so that a JavaScript function can stand in the function table. */
function adapterModule(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...HEADER,
    ...section(1, vector([FAST_CALL_TYPE])),
    ...section(2, vector([[...name('e'), ...name('f'), 0, 0]])),
    ...section(7, vector([[...name('f'), 0, 0]])),
  ]);
}

/**
 * The step counter as WebAssembly, because it runs for every line, jump and call of a candidate:
 *
 *     count: steps += 1; if (steps > limit) stop(); return None
 *     countLine: the same, and before returning: if (lines != 0) line(args)
 *
 * Counter, limit and switch are globals of this module, which no address inside the interpreter reaches.
 */
function counterModule(none: number): Uint8Array<ArrayBuffer> {
  const step = [
    ...[0x23, 0, 0x42, 1, 0x7c, 0x24, 0], // steps = steps + 1
    ...[0x23, 0, 0x23, 1, 0x56, 0x04, 0x40, 0x10, 0, 0x0b], // if steps > limit (unsigned): stop()
  ];
  const line = [0x23, 2, 0x04, 0x40, 0x20, 1, 0x10, 1, 0x0b]; // if lines: line(args)
  const end = [0x41, ...signedLeb(none), 0x0b]; // return None, which is immortal
  const code = (body: readonly number[]): number[] => [...leb(body.length + 1), 0, ...body];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, vector([[0x60, 0, 0], [0x60, 1, I32, 0], FAST_CALL_TYPE])),
    ...section(
      2,
      vector([
        [...name('e'), ...name('stop'), 0, 0],
        [...name('e'), ...name('line'), 0, 1],
      ]),
    ),
    ...section(3, vector([[2], [2]])),
    ...section(
      6,
      vector([
        [I64, 1, 0x42, 0, 0x0b],
        [I64, 1, 0x42, 0, 0x0b],
        [I32, 1, 0x41, 0, 0x0b],
      ]),
    ),
    ...section(
      7,
      vector([
        [...name('count'), 0, 2],
        [...name('countLine'), 0, 3],
        [...name('steps'), 3, 0],
        [...name('limit'), 3, 1],
        [...name('lines'), 3, 2],
      ]),
    ),
    ...section(10, vector([code([...step, ...end]), code([...step, ...line, ...end])])),
  ]);
}

/** Makes a Python callable from a function in the table. Only while booting: it grows the table. */
function callable(api: PythonApi, title: string, fn: unknown): number {
  const table = api.exports.__indirect_function_table;
  const index = table.grow(1);
  table.set(index, fn);
  const definition = api.allocate(16);
  const view = api.view;
  view.setUint32(definition, api.cString(title), true);
  api.view.setUint32(definition + 4, index, true);
  api.view.setUint32(definition + 8, METH_FASTCALL, true);
  api.view.setUint32(definition + 12, 0, true);
  return api.exports.PyCMethod_New(definition, 0, 0, 0) >>> 0;
}

export function nativeFunction(api: PythonApi, title: string, fn: FastCall): number {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(adapterModule()), { e: { f: fn } });
  return callable(api, title, instance.exports['f']);
}

interface CounterExports {
  readonly count: unknown;
  readonly countLine: unknown;
  readonly steps: WebAssembly.Global<bigint>;
  readonly limit: WebAssembly.Global<bigint>;
  readonly lines: WebAssembly.Global;
}

export interface StepCounter {
  /** The Python callables, for lines and for everything else that is a step. */
  readonly onLine: number;
  readonly onOther: number;
  readonly steps: number;
  /** Sets the counter to zero. `limit` null counts without end; `lines` reports each line too. */
  reset(limit: number | null, lines: boolean): void;
}

export function stepCounter(api: PythonApi, stop: () => never, line: (number: number) => void): StepCounter {
  const bytes = counterModule(api.global('_Py_NoneStruct'));
  // The callback's arguments are the code object and the line number.
  const onLine = (args: number): void => line(api.exports.PyLong_AsLong(api.view.getUint32(args + 4, true)));
  const imports = { e: { stop, line: onLine } };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  const { count, countLine, steps, limit, lines } = instance.exports as unknown as CounterExports;
  return {
    onLine: callable(api, 'count', countLine),
    onOther: callable(api, 'count', count),
    get steps() {
      return Number(steps.value);
    },
    reset: (max, reportLines) => {
      steps.value = 0n;
      limit.value = max === null ? -1n : BigInt(max); // unsigned: -1 is the largest
      lines.value = reportLines ? 1 : 0;
    },
  };
}
