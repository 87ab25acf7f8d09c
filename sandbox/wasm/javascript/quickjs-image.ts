import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  RELEASE_SYNC,
} from 'quickjs-emscripten';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { findHeapEnd } from './heap-end.ts';
import { isolateImports } from './isolate-imports.ts';
import { instantiate, newMemory, type WasmImports } from './web-assembly.ts';

/** What the guest may call; bound once, before the memory is copied. */
export interface GuestHost {
  /** The interpreter's clock, milliseconds since 1970. */
  nowMs(): number;
  /** Asked every few thousand jumps and calls; true ends the running code for good. */
  shouldStop(): boolean;
  /** Stores a function under `host` in the guest. */
  readonly functions: Readonly<
    Record<string, (context: QuickJSContext, args: QuickJSHandle[]) => QuickJSHandle>
  >;
}

export interface QuickjsImage {
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  /** The object that the guest's main function returned. */
  readonly harness: Readonly<Record<string, QuickJSHandle>>;
  /** Makes the interpreter's memory what it was after booting, byte for byte. False: it has grown, make a new one. */
  restore(): boolean;
  /** All WebAssembly memory, the interpreter's own megabytes included; below 16 MiB it has no effect. */
  limitMemory(bytes: number): void;
  /** Since the last `restore`. */
  memoryWasRefused(): boolean;
}

const pageBytes = 65_536;
const initialPages = 256; // 16 MiB, the least that the module accepts
/** The most WebAssembly memory one interpreter may take whatever a request allows. */
const maximumPages = 16_384; // 1 GiB
/** Of the interpreter's own 1 MiB stack; the rest is for functions that do not check. */
const stackBytes = 896 * 1024;

/**
 * An interpreter that is booted once and then brought back to its first state by writing its memory back: fresh for every
 * program, at the cost of copying about a megabyte. Handles made before the copy stay valid, all others die with it.
 */
export async function createQuickjsImage(
  wasmModule: WebAssembly.Module,
  guestSource: string,
  harnessKeys: readonly string[],
  host: GuestHost,
): Promise<QuickjsImage> {
  let bytesMax = Number.POSITIVE_INFINITY;
  let refused = false;
  const mayGrowTo = (bytes: number): boolean => {
    refused ||= bytes > bytesMax;
    return bytes <= bytesMax;
  };
  const memory = newMemory(initialPages, maximumPages);
  const instantiateWasm = (
    imports: WasmImports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object => {
    isolateImports(imports, memory, { nowMs: host.nowMs, mayGrowTo });
    done(instantiate(wasmModule, imports), wasmModule);
    return {};
  };
  const variant = newVariant(RELEASE_SYNC, {
    emscriptenModule: {
      wasmMemory: memory,
      instantiateWasm,
      noExitRuntime: true,
      print: () => {},
      printErr: () => {},
    } as object,
  });
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime({ interruptHandler: () => host.shouldStop() });
  runtime.setMaxStackSize(stackBytes);
  const context = runtime.newContext();
  void context.global.alive; // kept by the context from its first use on, so it must exist in the image
  const harness = bootGuest(context, guestSource, harnessKeys, host);

  const heapEndAt = findHeapEnd(memory);
  const heapEnd = (): number => new Uint32Array(memory.buffer)[heapEndAt] ?? 0;
  const image = new Uint8Array(memory.buffer).slice(0, heapEnd());
  const restore = (): boolean => {
    refused = false;
    if (memory.buffer.byteLength > initialPages * pageBytes) return false; // memory cannot shrink
    const bytes = new Uint8Array(memory.buffer);
    bytes.fill(0, image.length, Math.max(image.length, heapEnd()));
    bytes.set(image);
    return true;
  };
  const limitMemory = (bytes: number): void => {
    bytesMax = bytes;
  };
  return { runtime, context, harness, restore, limitMemory, memoryWasRefused: () => refused };
}

function bootGuest(
  context: QuickJSContext,
  guestSource: string,
  harnessKeys: readonly string[],
  host: GuestHost,
): Record<string, QuickJSHandle> {
  const main = context.unwrapResult(context.evalCode(guestSource, 'harness.js'));
  const hostObject = context.newObject();
  for (const [name, run] of Object.entries(host.functions)) {
    context.setProp(
      hostObject,
      name,
      context.newFunction(name, (...args) => run(context, args)),
    );
  }
  const harness = context.unwrapResult(context.callFunction(main, context.undefined, hostObject));
  const handles: Record<string, QuickJSHandle> = {};
  for (const key of harnessKeys) {
    const handle = context.getProp(harness, key);
    if (context.typeof(handle) !== 'function')
      throw new PawlError('INTERNAL', `The guest has no function ${key}.`);
    handles[key] = handle;
  }
  return handles;
}
