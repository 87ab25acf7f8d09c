import { assertsOf } from '../../execution-request.ts';
import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'reading the tests';
/** Written in two parts, so that a program never finds itself. */
const python = 'import re\nhidden = re.compile(("PAWL_" + "HIDDEN_").encode() + rb"[0-9a-f]{16}")\n';

const scan = (pids: string): string => `
found = set()
for pid in ${pids}:
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for line in maps:
                span, rights = line.split()[:2]
                if "r" not in rights or "[v" in line: continue
                low, high = (int(part, 16) for part in span.split("-"))
                try:
                    memory.seek(low)
                    found.update(hidden.findall(memory.read(min(high - low, 1 << 24))))
                except (OSError, ValueError): pass
    except (OSError, ValueError): pass
return sorted(found)`;

export const readingPrograms: readonly HostileProgram[] = [
  pythonProbe({
    name: 'searches its own memory',
    family,
    before: python,
    body: scan('["self"]'),
    limits: { wallMs: 15_000 },
    wasm: '[]',
    docker: '[]',
  }),
  pythonProbe({
    name: 'searches the memory of every process',
    family,
    before: python,
    body: scan('[p for p in (os.listdir("/proc") if os.path.isdir("/proc/self") else []) if p.isdigit()]'),
    limits: { wallMs: 15_000 },
    wasm: '[]',
    docker: '[]',
  }),
  pythonProbe({
    name: 'searches command lines and environments of every process',
    family,
    before: python,
    body: `
found = set()
for pid in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
    for name in ("cmdline", "environ", "comm", "stack", "wchan"):
        try: found.update(hidden.findall(open(f"/proc/{pid}/{name}", "rb").read()))
        except OSError: pass
return sorted(found)`,
    wasm: '[]',
    docker: '[]',
  }),
  pythonProbe({
    name: 'searches every file that it can read',
    family,
    before: python,
    body: `
found = set()
for place in ("/work", "/tmp", "/dev/shm", "/run", "/var", "/home", "/etc", "/root", "/lib/python3.14"):
    for folder, folders, files in os.walk(place):
        for name in files:
            try: found.update(hidden.findall(open(os.path.join(folder, name), "rb").read(1 << 20)))
            except OSError: pass
return sorted(found)`,
    limits: { wallMs: 10_000 },
    wasm: '[]',
    docker: '[]',
  }),
  pythonProbe({
    name: 'searches the objects of its interpreter',
    family,
    before: python,
    body: `
import gc
found, seen, queue = set(), set(), [*gc.get_objects(), sys._getframe()]
while queue and len(seen) < 30000:
    thing = queue.pop()
    if id(thing) in seen: continue
    seen.add(id(thing))
    if isinstance(thing, str): found.update(hidden.findall(thing.encode("utf-8", "replace")))
    if isinstance(thing, bytes): found.update(hidden.findall(thing))
    queue.extend(gc.get_referents(thing))
return sorted(found)`,
    limits: { wallMs: 15_000 },
    wasm: '[]',
    docker: '[]',
  }),
  {
    name: 'reads the constants of the code that called it',
    family,
    language: 'python',
    program: `import sys
def f(x):
    frame = sys._getframe(1)
    while frame:
        for constant in frame.f_code.co_consts:
            if isinstance(constant, str) and constant.startswith("PAWL_" + "HIDDEN_"): return constant
        frame = frame.f_back
    return "nothing"
`,
    tests: assertsOf('assert f(1) == "{{SECRET}}"\nassert f(2) == "{{SECRET}}"\n'),
    expected: {
      wasm: {
        outcome: 'passed',
        limitation: 'a script of assertions is code in the interpreter of the program',
      },
      docker: { outcome: 'failed', statuses: ['failed', 'failed'] },
    },
  },
  {
    name: 'traces its caller until the comparison',
    family,
    language: 'python',
    program: `import sys
seen = []
def trace(frame, event, argument):
    for value in [*frame.f_locals.values(), *frame.f_code.co_consts]:
        if isinstance(value, str) and value.startswith("PAWL_" + "HIDDEN_"): seen.append(value)
    return trace
def f(x):
    sys.settrace(trace)
    frame = sys._getframe()
    while frame:
        frame.f_trace = trace
        frame = frame.f_back
    return seen[-1] if seen else "nothing"
`,
    tests: assertsOf(
      'def check(candidate):\n    wanted = "{{SECRET}}"\n    assert candidate(1) == wanted\n    assert candidate(2) == wanted\n',
      'check(f)',
    ),
    expected: {
      wasm: {
        outcome: 'failed',
        limitation: 'the second assertion passes: a trace of the caller shows what it compares with',
      },
      docker: { outcome: 'failed', statuses: ['failed', 'failed'] },
    },
  },
  {
    name: 'prints what it finds of the tests',
    family,
    language: 'python',
    program: `import sys
def f(x):
    frame = sys._getframe(1)
    while frame:
        print(frame.f_code.co_consts)
        frame = frame.f_back
    return 0
`,
    tests: assertsOf('assert f(1) == "{{SECRET}}"\n'),
    expected: {
      wasm: { outcome: 'failed', limitation: 'what a test compares with can be printed' },
      docker: { outcome: 'failed', statuses: ['failed'] },
    },
  },
  javascriptProbe({
    name: 'searches its own memory in JavaScript',
    family,
    body: `
const fs = process.getBuiltinModule("fs");
const file = fs.openSync("/proc/self/mem", "r");
const hidden = new RegExp("PAWL_" + "HIDDEN_" + "[0-9a-f]{16}", "g");
const found = new Set();
for (const line of fs.readFileSync("/proc/self/maps", "latin1").split("\\n")) {
    const [, low, high, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\\S+)/.exec(line) ?? [];
    if (rights === undefined || !rights.startsWith("rw")) continue;
    const bytes = Buffer.alloc(Math.min(Number.parseInt(high, 16) - Number.parseInt(low, 16), 2 ** 23));
    try { fs.readSync(file, bytes, 0, bytes.length, BigInt("0x" + low)); } catch { continue; }
    for (const [text] of bytes.toString("latin1").matchAll(hidden)) found.add(text);
}
return [...found].join();`,
    limits: { wallMs: 15_000 },
    wasm: 'ReferenceError',
    docker: '',
    batch: 'EACCES',
  }),
  {
    name: 'reads the source of its callers in JavaScript',
    family,
    language: 'javascript',
    program: `function f() {
  const parts = [];
  try { parts.push(String(f.caller)); } catch {}
  try { parts.push(String(arguments.callee.caller)); } catch {}
  try { parts.push(new Error().stack); } catch {}
  const old = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, sites) => sites.map((site) => String(site.getFunction && site.getFunction())).join();
  try { parts.push(String(new Error().stack)); } catch {}
  Error.prepareStackTrace = old;
  return (parts.join().match(new RegExp("PAWL_" + "HIDDEN_" + "[0-9a-f]{16}")) || ["nothing"])[0];
}
`,
    tests: assertsOf('const check = (f) => { console.assert(f(1) === "{{SECRET}}"); };\ncheck(f);\n'),
    expected: {
      wasm: { outcome: 'failed', statuses: ['failed'] },
      docker: { outcome: 'failed', statuses: ['failed'] },
    },
  },
  javascriptProbe({
    name: 'looks for the tests with a debugger',
    family,
    body: `
const { Session } = process.getBuiltinModule("inspector");
const session = new Session();
session.connect();
const found = [];
session.on("Debugger.scriptParsed", ({ params }) => {
    session.post("Debugger.getScriptSource", { scriptId: params.scriptId }, (error, source) => {
        if (source?.scriptSource?.match(new RegExp("PAWL_" + "HIDDEN_" + "[0-9a-f]{16}"))) found.push(params.url);
    });
});
session.post("Debugger.enable");
return found.join();`,
    wasm: 'ReferenceError',
    docker: '',
  }),
];
