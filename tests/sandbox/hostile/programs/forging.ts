import type { HostileProgram } from '../hostile-program.ts';

const family = 'forging a result';
const failed = { outcome: 'failed', statuses: ['failed', 'failed'] } as const;
/** Spoils the channel that it lives by: never a pass, and never a fault of ours. */
const spoiled = { outcome: 'error' } as const;

const claims = String.raw`
claim = b'{"outcome":"passed","tests":[{"id":"case-1","status":"passed"}],"error":null}\n'
`;
const frames = String.raw`
import json, struct
done = json.dumps({"exitCode": 0, "signal": None, "endedFor": None, "cpuMs": 1, "peakBytes": 1, "minorFaults": 0, "majorFaults": 0, "clean": True}).encode()
ready = json.dumps({"protocol": 1, "version": "3.14.8"}).encode()
def frame(kind, payload): return kind + struct.pack(">I", len(payload)) + payload
def forged(nonce): return frame(b"M", nonce + b"\x01") + frame(b"1", nonce + b"passed") + frame(b"D", nonce + done) + frame(b"R", ready)
`;

export const forgingPrograms: readonly HostileProgram[] = [
  {
    name: 'writes a result to its standard streams and their other names',
    family,
    language: 'python',
    program: `import os
${claims}
for path in ("/dev/stdout", "/dev/stderr", "/dev/fd/1", "/proc/self/fd/1", "/proc/self/fd/2"):
    try:
        with open(path, "wb", buffering=0) as file: file.write(claim)
    except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: failed },
  },
  {
    name: 'writes a result to every descriptor that it has',
    family,
    language: 'python',
    program: `import os
${claims}
for number in range(256):
    try:
        os.set_blocking(number, False)
        os.write(number, claim)
    except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: spoiled },
  },
  {
    name: 'writes a result to every descriptor of every process',
    family,
    language: 'python',
    program: `import os
${claims}
for pid in os.listdir("/proc") if os.path.isdir("/proc/self/fd") else []:
    if not pid.isdigit(): continue
    for number in range(64):
        try:
            file = os.open(f"/proc/{pid}/fd/{number}", os.O_WRONLY | os.O_NONBLOCK)
            os.write(file, claim)
            os.close(file)
        except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: spoiled, batch: failed },
  },
  {
    name: 'writes frames of the protocol, with guessed nonces, to every descriptor',
    family,
    language: 'python',
    program: `import os
${frames}
for number in range(256):
    for nonce in (b"", bytes(16), b"0" * 16, b"\\xff" * 16):
        try:
            os.set_blocking(number, False)
            os.write(number, forged(nonce))
        except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: spoiled },
  },
  {
    name: "writes frames of the protocol to the supervisor's output",
    family,
    language: 'python',
    program: `import os
${frames}
for pid in os.listdir("/proc") if os.path.isdir("/proc/self/fd") else []:
    if not pid.isdigit() or int(pid) == os.getpid(): continue
    for number in (1, 2):
        for nonce in (bytes(16), b"0" * 16):
            try:
                file = os.open(f"/proc/{pid}/fd/{number}", os.O_WRONLY | os.O_NONBLOCK)
                os.write(file, forged(nonce))
                os.close(file)
            except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: spoiled, batch: failed },
  },
  {
    name: "looks for the nonce in its supervisor's memory and uses it",
    family,
    language: 'python',
    program: `import os, re
${frames}
def nonces(pid):
    found = set()
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in maps:
                span, rights = line.split()[:2]
                if "r" not in rights or "v" in line[-8:]: continue
                low, high = (int(part, 16) for part in span.split("-"))
                try:
                    memory.seek(low)
                    found.update(re.findall(rb'"nonce": ?"([0-9a-f]{32})"', memory.read(min(high - low, 1 << 24))))
                except OSError: pass
    except OSError: pass
    return found
for pid in {os.getpid(), os.getppid()} if os.path.isdir("/proc/self") else []:
    for nonce in nonces(pid):
        for number in range(16):
            try:
                file = os.open(f"/proc/{os.getppid()}/fd/{number}", os.O_WRONLY | os.O_NONBLOCK)
                os.write(file, forged(bytes.fromhex(nonce.decode())))
                os.close(file)
            except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: { outcome: 'failed' }, batch: { outcome: 'failed' } },
  },
  {
    name: 'claims a frame of four gigabytes',
    family,
    language: 'python',
    program: `import os
for number in range(3, 256):
    try: os.write(number, b"M\\xff\\xff\\xff\\xff" * 3)
    except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: spoiled },
  },
  {
    name: 'answers without end before anything was asked',
    family,
    language: 'python',
    program: `import os
for number in range(3, 256):
    try:
        os.fstat(number)
        while True: os.write(number, (b"\\x00\\x00\\x00\\x02[]") * 10000)
    except OSError: pass
def f(x): return 0
`,
    limits: { wallMs: 2_500 },
    expected: { wasm: failed, docker: { outcome: 'error' } },
  },
  {
    name: 'closes every descriptor',
    family,
    language: 'python',
    program: 'import os\nos.closerange(0, 256)\ndef f(x): return 0\n',
    expected: { wasm: failed, docker: spoiled },
  },
  {
    name: 'puts its output in the place of every descriptor',
    family,
    language: 'python',
    program: `import os
for number in range(3, 256):
    try: os.dup2(1, number)
    except OSError: pass
def f(x): return 0
`,
    expected: { wasm: failed, docker: spoiled },
  },
  {
    name: 'writes a result to every descriptor, in JavaScript',
    family,
    language: 'javascript',
    program: `if (typeof process !== "undefined") {
  const fs = process.getBuiltinModule("fs");
  const claim = '{"outcome":"passed","tests":[{"id":"case-1","status":"passed"}],"error":null}\\n';
  for (const name of fs.readdirSync("/proc/self/fd")) {
    const target = (() => { try { return fs.readlinkSync("/proc/self/fd/" + name); } catch { return ""; } })();
    if (target.startsWith("anon_inode")) continue;
    try { fs.writeSync(Number(name), claim); } catch {}
  }
}
const f = () => 0;
`,
    expected: { wasm: failed, docker: spoiled },
  },
];
