import type { HostileProgram } from '../hostile-program.ts';

const family = 'ending early';
const exited = { outcome: 'error', error: 'SystemExit' } as const;
const processEnded = { outcome: 'error', error: 'ProcessEnded' } as const;
const raised = {
  outcome: 'failed',
  statuses: ['error', 'error'],
  exceptions: ['SystemExit', 'SystemExit'],
} as const;
const failed = { outcome: 'failed', statuses: ['failed', 'failed'] } as const;
const reference = { outcome: 'failed', exceptions: ['ReferenceError', 'ReferenceError'] } as const;

export const earlyPrograms: readonly HostileProgram[] = [
  {
    name: 'calls sys.exit(0) before the tests',
    family,
    language: 'python',
    program: 'import sys\nsys.exit(0)\n',
    expected: { wasm: exited, docker: exited },
  },
  {
    name: 'calls sys.exit(0) in a test',
    family,
    language: 'python',
    program: 'import sys\ndef f(x): sys.exit(0)\n',
    expected: { wasm: raised, docker: raised },
  },
  {
    name: 'calls os._exit(0) before the tests',
    family,
    language: 'python',
    program: 'import os\nos._exit(0)\n',
    expected: { wasm: exited, docker: processEnded },
  },
  {
    name: 'calls os._exit(0) in a test',
    family,
    language: 'python',
    program: 'import os\ndef f(x): os._exit(0)\n',
    expected: { wasm: exited, docker: processEnded },
  },
  {
    name: 'calls process.exit(0) before the tests',
    family,
    language: 'javascript',
    program: 'process.exit(0);\n',
    expected: { wasm: { outcome: 'error', error: 'ReferenceError' }, docker: { outcome: 'error' } },
  },
  {
    name: 'calls process.exit(0) in a test',
    family,
    language: 'javascript',
    program: 'const f = () => process.exit(0);\n',
    expected: { wasm: reference, docker: { outcome: 'error' } },
  },
  {
    name: 'becomes another program',
    family,
    language: 'python',
    program: 'import os\ndef f(x): os.execv("/bin/true", ["true"])\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['OSError', 'OSError'] },
      docker: { outcome: 'error' },
    },
  },
  {
    name: 'has an exit handler that ends with success',
    family,
    language: 'python',
    program: 'import atexit, os\natexit.register(lambda: os._exit(0))\ndef f(x): return 0\n',
    expected: { wasm: failed, docker: failed },
  },
  {
    name: 'has an exit handler that never ends',
    family,
    language: 'python',
    program:
      'import atexit\ndef forever():\n    while True: pass\natexit.register(forever)\ndef f(x): return 0\n',
    limits: { wallMs: 2_500 },
    expected: { wasm: failed, docker: failed },
  },
  {
    name: 'has an exit handler in JavaScript',
    family,
    language: 'javascript',
    program:
      'if (typeof process !== "undefined") process.on("exit", () => { process.exitCode = 0; for (;;); });\nconst f = () => 0;\n',
    limits: { wallMs: 2_500 },
    expected: { wasm: failed, docker: failed },
  },
  {
    name: 'ends in a finalizer',
    family,
    language: 'python',
    program: 'import os\nclass A:\n    def __del__(self): os._exit(0)\ndef f(x):\n    A()\n    return 0\n',
    expected: { wasm: exited, docker: processEnded },
  },
  {
    name: 'ends from another thread',
    family,
    language: 'python',
    program:
      'import os, threading, time\ndef f(x):\n    threading.Thread(target=lambda: os._exit(0)).start()\n    time.sleep(600)\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['RuntimeError', 'RuntimeError'] },
      docker: processEnded,
    },
  },
  {
    name: 'raises what stops a test runner',
    family,
    language: 'python',
    program:
      'class StopIt(BaseException): pass\ndef f(x):\n    raise KeyboardInterrupt if x == 1 else StopIt\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['KeyboardInterrupt', 'StopIt'] },
      docker: { outcome: 'failed', exceptions: ['KeyboardInterrupt', 'StopIt'] },
    },
  },
  {
    name: 'raises AssertionError itself',
    family,
    language: 'python',
    program: 'def f(x): raise AssertionError("all tests passed")\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['AssertionError', 'AssertionError'] },
      docker: { outcome: 'failed', exceptions: ['AssertionError', 'AssertionError'] },
    },
  },
  {
    name: 'asserts for itself and then has nothing to test',
    family,
    language: 'python',
    program: 'assert True\nassert 1 == 1\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['NameError', 'NameError'] },
      docker: { outcome: 'failed', exceptions: ['NameError', 'NameError'] },
    },
  },
  {
    name: 'is nothing at all',
    family,
    language: 'python',
    program: '',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['NameError', 'NameError'] },
      docker: { outcome: 'failed', exceptions: ['NameError', 'NameError'] },
    },
  },
];
