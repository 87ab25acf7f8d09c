import type { HostileProgram } from '../hostile-program.ts';
import { pythonProbe } from '../probe.ts';

const family = 'bombs';
const timeout = { outcome: 'timeout', error: 'TimeLimitExceeded' } as const;
const out = { outcome: 'out_of_memory' } as const;
const limits = { memoryBytes: 96 * 1024 * 1024, wallMs: 20_000 };
const here = 'os.chdir("/work" if os.path.isdir("/work") else "/tmp")\n';

export const bombPrograms: readonly HostileProgram[] = [
  {
    name: 'unpacks more than its memory',
    family,
    language: 'python',
    program: `import zlib
def f(x):
    packer = zlib.compressobj(1)
    piece = bytes(10 ** 6)
    packed = b"".join([packer.compress(piece) for _ in range(200)] + [packer.flush()])
    return len(zlib.decompress(packed))
`,
    limits,
    expected: { wasm: out, docker: out },
  },
  pythonProbe({
    name: 'unpacks an archive onto the disk',
    family,
    body: `${here}
import zipfile
with zipfile.ZipFile("pawl.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
    for i in range(30): archive.writestr(f"pawl/{i}", bytes(10 ** 7))
with zipfile.ZipFile("pawl.zip") as archive: archive.extractall()`,
    limits: { wallMs: 20_000 },
    wasm: 'OSError ENOSPC',
    docker: 'OSError ENOSPC',
  }),
  pythonProbe({
    name: 'unpacks an archive whose files lie above it',
    family,
    body: `${here}
import io, tarfile
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w") as archive:
    for name in ("../../../../pawl-escaped", "/pawl-absolute", "../pawl-up"):
        info = tarfile.TarInfo(name)
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    link = tarfile.TarInfo("pawl-link")
    link.type, link.linkname = tarfile.SYMTYPE, "/"
    archive.addfile(link)
packed.seek(0)
with tarfile.open(fileobj=packed) as archive: archive.extractall(filter="fully_trusted")`,
    wasm: 'done',
    docker: 'OSError EROFS',
  }),
  {
    name: 'backtracks in a regular expression',
    family,
    language: 'python',
    program: 'import re\ndef f(x): return re.match("(a+)+b", "a" * 60)\n',
    limits: { wallMs: 1_500 },
    expected: { wasm: timeout, docker: timeout },
  },
  {
    name: 'backtracks in a regular expression of JavaScript',
    family,
    language: 'javascript',
    program: 'const f = () => /((((((a*)*)*)*)*)*)*b/.test("a".repeat(40));\n',
    limits: { wallMs: 1_500 },
    expected: { wasm: timeout, docker: timeout },
  },
  {
    name: 'computes a huge power',
    family,
    language: 'python',
    program: 'def f(x): return 10 ** 10 ** 9\n',
    limits: { wallMs: 1_500 },
    expected: { wasm: timeout, docker: timeout },
  },
  {
    name: 'recurses without end',
    family,
    language: 'python',
    program: 'def f(x): return f(x) + 1\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['RecursionError', 'RecursionError'] },
      docker: { outcome: 'failed', exceptions: ['RecursionError', 'RecursionError'] },
    },
  },
  {
    name: 'recurses without end in JavaScript',
    family,
    language: 'javascript',
    program: 'const f = (x) => f(x) + 1;\n',
    expected: {
      wasm: { outcome: 'failed', exceptions: ['InternalError', 'InternalError'] },
      docker: { outcome: 'failed', exceptions: ['RangeError', 'RangeError'] },
    },
  },
  {
    name: 'recurses with the limit taken away',
    family,
    language: 'python',
    limits: { memoryBytes: 64 * 1024 * 1024, wallMs: 10_000 },
    program: 'import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x): return f(x) + 1\n',
    expected: { wasm: out, docker: out },
  },
  {
    name: 'is nested deeper than a parser goes',
    family,
    language: 'python',
    program: `f = ${'('.repeat(5_000)}1${')'.repeat(5_000)}\n`,
    expected: { wasm: { outcome: 'error', error: 'SyntaxError' }, docker: { outcome: 'error' } },
  },
  {
    name: 'is ten megabytes long',
    family,
    language: 'python',
    program: `${'# '.padEnd(1_000, 'x')}\n`.repeat(10_000).concat('def f(x): return 0\n'),
    limits: { wallMs: 10_000 },
    expected: { wasm: { outcome: 'failed' }, docker: { outcome: 'failed' } },
  },
  {
    name: 'has a name of a megabyte',
    family,
    language: 'python',
    program: `${'n'.repeat(1_000_000)} = 1\ndef f(x): return ${'n'.repeat(1_000_000)} - 1\n`,
    expected: {
      wasm: { outcome: 'failed', statuses: ['failed', 'failed'] },
      docker: { outcome: 'failed', statuses: ['failed', 'failed'] },
    },
  },
];
