import { assertsOf } from '../../execution-request.ts';
import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'processes';
const timeout = { outcome: 'timeout', error: 'TimeLimitExceeded' } as const;

/** Names of processes that the next program finds: it must find none that it did not start. */
const findByName = (name: string): string => `
found = []
for pid in os.listdir("/proc"):
    if pid.isdigit():
        try:
            if "${name}" in open(f"/proc/{pid}/cmdline").read(): found.append(pid)
        except OSError: pass
return found`;
const findByState = (state: string): string => `
found = []
for pid in os.listdir("/proc"):
    if pid.isdigit():
        try:
            if open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] == "${state}": found.append(pid)
        except OSError: pass
return found`;
const nothingLeft = { wasm: '[]', docker: '[]' };

export const processPrograms: readonly HostileProgram[] = [
  {
    name: 'forks without end',
    family,
    language: 'python',
    program: 'import os\ndef f(x):\n    while True:\n        try: os.fork()\n        except OSError: pass\n',
    limits: { wallMs: 1_500 },
    expected: { wasm: timeout, docker: timeout },
  },
  pythonProbe({
    name: 'forks until it is refused',
    family,
    body: `
for i in range(5000):
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)`,
    wasm: 'OSError ENOSYS',
    docker: 'BlockingIOError EAGAIN',
  }),
  javascriptProbe({
    name: 'starts commands until one is refused',
    family,
    body: `
const { spawn } = process.getBuiltinModule("child_process");
for (let i = 0; i < 500; i += 1) {
    const child = spawn("sleep", ["600"], { stdio: "ignore" });
    const refused = new Promise((resolve) => child.on("error", resolve));
    if (child.pid === undefined) return (await refused).code;
}`,
    wasm: 'ReferenceError',
    docker: 'EAGAIN',
  }),
  pythonProbe({
    name: 'starts threads until it is refused',
    family,
    body: `
import threading
for i in range(5000): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()`,
    wasm: 'RuntimeError',
    docker: 'RuntimeError',
  }),
  {
    name: 'starts worker threads that never end',
    family,
    language: 'javascript',
    program: `const f = () => {
  const { Worker } = process.getBuiltinModule("worker_threads");
  for (let i = 0; i < 2; i += 1) new Worker("for (;;);", { eval: true });
  for (;;);
};
`,
    limits: { wallMs: 1_500 },
    expected: {
      wasm: { outcome: 'failed', exceptions: ['ReferenceError', 'ReferenceError'] },
      docker: timeout,
    },
  },
  pythonProbe({
    name: 'leaves a daemon that was forked twice in a session of its own',
    family,
    body: `
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: os.execv("/bin/sleep", ["pawl-daemon", "600"])
    os._exit(0)
os.wait()
while True:
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                if "pawl-daemon" in open(f"/proc/{pid}/cmdline").read(): return "started"
            except OSError: pass`,
    wasm: 'OSError ENOSYS',
    docker: 'started',
    next: { body: `if not os.path.isdir("/proc/1"): return []${findByName('pawl-daemon')}`, ...nothingLeft },
  }),
  pythonProbe({
    name: 'leaves a command under nohup',
    family,
    body: `
import subprocess
subprocess.Popen(["nohup", "sleep", "599"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)`,
    wasm: 'OSError ENOTSUP',
    docker: 'done',
    next: { body: `if not os.path.isdir("/proc/1"): return []${findByName('599')}`, ...nothingLeft },
  }),
  javascriptProbe({
    name: 'leaves a detached command that holds its output open',
    family,
    body: `
process.getBuiltinModule("child_process").spawn("sleep", ["598"], { detached: true, stdio: "inherit" }).unref();`,
    wasm: 'ReferenceError',
    docker: 'done',
    next: {
      body: `
if (typeof process === "undefined") return "";
const fs = process.getBuiltinModule("fs");
return fs.readdirSync("/proc").filter((pid) => {
    try { return Number(pid) > 0 && fs.readFileSync("/proc/" + pid + "/cmdline", "latin1").includes("598"); } catch { return false; }
}).join();`,
      wasm: '',
      docker: '',
    },
  }),
  pythonProbe({
    name: 'leaves children that nobody waits for',
    family,
    body: `
for i in range(30):
    if os.fork() == 0: os._exit(0)`,
    wasm: 'OSError ENOSYS',
    docker: 'done',
    next: { body: `if not os.path.isdir("/proc/1"): return []${findByState('Z')}`, ...nothingLeft },
  }),
  pythonProbe({
    name: 'leaves children that are stopped',
    family,
    body: `
import signal
for i in range(5):
    pid = os.fork()
    if pid == 0: os.kill(os.getpid(), signal.SIGSTOP)
    os.waitpid(pid, os.WUNTRACED)`,
    wasm: 'OSError ENOSYS',
    docker: 'done',
    next: { body: `if not os.path.isdir("/proc/1"): return []${findByState('T')}`, ...nothingLeft },
  }),
  {
    name: 'forks and answers from both processes',
    family,
    language: 'python',
    program: 'import os\ndef f(x):\n    os.fork()\n    return 0\n',
    tests: assertsOf('assert f(1) == "{{SECRET}}"\n'),
    expected: {
      wasm: { outcome: 'failed', statuses: ['error'], exceptions: ['OSError'] },
      docker: { outcome: 'failed', statuses: ['failed'] },
    },
  },
  {
    name: 'forks while it loads, and answers from the child',
    family,
    language: 'python',
    program: 'import os\ntry:\n    while os.fork(): os.wait()\nexcept OSError: pass\ndef f(x): return 0\n',
    expected: {
      wasm: { outcome: 'failed', statuses: ['failed', 'failed'] },
      docker: { outcome: 'failed', statuses: ['failed', 'failed'] },
    },
  },
  {
    name: 'has a grandchild print without end while it waits',
    family,
    language: 'python',
    program: `import os, time
def f(x):
    if os.fork() == 0:
        if os.fork() == 0:
            while True: os.write(1, b"x" * 65536)
        os._exit(0)
    time.sleep(600)
`,
    expected: {
      wasm: { outcome: 'failed', exceptions: ['OSError', 'OSError'] },
      docker: { outcome: 'output_limit', error: 'OutputLimitExceeded' },
    },
  },
  {
    name: 'keeps every processor busy with children',
    family,
    language: 'python',
    program: `import os
def f(x):
    for i in range(16):
        if os.fork() == 0:
            while True: pass
    while True: pass
`,
    limits: { wallMs: 1_500 },
    expected: { wasm: { outcome: 'failed', exceptions: ['OSError', 'OSError'] }, docker: timeout },
  },
];
