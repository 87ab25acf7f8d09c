import type { HostileProgram } from '../hostile-program.ts';
import { pythonProbe } from '../probe.ts';

const family = 'privileges';
const absent = { outcome: 'error', error: 'ModuleNotFoundError' } as const;

/**
 * A call into the kernel: a function of the C library, or `number(x86-64, ARM 64)` where it has none. The answer is the
 * name of the error number.
 */
const call = (name: string, expression: string, docker: string, batch?: string): HostileProgram =>
  pythonProbe({
    name,
    family,
    before: `import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
def system(x86, arm, *arguments): return libc.syscall(arm if platform.machine() == "aarch64" else x86, *arguments)
buffer = ctypes.create_string_buffer(4096)`,
    body: `if ${expression} < 0: return errno.errorcode[ctypes.get_errno()]`,
    wasm: absent,
    docker,
    ...(batch === undefined ? {} : { batch }),
  });

export const privilegePrograms: readonly HostileProgram[] = [
  pythonProbe({
    name: 'asks who it is',
    family,
    body: `
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
capabilities = [status[name].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")]
return f'{os.getuid() != 0 and os.geteuid() != 0 and os.getgid() != 0} {os.getgroups()} {set(capabilities)} {status["NoNewPrivs"].strip()} {status["Seccomp"].strip()}'`,
    wasm: 'FileNotFoundError ENOENT',
    docker: "True [65534] {'0000000000000000'} 1 2",
    batch: "True [] {'0000000000000000'} 1 2",
  }),
  pythonProbe({
    name: 'makes itself an administrator',
    family,
    body: `
found = set()
for change in (os.setuid, os.setgid, os.seteuid, os.setegid):
    try:
        change(0)
        found.add(change.__name__)
    except OSError as e: found.add(errno.errorcode[e.errno])
try: os.setgroups([0])
except OSError as e: found.add(errno.errorcode[e.errno])
return sorted(found)`,
    wasm: 'AttributeError',
    docker: "['EPERM']",
  }),
  pythonProbe({
    name: 'starts every program that runs as an administrator',
    family,
    body: `
import stat, subprocess
privileged = []
for folder in ("/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/lib", "/usr/libexec"):
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        try: info = os.stat(path)
        except OSError: continue
        if stat.S_ISREG(info.st_mode) and info.st_mode & (stat.S_ISUID | stat.S_ISGID): privileged.append(path)
users = set()
for path in privileged:
    child = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for line in open(f"/proc/{child.pid}/status"):
            if line.startswith(("Uid", "Gid")): users.update(line.split()[1:])
    except OSError: pass
    child.kill()
    child.wait()
return "0" in users`,
    limits: { wallMs: 10_000 },
    wasm: 'False',
    docker: 'False',
  }),
  pythonProbe({
    name: 'raises its own priority',
    family,
    body: 'os.nice(-5)',
    wasm: 'AttributeError',
    docker: 'PermissionError EPERM',
  }),
  pythonProbe({
    name: 'raises its own limits',
    family,
    body: `
import resource
found = set()
for name in ("RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_CORE"):
    try:
        resource.setrlimit(getattr(resource, name), (-1, -1))
        found.add("raised " + name)
    except ValueError: found.add("refused")
return sorted(found)`,
    wasm: 'ModuleNotFoundError',
    docker: "['refused']",
  }),
  pythonProbe({
    name: 'takes the limits of its parent away',
    family,
    body: `
import resource
resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (0, 0))
return "taken"`,
    wasm: 'ModuleNotFoundError',
    docker: { outcome: 'error' },
    batch: 'PermissionError EPERM',
  }),
  call('mounts', 'libc.mount(b"none", b"/work", b"tmpfs", 0, None)', 'EPERM'),
  call('mounts by the newer calls', 'system(430, 430, b"tmpfs", 0)', 'EPERM'),
  call('unmounts', 'libc.umount2(b"/proc", 2)', 'EPERM'),
  call('changes its root', 'libc.chroot(b"/work")', 'EPERM'),
  call('takes another process under control', 'libc.ptrace(16, os.getppid(), 0, 0)', 'EPERM'),
  call(
    'reads the memory of another process by a call',
    'system(310, 270, os.getppid(), buffer, 1, buffer, 1, 0)',
    'EPERM',
  ),
  call(
    'takes a descriptor of another process',
    'system(438, 438, system(434, 434, os.getppid(), 0), 0, 0)',
    'EPERM',
  ),
  call('adds a key to the kernel', 'system(248, 217, b"user", b"pawl", b"x", 1, -4)', 'EPERM'),
  call('lists the keys of the kernel', 'system(250, 219, 6, -4, buffer, 4096)', 'EPERM'),
  call('makes a user namespace', 'libc.unshare(0x10000000)', 'EPERM'),
  call('makes a network namespace', 'libc.unshare(0x40000000)', 'EPERM'),
  call('makes a process in a namespace of its own', 'system(56, 220, 0x10000000 | 17, 0, 0, 0, 0)', 'EPERM'),
  call(
    'makes a process by the newer call',
    'system(435, 435, (ctypes.c_uint64 * 8)(0x10000000), 64)',
    'ENOSYS',
  ),
  call('enters a namespace of another process', 'libc.setns(os.open("/proc/self/ns/net", 0), 0)', 'EPERM'),
  call('loads a program into the kernel', 'system(321, 280, 0, buffer, 64)', 'EPERM'),
  call('counts events of the processor', 'system(298, 241, buffer, 0, -1, -1, 0)', 'EPERM'),
  call('handles page faults for others', 'system(323, 282, 0)', 'EPERM'),
  call('opens a ring of input and output', 'system(425, 425, 8, buffer)', 'EPERM'),
  call('loads a module into the kernel', 'system(175, 105, buffer, 4096, b"")', 'EPERM'),
  call('starts another kernel', 'system(246, 104, 0, 0, None, 0)', 'EPERM'),
  call('opens a file by its handle', 'system(304, 265, -100, buffer, 0)', 'EPERM'),
  call('sets the clock', 'libc.clock_settime(0, (ctypes.c_long * 2)(1, 1))', 'EPERM'),
  call('sets the name of the host', 'libc.sethostname(b"pawl", 4)', 'EPERM'),
  call('restarts the machine', 'libc.reboot(0x01234567)', 'EPERM'),
  call('turns swapping on', 'libc.swapon(b"/work", 0)', 'EPERM'),
  call('keeps accounts of processes', 'libc.acct(b"/work/pawl")', 'EPERM'),
  call('changes its personality', 'libc.personality(0x0040000)', 'EPERM'),
];
