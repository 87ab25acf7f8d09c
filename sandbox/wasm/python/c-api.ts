import { Stop } from './stop.ts';

/** The part of CPython's C API and of the C library that the engine calls. Objects and addresses are numbers. */
export interface PythonExports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  readonly __stack_pointer: WebAssembly.Global;
  readonly _Py_NoneStruct: WebAssembly.Global;
  readonly _Py_TrueStruct: WebAssembly.Global;
  readonly _Py_FalseStruct: WebAssembly.Global;
  readonly PyExc_AssertionError: WebAssembly.Global;
  readonly PyExc_MemoryError: WebAssembly.Global;
  readonly PyExc_ValueError: WebAssembly.Global;
  readonly PyImport_Inittab: WebAssembly.Global;
  readonly Py_EMSCRIPTEN_SIGNAL_HANDLING: WebAssembly.Global;
  emscripten_stack_get_base(): number;
  PyThreadState_Get(): number;
  PyThreadState_EnterTracing(state: number): void;
  PyThreadState_LeaveTracing(state: number): void;
  PyGC_Disable(): number;
  PyGC_Enable(): number;
  PyUnstable_ThreadState_SetStackProtection(state: number, start: number, bytes: number): number;
  malloc(size: number): number;
  free(address: number): void;
  sbrk(increment: number): number;
  malloc_footprint(): number;
  malloc_set_footprint_limit(bytes: number): number;
  PyUnicode_FromStringAndSize(utf8: number, bytes: number): number;
  PyUnicode_AsUTF8AndSize(text: number, sizeTarget: number): number;
  PyLong_FromLong(value: number): number;
  PyLong_AsLong(value: number): number;
  PyFloat_FromDouble(value: number): number;
  PyFloat_AsDouble(value: number): number;
  PyTuple_GetItem(tuple: number, index: number): number;
  PyTuple_Size(tuple: number): number;
  PyDict_GetItemString(dict: number, name: number): number;
  PyObject_Vectorcall(callable: number, args: number, count: number, names: number): number;
  PyObject_GetAttrString(object: number, name: number): number;
  PyObject_IsTrue(object: number): number;
  PyObject_RichCompare(left: number, right: number, operator: number): number;
  PySequence_Contains(container: number, item: number): number;
  PyEval_EvalCode(code: number, globals: number, locals: number): number;
  PyEval_GetFrame(): number;
  PyFrame_GetCode(frame: number): number;
  PyErr_Occurred(): number;
  PyErr_GetRaisedException(): number;
  PyErr_GetHandledException(): number;
  PyErr_GivenExceptionMatches(given: number, kind: number): number;
  PyRun_String(source: number, start: number, globals: number, locals: number): number;
  PyDict_New(): number;
  PyDict_SetItemString(dict: number, name: number, value: number): number;
  PyEval_GetBuiltins(): number;
  PyDict_Copy(dict: number): number;
  PyTuple_New(size: number): number;
  PyTuple_SetItem(tuple: number, index: number, item: number): number;
  PyErr_SetString(kind: number, message: number): void;
  PyCMethod_New(definition: number, self: number, module: number, owner: number): number;
  Py_IncRef(object: number): void;
  Py_DecRef(object: number): void;
}

/** Memory beyond the program's limit in which what happened is described. */
const RESERVE_BYTES = 16 * 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/** A Python exception that reached the engine; `object` is the exception, owned by the caller. */
export class PythonRaised extends Error {
  readonly object: number;

  constructor(object: number) {
    super('a Python exception was raised');
    this.object = object;
  }
}

/** A thin, unsafe layer over the exports: texts, calls and errors. Nothing is cached, so that restoring memory is safe. */
export class PythonApi {
  readonly exports: PythonExports;

  constructor(exports: PythonExports) {
    this.exports = exports;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }

  get view(): DataView {
    return new DataView(this.exports.memory.buffer);
  }

