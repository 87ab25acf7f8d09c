import type { HostileProgram } from '../hostile-program.ts';
import { pythonProbe } from '../probe.ts';

const family = 'time';
const timeout = { outcome: 'timeout', error: 'TimeLimitExceeded' } as const;
const both = { wasm: timeout, docker: timeout };
const limits = { wallMs: 1_500 };

export const timePrograms: readonly HostileProgram[] = [
  {
    name: 'loops without end',
    family,
    language: 'python',
    program: 'def f(x):\n    while True: pass\n',
    limits,
    expected: both,
  },
  {
    name: 'loops while it loads',
    family,
    language: 'javascript',
    program: 'for (;;);\nconst f = (x) => x;\n',
    limits,
    expected: both,
  },
  {
    name: 'catches every exception and loops',
    family,
    language: 'python',
    program:
      'def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n        finally: continue\n',
    limits,
    expected: both,
  },
  {
    name: 'waits for a lock that nobody gives back',
    family,
    language: 'python',
    program:
      'import threading\ndef f(x):\n    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()\n',
    limits,
    expected: both,
  },
  {
    name: 'computes inside one instruction',
    family,
    language: 'python',
    program: 'def f(x): return sum(range(10 ** 15))\n',
    limits,
    expected: both,
  },
  {
    name: 'never settles its promise',
    family,
    language: 'javascript',
    program: 'const f = () => new Promise(() => { setInterval(() => {}, 1); });\n',
    limits,
    expected: both,
  },
  {
    name: 'gives promises to itself without end',
    family,
    language: 'javascript',
    program:
      'const f = () => { const again = () => Promise.resolve().then(again); again(); return new Promise(() => {}); };\n',
    limits,
    expected: both,
  },
  {
    name: 'sleeps in a finalizer',
    family,
    language: 'python',
    program: 'class A:\n    def __del__(self):\n        while True: pass\ndef f(x):\n    A()\n    return 0\n',
    limits,
    expected: both,
  },
  {
    name: 'works for every call and answers each late',
    family,
    language: 'python',
    program: 'def f(x):\n    for _ in range(10 ** 8): pass\n    return 0\n',
    limits,
    expected: both,
  },
  pythonProbe({
    name: 'looks at the clocks and at who calls, to tell a test from another use',
    family,
    body: `
import traceback
names = {frame.filename for frame in traceback.extract_stack()} | {frame.name for frame in traceback.extract_stack()}
texts = [frame.line or "" for frame in traceback.extract_stack()]
hidden = "PAWL_" + "HIDDEN"
return [any("test" in name or "assert" in name or "check" in name for name in names), any(hidden in text for text in texts)]`,
    wasm: '[True, False]',
    docker: '[False, False]',
  }),
];
