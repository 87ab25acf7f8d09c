import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'memory';
const out = { outcome: 'out_of_memory' } as const;
const limits = { memoryBytes: 128 * 1024 * 1024, wallMs: 10_000 };

export const memoryPrograms: readonly HostileProgram[] = [
  {
    name: 'takes a gigabyte at once',
    family,
    language: 'python',
    program: 'def f(x): return len(b"x" * 10 ** 9)\n',
    limits,
    expected: { wasm: out, docker: out },
  },
  {
    name: 'takes memory piece by piece and catches what it can',
    family,
    language: 'python',
    program: `def f(x):
    held = []
    while True:
        try: held.append(bytearray(b"x" * 10 ** 6))
        except MemoryError: return 0
`,
    limits,
    expected: {
      wasm: { outcome: 'failed', statuses: ['failed', 'failed'] },
      docker: { outcome: 'failed', statuses: ['failed', 'failed'] },
    },
  },
  {
    name: 'takes memory while it loads',
    family,
    language: 'python',
    program: 'held = []\nwhile True: held.append(b"x" * (len(held) + 10 ** 6))\n',
    limits,
    expected: { wasm: out, docker: out },
  },
  {
    name: 'maps anonymous memory and touches it',
    family,
    language: 'python',
    program: `import mmap
def f(x):
    held = mmap.mmap(-1, 10 ** 9)
    for at in range(0, 10 ** 9, 4096): held[at] = 1
    return 0
`,
    limits,
    expected: { wasm: { outcome: 'failed' }, docker: out },
  },
  {
    name: 'fills a file that exists in memory only',
    family,
    language: 'python',
    program: `import os
def f(x):
    file = os.memfd_create("x")
    while True: os.write(file, b"x" * 10 ** 6)
`,
    limits,
    expected: {
      wasm: { outcome: 'failed', exceptions: ['AttributeError', 'AttributeError'] },
      docker: { outcome: 'failed', exceptions: ['OSError', 'OSError'] },
    },
  },
  pythonProbe({
    name: 'fills the shared memory directory',
    family,
    body: `
with open("/dev/shm/x", "wb") as file:
    while True: file.write(b"x" * 10 ** 6)`,
    wasm: 'OSError ENOSPC',
    docker: 'OSError ENOSPC',
  }),
  {
    name: 'has a child take the memory',
    family,
    language: 'python',
    program: `import os
def f(x):
    pid = os.fork()
    if pid == 0:
        held = b"x" * 10 ** 9
        os._exit(0)
    os.waitpid(pid, 0)
    return 0
`,
    limits,
    expected: { wasm: { outcome: 'failed', exceptions: ['OSError', 'OSError'] }, docker: out },
  },
  pythonProbe({
    name: 'opens pipes and fills them until it is refused',
    family,
    body: `
held = []
while True:
    held.append(os.pipe())
    os.set_blocking(held[-1][1], False)
    try:
        while True: os.write(held[-1][1], b"x" * 4096)
    except BlockingIOError: pass`,
    limits: { wallMs: 3_000 },
    wasm: 'OSError ENOSYS',
    docker: 'OSError EMFILE',
  }),
  {
    name: 'takes memory as buffers in JavaScript',
    family,
    language: 'javascript',
    program: 'const f = () => { const held = []; for (;;) held.push(new Uint8Array(1e7).fill(1)); };\n',
    limits,
    expected: { wasm: out, docker: out },
  },
  {
    name: 'takes memory as objects in JavaScript',
    family,
    language: 'javascript',
    program: 'const f = () => { let o = null; for (;;) o = { o, a: [1, 2, 3], b: "x".repeat(100) + 1 }; };\n',
    limits: { ...limits, wallMs: 20_000 },
    expected: { wasm: out, docker: out },
  },
  {
    name: 'takes memory outside the heap of JavaScript',
    family,
    language: 'javascript',
    program: 'const f = () => { const held = []; for (;;) held.push(Buffer.alloc(1e7, 1)); };\n',
    limits,
    expected: {
      wasm: { outcome: 'failed', exceptions: ['ReferenceError', 'ReferenceError'] },
      docker: out,
    },
  },
  javascriptProbe({
    name: 'makes one text of a gigabyte',
    family,
    body: 'return "x".repeat(2 ** 30).length;',
    limits,
    wasm: 'RangeError',
    docker: 'RangeError',
  }),
];
