/** The part of the WebAssembly JavaScript API in use; the language's own library declares it only for browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    readonly exports: Record<string, unknown>;
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Table {
    grow(count: number): number;
    set(index: number, value: unknown): void;
  }
  interface Global<Value = number> {
    value: Value;
  }
  class RuntimeError extends Error {}
}
