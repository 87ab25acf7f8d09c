import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'leaving something behind';
const library = 'import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n';

export const leftoverPrograms: readonly HostileProgram[] = [
  pythonProbe({
    name: 'leaves start-up code for the next Python',
    family,
    body: `
home = os.path.expanduser("~")
for place in (".", "/work", "/tmp", home, os.path.join(home, ".local/lib/python3.14/site-packages"), "/dev/shm"):
    try:
        os.makedirs(place, exist_ok=True)
        for name in ("sitecustomize.py", "usercustomize.py", "pawl.pth", "json.py", "random.py", ".pythonrc.py", "pyvenv.cfg"):
            with open(os.path.join(place, name), "w") as file: file.write("import sys; sys.pawl_left = True\\n")
    except OSError: pass`,
    wasm: 'done',
    docker: 'done',
    next: {
      body: 'import json, random\nreturn [hasattr(sys, "pawl_left"), "/work" in str(sys.modules.get("sitecustomize")), os.path.exists("/dev/shm/json.py"), os.path.exists("/work/json.py"), os.path.exists("/tmp/json.py")]',
      wasm: '[False, False, False, False, False]',
      docker: '[False, False, False, False, False]',
    },
  }),
  javascriptProbe({
    name: 'leaves modules and options for the next JavaScript',
    family,
    body: `
const fs = process.getBuiltinModule("fs");
process.env.NODE_OPTIONS = "--require=/work/pawl.js";
for (const place of ["/work", "/dev/shm", "/tmp"]) {
    try {
        fs.mkdirSync(place + "/node_modules/fs", { recursive: true });
        for (const name of ["package.json", ".node_repl_history", "pawl.js", ".npmrc", "node.config.json", ".env", "node_modules/fs/index.js"]) fs.writeFileSync(place + "/" + name, "globalThis.pawlLeft = true;");
    } catch {}
}`,
    wasm: 'ReferenceError',
    docker: 'done',
    next: {
      body: 'const fs = typeof process === "undefined" ? null : process.getBuiltinModule("fs");\nreturn [typeof globalThis.pawlLeft, fs?.existsSync("/work/pawl.js"), fs?.existsSync("/dev/shm/pawl.js"), fs && process.env.NODE_OPTIONS].join();',
      wasm: 'undefined,,,',
      docker: 'undefined,false,false,',
    },
  }),
  pythonProbe({
    name: 'leaves a library to be loaded before all others',
    family,
    body: `
os.environ["LD_PRELOAD"] = "/work/pawl.so"
os.putenv("PYTHONSTARTUP", "/work/pawl.py")
found = set()
for path in ("/etc/ld.so.preload", "/etc/environment", "/etc/profile"):
    try:
        open(path, "a").close()
        found.add(path)
    except OSError as e: found.add(errno.errorcode[e.errno])
return sorted(found)`,
    wasm: "['ENOENT']",
    docker: "['EACCES', 'EROFS']",
    next: {
      body: 'return [os.environ.get("LD_PRELOAD"), os.environ.get("PYTHONSTARTUP")]',
      wasm: '[None, None]',
      docker: '[None, None]',
    },
  }),
  pythonProbe({
    name: 'leaves shared memory, a semaphore and a queue of System V',
    family,
    body: `${library}
results = [libc.shmget(0x5057, 4096, 0o1666), libc.semget(0x5057, 1, 0o1666), libc.msgget(0x5057, 0o1666)]
return [result >= 0 for result in results]`,
    wasm: 'ModuleNotFoundError',
    docker: '[False, False, False]',
    next: {
      body: `${library}
return [result >= 0 for result in (libc.shmget(0x5057, 0, 0), libc.semget(0x5057, 0, 0), libc.msgget(0x5057, 0))]`,
      wasm: 'ModuleNotFoundError',
      docker: '[False, False, False]',
    },
  }),
  pythonProbe({
    name: 'leaves a message queue',
    family,
    body: `${library}
if libc.mq_open(b"/pawl", 0o102, 0o666, None) < 0: return errno.errorcode[ctypes.get_errno()]`,
    wasm: 'ModuleNotFoundError',
    docker: 'EPERM',
    next: {
      body: `${library}
if libc.mq_open(b"/pawl", 2, 0, None) < 0: return errno.errorcode[ctypes.get_errno()]`,
      wasm: 'ModuleNotFoundError',
      docker: 'EPERM',
    },
  }),
  pythonProbe({
    name: 'leaves files in shared memory',
    family,
    body: 'for name in ("pawl-file", "sem.pawl", ".pawl-hidden"): open("/dev/shm/" + name, "w").close()',
    wasm: 'done',
    docker: 'done',
    next: { body: 'return os.listdir("/dev/shm")', wasm: "['tmp']", docker: '[]' },
  }),
  pythonProbe({
    name: 'leaves a lock on a file of the system',
    family,
    body: `
import fcntl
if os.fork() == 0:
    fcntl.flock(os.open("/etc/passwd", os.O_RDONLY), fcntl.LOCK_EX)
    os.setsid()
    time.sleep(600)`,
    wasm: 'OSError ENOSYS',
    docker: 'done',
    next: {
      body: `
import fcntl
if not os.path.exists("/etc/passwd"): return "no file"
fcntl.flock(os.open("/etc/passwd", os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)`,
      wasm: 'no file',
      docker: 'done',
    },
  }),
  pythonProbe({
    name: 'leaves an abstract socket with a process that serves it',
    family,
    body: `
import socket
server = socket.socket(socket.AF_UNIX)
server.bind("\\0pawl-left")
server.listen()
if os.fork() == 0:
    os.setsid()
    while True: server.accept()[0].send(b"the answer of the last test")`,
    wasm: 'AttributeError',
    docker: 'done',
    next: {
      body: 'import socket\nsocket.socket(socket.AF_UNIX).connect("\\0pawl-left")',
      wasm: 'AttributeError',
      docker: 'ConnectionRefusedError ECONNREFUSED',
    },
  }),
  pythonProbe({
    name: 'leaves a port that is listened to',
    family,
    body: `
import socket
server = socket.create_server(("127.0.0.1", 5057))
if os.fork() == 0:
    os.setsid()
    time.sleep(600)`,
    wasm: 'OSError ENOSYS',
    docker: 'done',
    next: {
      body: 'import socket\nsocket.create_connection(("127.0.0.1", 5057), timeout=2)',
      wasm: 'gaierror -4',
      docker: 'ConnectionRefusedError ECONNREFUSED',
    },
  }),
  pythonProbe({
    name: 'leaves its name in the list of processes',
    family,
    body: `
with open("/proc/self/comm", "w") as file: file.write("pawl-title")
with open("/proc/thread-self/comm") as file: return file.read().strip()`,
    wasm: 'FileNotFoundError ENOENT',
    docker: 'PermissionError EACCES',
    next: {
      body: `
if not os.path.isdir("/proc/self"): return []
return [pid for pid in os.listdir("/proc") if pid.isdigit() and "pawl" in open(f"/proc/{pid}/comm").read()]`,
      wasm: '[]',
      docker: '[]',
    },
  }),
  pythonProbe({
    name: 'leaves changed modules and built-in functions',
    family,
    body: 'import builtins, json, math\nbuiltins.pawl_left = math.pawl_left = 1\njson.JSONEncoder.pawl_left = 1\nos.umask(0o777)',
    wasm: 'done',
    docker: 'done',
    next: {
      body: 'import builtins, json, math\nold = os.umask(0o022)\nreturn [hasattr(builtins, "pawl_left"), hasattr(math, "pawl_left"), hasattr(json.JSONEncoder, "pawl_left"), old == 0o777]',
      wasm: '[False, False, False, False]',
      docker: '[False, False, False, False]',
    },
  }),
];