  global(name: '_Py_NoneStruct' | '_Py_TrueStruct' | '_Py_FalseStruct'): number {
    return this.exports[name].value >>> 0;
  }

  exceptionType(name: 'PyExc_AssertionError' | 'PyExc_MemoryError' | 'PyExc_ValueError'): number {
    return this.view.getUint32(this.exports[name].value, true);
  }

  /** A zero-terminated copy on the C heap; the caller frees it. */
  cString(text: string): number {
    const utf8 = encoder.encode(text);
    const address = this.allocate(utf8.length + 1);
    const bytes = this.bytes;
    bytes.set(utf8, address);
    bytes[address + utf8.length] = 0;
    return address;
  }

  /** @throws Stop `out_of_memory` when the program left nothing, not even in the reserve */
  allocate(size: number): number {
    let address = this.exports.malloc(size) >>> 0;
    if (address === 0) {
      this.exports.malloc_set_footprint_limit((this.exports.malloc_footprint() >>> 0) + RESERVE_BYTES);
      address = this.exports.malloc(size) >>> 0;
    }
    if (address === 0) throw new Stop('out_of_memory', 'MemoryError', 'the program used all of its memory');
    return address;
  }

  /** A new `str`. */
  string(text: string): number {
    return this.stringOf(encoder.encode(text));
  }

  /** A new `str` of UTF-8. @throws PythonRaised when it is none */
  stringOf(utf8: Uint8Array): number {
    const address = this.allocate(utf8.length + 1);
    this.bytes.set(utf8, address);
    const object = this.exports.PyUnicode_FromStringAndSize(address, utf8.length) >>> 0;
    this.exports.free(address);
    return this.checked(object);
  }

  /** The content of a `str` that is valid UTF-8. */
  text(object: number): string {
    // A shared view cannot be decoded everywhere; a copy of a capped text is cheap.
    return decoder.decode(this.utf8(object));
  }

  /** A copy of the content of a `str` that is valid UTF-8. */
  utf8(object: number): Uint8Array {
    const sizeTarget = this.allocate(4);
    const address = this.exports.PyUnicode_AsUTF8AndSize(object, sizeTarget) >>> 0;
    const size = this.view.getInt32(sizeTarget, true);
    this.exports.free(sizeTarget);
    this.checked(address);
    return this.bytes.slice(address, address + size);
  }

  /** Calls with positional arguments; a new reference. @throws PythonRaised */
  call(callable: number, ...args: readonly number[]): number {
    const vector = this.allocate(4 * (args.length + 1));
    const view = this.view;
    args.forEach((arg, index) => {
      view.setUint32(vector + 4 * index, arg, true);
    });
    const value = this.exports.PyObject_Vectorcall(callable, vector, args.length, 0) >>> 0;
    this.exports.free(vector);
    return this.checked(value);
  }

  attribute(object: number, name: string): number {
    const text = this.cString(name);
    const value = this.exports.PyObject_GetAttrString(object, text) >>> 0;
    this.exports.free(text);
    return this.checked(value);
  }

  /** Runs code in a namespace without a frame of ours below it. @throws PythonRaised */
  evaluate(code: number, globals: number): number {
    return this.checked(this.exports.PyEval_EvalCode(code, globals, globals) >>> 0);
  }

  items(tuple: number): number[] {
    const count = this.exports.PyTuple_Size(tuple);
    return Array.from({ length: count }, (_, index) => this.exports.PyTuple_GetItem(tuple, index) >>> 0);
  }

  isTrue(object: number): boolean {
    const truth = this.exports.PyObject_IsTrue(object);
    if (truth < 0) this.checked(0);
    return truth === 1;
  }

  /** Passes a result on. @throws PythonRaised when it is the null pointer */
  checked(object: number): number {
    if (object === 0) throw new PythonRaised(this.exports.PyErr_GetRaisedException() >>> 0);
    return object;
  }
}
