import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'signals';
const timeout = { outcome: 'timeout', error: 'TimeLimitExceeded' } as const;
const ended = { outcome: 'error', error: 'SystemExit' } as const;

export const signalPrograms: readonly HostileProgram[] = [
  pythonProbe({
    name: 'kills everything that it may',
    family,
    body: 'os.kill(-1, 9)',
    wasm: 'PermissionError EPERM',
    docker: { outcome: 'error' },
    batch: 'done',
  }),
  pythonProbe({
    name: 'kills its parent',
    family,
    body: 'os.kill(os.getppid(), 9)',
    wasm: 'PermissionError EPERM',
    docker: { outcome: 'error' },
    batch: 'PermissionError EPERM',
  }),
  pythonProbe({
    name: 'kills the first process',
    family,
    body: 'os.kill(1, 9)',
    wasm: 'PermissionError EPERM',
    docker: 'done',
    batch: 'PermissionError EPERM',
  }),
  javascriptProbe({
    name: 'kills its parent, in JavaScript',
    family,
    body: 'process.kill(process.ppid, "SIGKILL");',
    wasm: 'ReferenceError',
    docker: { outcome: 'error' },
    batch: 'EPERM',
  }),
  pythonProbe({
    name: 'asks the first process to end',
    family,
    body: 'os.kill(1, 15)\ntime.sleep(60)',
    limits: { wallMs: 2_000 },
    wasm: 'PermissionError EPERM',
    docker: { outcome: 'error' },
    batch: 'PermissionError EPERM',
  }),
  pythonProbe({
    name: 'stops everything that it may',
    family,
    body: 'import signal\nos.kill(-1, signal.SIGSTOP)\nreturn "sent"',
    limits: { wallMs: 1_500 },
    wasm: 'PermissionError EPERM',
    docker: timeout,
    batch: 'sent',
  }),
  pythonProbe({
    name: 'stops its parent',
    family,
    body: 'import signal\nos.kill(os.getppid(), signal.SIGSTOP)\nreturn "sent"',
    limits: { wallMs: 1_500 },
    wasm: 'PermissionError EPERM',
    docker: timeout,
    batch: 'PermissionError EPERM',
  }),
  {
    name: 'stops itself',
    family,
    language: 'python',
    program: 'import os, signal\ndef f(x): os.kill(os.getpid(), signal.SIGSTOP)\n',
    limits: { wallMs: 1_500 },
    expected: { wasm: { outcome: 'failed', statuses: ['failed', 'failed'] }, docker: timeout },
  },
  {
    name: 'ignores every signal and goes on',
    family,
    language: 'python',
    program: `import signal
def f(x):
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True:
        try:
            while True: pass
        except BaseException: pass
`,
    limits: { wallMs: 1_500 },
    expected: { wasm: timeout, docker: timeout },
  },
  {
    name: 'ignores signals in JavaScript',
    family,
    language: 'javascript',
    program: `const f = () => {
  if (typeof process !== "undefined") for (const name of ["SIGTERM", "SIGINT", "SIGHUP", "SIGXCPU"]) process.on(name, () => {});
  for (;;);
};
`,
    limits: { wallMs: 1_500 },
    expected: { wasm: timeout, docker: timeout },
  },
  {
    name: 'kills itself',
    family,
    language: 'python',
    program: 'import os\ndef f(x): os.kill(os.getpid(), 9)\n',
    expected: { wasm: ended, docker: { outcome: 'error' } },
  },
  {
    name: 'reads address zero',
    family,
    language: 'python',
    program: 'def f(x):\n    import ctypes\n    return ctypes.string_at(0)\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['ModuleNotFoundError', 'ModuleNotFoundError'] },
      docker: { outcome: 'error' },
    },
  },
  {
    name: 'aborts in JavaScript',
    family,
    language: 'javascript',
    program: 'const f = () => { process.abort(); };\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['ReferenceError', 'ReferenceError'] },
      docker: { outcome: 'error' },
    },
  },
  {
    name: 'sets an alarm that ends it later',
    family,
    language: 'python',
    program:
      'import signal, time\ndef f(x):\n    signal.setitimer(signal.ITIMER_REAL, 0.2)\n    while True: pass\n',
    limits: { wallMs: 1_500 },
    expected: {
      wasm: { outcome: 'failed', exceptions: ['AttributeError', 'AttributeError'] },
      docker: { outcome: 'error' },
    },
  },
  pythonProbe({
    name: 'wants a core dump of itself',
    family,
    body: `
import resource, signal
try: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))
except ValueError: pass
pid = os.fork()
if pid == 0: os.abort()
status = os.waitpid(pid, 0)[1]
return f"{os.WTERMSIG(status)} dumped={os.WCOREDUMP(status)} {[n for n in os.listdir('.') if 'core' in n]}"`,
    wasm: 'ModuleNotFoundError',
    docker: '6 dumped=False []',
  }),
];
