/** The part of WebAssembly's interface that this room uses and that Node's types leave out. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export type WasmImports = Record<string, Record<string, unknown>>;

interface WebAssemblyApi {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Instance: new (module: WebAssembly.Module, imports: WasmImports) => WebAssembly.Instance;
}

const { Memory, Instance } = WebAssembly as unknown as WebAssemblyApi;

export const newMemory = (initialPages: number, maximumPages: number): WasmMemory =>
  new Memory({ initial: initialPages, maximum: maximumPages });

export const instantiate = (module: WebAssembly.Module, imports: WasmImports): WebAssembly.Instance =>
  new Instance(module, imports);
