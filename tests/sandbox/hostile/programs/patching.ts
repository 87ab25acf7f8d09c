import type { HostileProgram } from '../hostile-program.ts';

const family = 'patching the harness';
const failed = { outcome: 'failed', statuses: ['failed', 'failed'] } as const;
const python = (name: string, before: string, more: Partial<HostileProgram> = {}): HostileProgram => ({
  name,
  family,
  language: 'python',
  program: `${before.trim()}\ndef f(x): return 0\n`,
  expected: { wasm: failed, docker: failed },
  ...more,
});
const javascript = (name: string, before: string, more: Partial<HostileProgram> = {}): HostileProgram => ({
  name,
  family,
  language: 'javascript',
  program: `${before.trim()}\nconst f = () => 0;\n`,
  expected: { wasm: failed, docker: failed },
  ...more,
});

export const patchingPrograms: readonly HostileProgram[] = [
  python(
    'replaces the built-in functions',
    `
import builtins
for name in ("repr", "str", "len", "isinstance", "type", "all", "any", "abs", "sorted", "print", "hash", "id", "bool"):
    setattr(builtins, name, lambda *a, **k: True)
`,
  ),
  python('replaces AssertionError', 'import builtins\nbuiltins.AssertionError = builtins.Exception = None'),
  python(
    'replaces the compiler',
    'import ast, builtins\nast.parse = ast.walk = builtins.compile = builtins.exec = builtins.eval = None',
  ),
  python(
    'replaces what could carry its answer',
    `
import json, marshal, pickle, struct
for module in (json, marshal, pickle, struct):
    for name in ("dumps", "loads", "dump", "load", "pack", "unpack"):
        if hasattr(module, name): setattr(module, name, lambda *a, **k: b"\\x01")
`,
    { expected: { wasm: failed, docker: { outcome: 'error', error: 'ProcessEnded' } } },
  ),
  python(
    'replaces what reads and writes',
    `
import io, os
os.read = os.write = lambda *a: b""
io.open = open
`,
    {
      limits: { wallMs: 2_500 },
      expected: { wasm: failed, docker: { outcome: 'error', error: 'ProcessEnded' } },
    },
  ),
  python(
    'replaces every function that it finds in memory',
    `
import gc, types
def wrong(*a, **k): return "forged"
for found in gc.get_objects():
    if isinstance(found, types.FunctionType) and found is not wrong and found.__module__ in ("__main__", "harness", None):
        try: found.__code__ = wrong.__code__
        except (ValueError, TypeError): pass
`,
    { expected: { wasm: failed, docker: failed } },
  ),
  python(
    'changes the variables of everybody who calls it',
    `
import sys
def meddle():
    frame = sys._getframe(1)
    while frame:
        for name in list(frame.f_locals):
            try: frame.f_locals[name] = True
            except Exception: pass
        frame = frame.f_back
`,
    {
      program: `import sys
def f(x):
    frame = sys._getframe(1)
    while frame:
        for name in list(frame.f_locals):
            if name not in ("f", "sys"):
                try: frame.f_locals[name] = True
                except Exception: pass
        frame = frame.f_back
    return 0
`,
      expected: { wasm: { outcome: 'failed' }, docker: { outcome: 'error' } },
    },
  ),
  python(
    'traces whatever runs',
    `
import sys, threading
def trace(frame, event, argument):
    for name in list(frame.f_locals):
        try: frame.f_locals[name] = 1
        except Exception: pass
    return trace
threading.settrace(trace)
sys.setprofile(lambda *a: None)
`,
  ),
  python(
    'takes over the monitoring of the interpreter',
    `
import sys
monitoring = getattr(sys, "monitoring", None)
if monitoring:
    for tool in range(6):
        try: monitoring.free_tool_id(tool)
        except ValueError: pass
        monitoring.use_tool_id(tool, "pawl")
        monitoring.set_events(tool, 0)
`,
  ),
  python(
    'imports the harness and changes what it finds',
    `
import sys, types
for name in ("harness", "pawl", "agent", "supervisor", "__main__"):
    try: module = __import__(name)
    except ImportError: continue
    for key, value in list(vars(module).items()):
        if isinstance(value, types.FunctionType): setattr(module, key, lambda *a, **k: True)
`,
    { expected: { wasm: failed, docker: { outcome: 'failed' } } },
  ),
  python(
    'catches every exception that passes through it',
    `
import sys
sys.excepthook = sys.unraisablehook = lambda *a: None
import threading
threading.excepthook = lambda *a: None
`,
  ),
  python(
    'adds hooks to imports, codecs and audits',
    `
import codecs, sys
class Finder:
    @staticmethod
    def find_spec(*a): raise SystemExit(0)
sys.meta_path.insert(0, Finder)
sys.path_hooks.insert(0, lambda *a: exit())
sys.addaudithook(lambda *a: None)
codecs.register_error("strict", lambda e: ("passed", e.end))
codecs.register_error("backslashreplace", lambda e: ("passed", e.end))
`,
  ),
  javascript(
    'replaces the functions of JavaScript',
    `
JSON.stringify = () => "1"; JSON.parse = () => 1; Object.is = () => true; Array.isArray = () => true;
Function.prototype.call = Function.prototype.apply = () => true; Promise.prototype.then = () => {};
Reflect.apply = () => true; Reflect.ownKeys = () => []; Array.prototype.every = () => true;
console.assert = () => {}; String.prototype.slice = () => "";
`,
  ),
  javascript(
    'puts setters on the prototype of all objects',
    `
for (const key of ["value", "status", "outcome", "kind", "nonce", "id", "type", "error"]) Object.defineProperty(Object.prototype, key, Object.assign(Object.create(null), { get: () => "passed", set() {}, configurable: true }));
`,
    { expected: { wasm: failed, docker: { outcome: 'error', error: 'ProcessEnded' } } },
  ),
  javascript(
    'replaces the modules of its interpreter',
    `
if (typeof process !== "undefined") {
  const fs = process.getBuiltinModule("fs");
  for (const name of ["readSync", "writeSync", "read", "write", "fstatSync"]) fs[name] = () => 0;
  process.stdout.write = process.stderr.write = () => true;
  process.binding = process.getBuiltinModule("module")._load = () => ({});
  Buffer.from = Buffer.concat = Buffer.alloc = () => ({});
  process.emit = () => true;
}
`,
    { limits: { wallMs: 2_500 } },
  ),
  javascript(
    'listens to everything asynchronous and debugs itself',
    `
if (typeof process !== "undefined") {
  const hooks = process.getBuiltinModule("async_hooks");
  hooks.createHook({ init() {}, before() {}, after() {} }).enable();
  const { Session } = process.getBuiltinModule("inspector");
  const session = new Session();
  session.connect();
  session.post("Debugger.enable");
  session.post("Runtime.evaluate", { expression: "globalThis.passed = true" });
  process.on("uncaughtException", () => {});
  process.on("unhandledRejection", () => {});
}
`,
  ),
];
