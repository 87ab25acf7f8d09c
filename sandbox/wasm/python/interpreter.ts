import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadPyodide } from 'pyodide';
import { PythonApi, type PythonExports } from './c-api.ts';
import type { EmscriptenFs } from './emscripten.ts';
import { containImports, type ImportTable } from './imports.ts';
import type { VirtualHost } from './virtual-host.ts';

export const packageDirectory = dirname(createRequire(import.meta.url).resolve('pyodide'));

/** Modules written in C that serve only to leave the sandbox or to look into the interpreter. */
const CLOSED_BUILTINS =
  `_ctypes _posixsubprocess _pyodide_core _remote_debugging _testbuffer _testcapi _testclinic
  _testclinic_limited _testinternalcapi _testlimitedcapi _xxtestfuzz faulthandler`.split(/\s+/);

interface EmscriptenSettings {
  instantiateWasm(
    info: { readonly env: ImportTable; readonly wasi_snapshot_preview1: ImportTable },
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): unknown;
}
type CreateModule = (settings: EmscriptenSettings) => Promise<unknown>;

export interface Interpreter {
  readonly api: PythonApi;
  readonly fs: EmscriptenFs;
  readonly closedBuiltins: readonly string[];
}

/** Boots CPython from the installed package, without network, with every import of the module under our control. */
export async function bootInterpreter(host: VirtualHost): Promise<Interpreter> {
  const script = pathToFileURL(join(packageDirectory, 'pyodide.asm.mjs')).href;
  // Pyodide names the factory so; a re-export would lose the reason.
  const loaded = (await import(script)) as { readonly default: CreateModule };
  let exports: PythonExports | null = null;
  const createPyodideModule: CreateModule = (settings) => {
    const instantiate = settings.instantiateWasm;
    settings.instantiateWasm = (info, done) => {
      containImports(info.env, host);
      return instantiate(info, (instance, module) => {
        exports = instance.exports as unknown as PythonExports;
        const { memory } = exports;
        host.memory = () => new Uint8Array(memory.buffer);
        done(instance, module);
      });
    };
    return loaded.default(settings);
  };
  const realNow = Date.now;
  Date.now = () => 1_704_067_200_000; // node times are read by Python while it boots; each boot must see the same
  try {
    const options = {
      indexURL: packageDirectory,
      jsglobals: Object.freeze(Object.create(null)) as object,
      env: { HOME: '/home/user', LANG: 'C.UTF-8', USER: 'user', LOGNAME: 'user', PYTHONHASHSEED: '0' },
      stdin: () => null,
      stdout: () => {},
      stderr: () => {},
      _sysExecutable: '/usr/bin/python3',
      createPyodideModule,
    };
    const pyodide = await loadPyodide(options as Parameters<typeof loadPyodide>[0]);
    if (exports === null)
      throw new TypeError('Pyodide did not instantiate its module through the given function.');
    const api = new PythonApi(exports);
    closeBuiltins(api);
    return { api, fs: pyodide.FS as unknown as EmscriptenFs, closedBuiltins: CLOSED_BUILTINS };
  } finally {
    Date.now = realNow;
  }
}

/** Changes the names of built-in modules in the interpreter's own table, where no Python code can bring them back. */
function closeBuiltins(api: PythonApi): void {
  const view = api.view;
  const bytes = api.bytes;
  let entry = view.getUint32(api.exports.PyImport_Inittab.value, true);
  for (; view.getUint32(entry, true) !== 0; entry += 8) {
    const address = view.getUint32(entry, true);
    const end = bytes.indexOf(0, address);
    const name = Buffer.from(bytes.subarray(address, end)).toString('latin1');
    if (CLOSED_BUILTINS.includes(name)) bytes[address] = 1;
  }
}

/** Reads a Python file that stands beside this one. */
export function readPythonFile(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
