import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import type { Fingerprint } from '../../../src/events/run.ts';
import { sha256Bytes, sha256Hex } from '../../../src/kernel/digest.ts';
import type { ExecutionRequest } from '../../sandbox.ts';
import type { BootEngine } from '../engine.ts';
import type { RemoteLine } from '../remote-line.ts';
import { assertChannel } from './assert-channel.ts';
import { type PythonApi, PythonRaised } from './c-api.ts';
import { comparison } from './comparison.ts';
import { closeFileSystem } from './file-system.ts';
import { Harness, lookUp } from './harness.ts';
import { bootInterpreter, packageDirectory, readPythonFile } from './interpreter.ts';
import { localCandidate } from './local-candidate.ts';
import { takeMemoryImage } from './memory-image.ts';
import { nativeFunction, stepCounter } from './native-functions.ts';
import { OutputCapture } from './output-capture.ts';
import { remoteCandidate } from './remote-candidate.ts';
import { remoteSide } from './remote-side.ts';
import { Session, type SessionParts } from './session.ts';
import { Stop } from './stop.ts';
import { VirtualHost, withClock } from './virtual-host.ts';

/**
 * CPython compiled to WebAssembly (Pyodide). It boots once; before each execution its memory, its stack pointer and the
 * file system are put back to how they were after the boot, and the clock and entropy are seeded from the request.
 *
 * What keeps a candidate inside: WebAssembly itself, and the imports of the module, of which only file-system calls on
 * memory and the seeded clock and entropy stay open (`imports.ts`). What keeps its results honest: they are kept on this
 * side, only code of the test script can add one, none can be taken back, and only a script that ran to its end passes.
 *
 * Comparisons in assertions and cases of plain data with what is none are made again between plain copies (`decide.py`).
 *
 * Not defended where the candidate shares the interpreter with its test: what a test asks of a value in any other way (its
 * methods, arithmetic, `in` a container of its own, a comparison outside of an assertion), two objects of its own classes
 * that it calls equal, a trace function that moves the test's frame to another line, a patched module that the test uses.
 * With the candidate elsewhere, only objects of its own classes decide, about each other and about what is asked of them.
 * Undoing the step counter takes a second copy of the `gc` or `_imp` machinery; the wall limit stays. A chain of a million
 * nested objects can exhaust V8's stack while it is freed: the execution ends as an error, at a depth that may vary.
 */
export const boot: BootEngine = async ({ interrupt }) => {
  const host = new VirtualHost(interrupt);
  host.reset('boot');
  const { api, fs, closedBuiltins } = await bootInterpreter(host);
  const stdout = new OutputCapture('stdout');
  const stderr = new OutputCapture('stderr');
  const restoreFiles = withClock(host, () =>
    closeFileSystem(fs, {
      write: (descriptor, bytes) => (descriptor === 1 ? stdout : stderr).write(bytes),
      random: (target) => host.fillRandom(target),
    }),
  );
  const parts = withClock(host, () => prepare(api, host, closedBuiltins, stdout, stderr));
  const baseBytes = api.exports.malloc_footprint();
  const restoreMemory = takeMemoryImage(api.exports);

  const execute = (request: ExecutionRequest, line: RemoteLine | null): ExecutionResult => {
    restoreMemory();
    restoreFiles();
    host.reset(request.seed);
    stdout.reset(request.limits.outputBytes);
    stderr.reset(request.limits.outputBytes);
    api.exports.malloc_set_footprint_limit(Math.min(baseBytes + request.limits.memoryBytes, 0xffff_0000));
    parts.remote.use(null);
    return withClock(host, () => {
      const candidate = line === null ? localCandidate(parts) : remoteCandidate(parts, request, line);
      return new Session(parts, request, candidate).run();
    });
  };
  host.sealed = true;
  return { fingerprint: fingerprint(), execute };
};

