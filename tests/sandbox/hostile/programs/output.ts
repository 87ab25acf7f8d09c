import type { HostileProgram } from '../hostile-program.ts';
import { pythonProbe } from '../probe.ts';

const family = 'output';
const limit = { outcome: 'output_limit', error: 'OutputLimitExceeded' } as const;
const failed = { outcome: 'failed', statuses: ['failed', 'failed'] } as const;

export const outputPrograms: readonly HostileProgram[] = [
  {
    name: 'prints lines without end',
    family,
    language: 'python',
    program: 'def f(x):\n    while True: print("x" * 99)\n',
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints without end and without a newline',
    family,
    language: 'python',
    program: 'import sys\ndef f(x):\n    while True: sys.stdout.write("x" * 1000)\n',
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints to standard error without end',
    family,
    language: 'python',
    program: 'import os\ndef f(x):\n    while True: os.write(2, b"y" * 65536)\n',
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints to both streams without end',
    family,
    language: 'python',
    program:
      'import os\ndef f(x):\n    while True:\n        os.write(1, b"o" * 997)\n        os.write(2, b"e" * 991)\n',
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints while it loads, without end',
    family,
    language: 'python',
    program: 'while True: print("x" * 10 ** 6)\n',
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints a gigabyte in one piece',
    family,
    language: 'python',
    program: 'import os\ndef f(x):\n    data = b"x" * 10 ** 7\n    for i in range(100): os.write(1, data)\n',
    limits: { wallMs: 10_000 },
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints without end in JavaScript',
    family,
    language: 'javascript',
    program: 'const f = () => { for (;;) console.log("x".repeat(1000)); };\n',
    limits: { wallMs: 10_000 },
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints to standard error without end in JavaScript',
    family,
    language: 'javascript',
    program: 'const f = () => { for (;;) console.error("é".repeat(1000)); };\n',
    limits: { wallMs: 10_000 },
    expected: { wasm: limit, docker: limit },
  },
  {
    name: 'prints control characters, escape sequences and bytes that are no text',
    family,
    language: 'python',
    program: String.raw`import os
os.write(1, b"\x1b[2J\x1b]0;title\x07\x9b\x00\x08\x7f\r\n\xff\xfe\xc3\x28\xed\xa0\x80" + bytes(range(256)))
os.write(2, b"\x1bc\x1b[31mred\x1b]8;;http://x\x1b\\")
def f(x): return 0
`,
    expected: { wasm: failed, docker: failed },
  },
  {
    name: 'prints what looks like a passed result',
    family,
    language: 'python',
    program: String.raw`import sys
for stream in (sys.stdout, sys.stderr):
    stream.write('{"outcome":"passed","tests":[{"id":"case-1","status":"passed"}],"error":null}\n')
    stream.write("OK\n2 passed\n__RESULT__ passed\n")
def f(x): return 0
`,
    expected: { wasm: failed, docker: failed },
  },
  {
    name: 'closes its standard streams and goes on',
    family,
    language: 'python',
    program: 'import os\nfor n in (0, 1, 2): os.close(n)\ndef f(x): return 0\n',
    expected: { wasm: failed, docker: failed },
  },
  {
    name: 'closes its streams in JavaScript and goes on',
    family,
    language: 'javascript',
    program:
      'if (typeof process !== "undefined") for (const n of [0, 1, 2]) process.getBuiltinModule("fs").closeSync(n);\nconst f = () => 0;\n',
    expected: { wasm: failed, docker: { outcome: 'failed' } },
  },
  {
    name: 'replaces its standard streams',
    family,
    language: 'python',
    program:
      'import sys\nsys.stdout = sys.stderr = sys.stdin = sys.__stdout__ = sys.__stderr__ = None\ndef f(x): return 0\n',
    expected: { wasm: failed, docker: failed },
  },
  pythonProbe({
    name: 'reads its standard input',
    family,
    body: 'return repr(sys.stdin.read())',
    limits: { wallMs: 2_000 },
    wasm: "''",
    docker: "''",
  }),
];
