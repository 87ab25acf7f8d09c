import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'what the host is';

export const hostPrograms: readonly HostileProgram[] = [
  pythonProbe({
    name: 'reads its environment',
    family,
    body: 'return [name for name in os.environ if "PAWL" in name or "DOCKER" in name or "KEY" in name or "TOKEN" in name]',
    wasm: '[]',
    docker: '[]',
  }),
  javascriptProbe({
    name: 'reads its environment in JavaScript',
    family,
    body: 'return Object.keys(process.env).filter((name) => /PAWL|DOCKER|KEY|TOKEN/u.test(name)).join();',
    wasm: 'ReferenceError',
    docker: '',
  }),
  pythonProbe({
    name: 'reads the environment of every process',
    family,
    body: `
found = []
for pid in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
    try:
        if ("PAWL_" + "CANARY").encode() in open(f"/proc/{pid}/environ", "rb").read(): found.append(pid)
    except OSError: pass
return found`,
    wasm: '[]',
    docker: '[]',
  }),
  pythonProbe({
    name: 'looks for processes of the host',
    family,
    body: `
if not os.path.isdir("/proc/self"): return "no processes"
return sorted({open(f"/proc/{pid}/comm").read().strip() for pid in os.listdir("/proc") if pid.isdigit()} - {"python3", "docker-init", "tini", "python3.14", "catatonit"})`,
    wasm: '[]',
    docker: '[]',
  }),
  pythonProbe({
    name: 'looks for files and directories of the host',
    family,
    body: `
found = []
for line in open("/proc/self/mountinfo"):
    parts = line.split()
    kind = parts[parts.index("-") + 1]
    if kind not in ("overlay", "proc", "tmpfs", "devpts", "sysfs", "cgroup", "cgroup2", "mqueue"):
        found.append(parts[4])
return sorted(found)`,
    wasm: 'FileNotFoundError ENOENT',
    docker: "['/etc/hostname', '/usr/sbin/docker-init']",
  }),
  pythonProbe({
    name: 'reads the name of the host',
    family,
    body: 'import socket\nreturn socket.gethostname() == "{{HOSTNAME}}"',
    wasm: 'False',
    docker: 'False',
  }),
  pythonProbe({
    name: 'counts the descriptors that it was given',
    family,
    body: `
found = []
for number in range(3, 256):
    try: found.append(os.fstat(number).st_mode & 0o170000)
    except OSError: pass
return len(found) <= 4`,
    wasm: 'True',
    docker: 'True',
  }),
  pythonProbe({
    name: 'reads what its kernel keeps for administrators',
    family,
    body: `
found = []
for path in ("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/proc/kmsg", "/proc/vmallocinfo", "/proc/kpagecount", "/proc/1/mem", "/proc/slabinfo", "/proc/latency_stats", "/sys/firmware/dmi/tables/DMI", "/sys/kernel/debug/tracing/trace", "/proc/acpi/ac_adapter", "/proc/iomem"):
    try:
        content = open(path, "rb").read(4096)
        if content.replace(b"0", b"").strip() and path != "/proc/iomem": found.append(path)
    except OSError: pass
return found`,
    wasm: '[]',
    docker: '[]',
  }),
  pythonProbe({
    name: 'reads the messages of the kernel',
    family,
    before: 'import ctypes' as string,
    body: 'libc = ctypes.CDLL(None, use_errno=True)\nbuffer = ctypes.create_string_buffer(4096)\nif libc.klogctl(3, buffer, 4096) < 0: return errno.errorcode[ctypes.get_errno()]',
    wasm: { outcome: 'error', error: 'ModuleNotFoundError' },
    docker: 'EPERM',
  }),
];