function prepare(
  api: PythonApi,
  host: VirtualHost,
  closedBuiltins: readonly string[],
  stdout: OutputCapture,
  stderr: OutputCapture,
): SessionParts {
  let parts: SessionParts | null = null;
  const stop = (): never => {
    throw new Stop('timeout', 'StepLimitExceeded', 'the program took more steps than it may');
  };
  const counter = stepCounter(api, stop, (line) => parts?.onLine?.(line));
  const sleep = nativeFunction(api, 'sleep', (_self, args) => {
    const seconds = api.exports.PyFloat_AsDouble(api.view.getUint32(args, true));
    if (api.exports.PyErr_Occurred() !== 0) return 0;
    if (!(seconds >= 0)) {
      const message = api.cString('sleep length must be non-negative');
      api.exports.PyErr_SetString(api.exceptionType('PyExc_ValueError'), message);
      return 0;
    }
    host.sleep(Math.min(seconds, 1e9));
    return api.global('_Py_NoneStruct');
  });
  try {
    const bootNamespace = loadPython(api, readPythonFile('./harness-boot.py'), '<boot>');
    const names = api.exports.PyTuple_New(closedBuiltins.length) >>> 0;
    closedBuiltins.forEach((name, index) => {
      api.exports.PyTuple_SetItem(names, index, api.string(name));
    });
    api.call(lookUp(api, bootNamespace, 'prepare'), sleep, names);
    const load = (source: string, filename: string): number => loadPython(api, source, filename);
    const harness = new Harness(api, load);
    harness.call('use_counter', counter.onLine, counter.onOther);
    const decide = comparison(api, load);
    const channel = assertChannel(api, decide);
    const remote = remoteSide(api, load);
    const globals = api.call(lookUp(api, bootNamespace, 'hide'));
    limitStack(api);
    api.view.setInt32(api.exports.Py_EMSCRIPTEN_SIGNAL_HANDLING.value, 1, true);
    parts = {
      api,
      harness,
      globals,
      counter,
      channel,
      comparison: decide,
      remote,
      stdout,
      stderr,
      onLine: null,
    };
    return parts;
  } catch (error) {
    throw error instanceof PythonRaised ? new TypeError(explain(api, error)) : error;
  }
}

/**
 * How much of the C stack Python believes it has. V8 keeps the frames of WebAssembly on a stack of its own, which must not
 * overflow first: its depth depends on which compiler got there, and it cannot be caught as a RecursionError.
 */
const C_STACK_BYTES = 1_000_000;

function limitStack(api: PythonApi): void {
  const top = api.exports.emscripten_stack_get_base() >>> 0;
  const state = api.exports.PyThreadState_Get();
  const failed = api.exports.PyUnstable_ThreadState_SetStackProtection(
    state,
    top - C_STACK_BYTES,
    C_STACK_BYTES,
  );
  if (failed !== 0) throw new TypeError('The interpreter refused the bounds of its stack.');
}

/** Runs a file of ours in a namespace with its own copy of the builtins; returns the namespace. */
function loadPython(api: PythonApi, source: string, filename: string): number {
  const { exports } = api;
  const fileInput = 257;
  const namespace = exports.PyDict_New() >>> 0;
  const set = (name: string, value: number): void => {
    exports.PyDict_SetItemString(namespace, api.cString(name), value);
  };
  set('__builtins__', exports.PyDict_Copy(exports.PyEval_GetBuiltins() >>> 0) >>> 0);
  set('__name__', api.string(filename));
  api.checked(exports.PyRun_String(api.cString(source), fileInput, namespace, namespace) >>> 0);
  return namespace;
}

function explain(api: PythonApi, error: PythonRaised): string {
  const text = api.attribute(error.object, '__class__');
  const name = api.text(api.attribute(text, '__name__'));
  const args = api.items(api.attribute(error.object, 'args'));
  const first = args[0] === undefined ? '' : api.text(args[0]);
  return `The Python side of the engine did not load: ${name}: ${first}`;
}

let known: Fingerprint | null = null;

function fingerprint(): Fingerprint {
  known ??= {
    driver: 'wasm',
    language: 'python',
    package: 'pyodide',
    version: (JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')) as { version: string })
      .version,
    // Interpreter and standard library, each by its own digest: the digest of both 32-byte digests together.
    moduleDigest: sha256Hex(
      Buffer.concat(
        ['pyodide.asm.wasm', 'python_stdlib.zip'].map((file) =>
          sha256Bytes(readFileSync(join(packageDirectory, file))),
        ),
      ),
    ),
    container: null,
  };
  return known;
}
