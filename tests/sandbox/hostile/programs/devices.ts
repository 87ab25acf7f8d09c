import type { HostileProgram } from '../hostile-program.ts';
import { pythonProbe } from '../probe.ts';

const family = 'devices and the kernel';
/** Each path is opened for writing, with what it would take to do harm; what is not refused is shown. */
const writes = (paths: readonly string[]): string => `
found = set()
for path in ${JSON.stringify(paths)}:
    try:
        with open(path, "wb", buffering=0) as file: file.write(b"1")
        found.add("wrote " + path)
    except FileNotFoundError: pass
    except OSError: found.add("refused")
return sorted(found)`;

export const devicePrograms: readonly HostileProgram[] = [
  pythonProbe({
    name: 'presses the keys of the system request',
    family,
    body: 'try:\n    with open("/proc/sysrq-trigger", "w") as file: file.write("c")\nexcept OSError: return "refused"',
    wasm: 'done',
    docker: 'refused',
  }),
  pythonProbe({
    name: 'sets variables of the kernel',
    family,
    body: writes([
      '/proc/sys/kernel/hostname',
      '/proc/sys/kernel/core_pattern',
      '/proc/sys/kernel/panic',
      '/proc/sys/kernel/modprobe',
      '/proc/sys/vm/drop_caches',
      '/proc/sys/vm/overcommit_memory',
      '/proc/sys/net/ipv4/ip_forward',
      '/proc/sys/fs/file-max',
    ]),
    wasm: '[]',
    docker: "['refused']",
  }),
  pythonProbe({
    name: 'writes to the tree of the system',
    family,
    body: writes([
      '/sys/power/state',
      '/sys/kernel/uevent_helper',
      '/sys/class/net/lo/mtu',
      '/sys/kernel/mm/ksm/run',
    ]),
    wasm: '[]',
    docker: "['refused']",
  }),
  pythonProbe({
    name: 'changes its own limits',
    family,
    body: `
found = set()
for folder, folders, files in os.walk("/sys/fs/cgroup"):
    for name in files:
        if name in ("memory.limit_in_bytes", "memory.max", "pids.max", "cpu.cfs_quota_us", "cpu.max", "release_agent", "notify_on_release", "cgroup.procs", "tasks", "devices.allow", "cgroup.freeze"):
            try:
                with open(os.path.join(folder, name), "w") as file: file.write("1")
                found.add("wrote " + name)
            except OSError as e: found.add(errno.errorcode[e.errno])
return sorted(found)`,
    wasm: '[]',
    docker: "['EROFS']",
  }),
  pythonProbe({
    name: 'opens devices of the machine',
    family,
    body: `
found = set()
for name in ("mem", "kmem", "port", "kmsg", "sda", "vda", "nvme0n1", "loop0", "loop-control", "fuse", "kvm", "net/tun", "rtc0", "input/event0", "tty1", "vsock", "vhost-net", "dri/card0", "nvidia0", "hwrng", "watchdog", "uinput", "btrfs-control"):
    try:
        os.close(os.open("/dev/" + name, os.O_RDWR))
        found.add("opened " + name)
    except OSError as e: found.add(errno.errorcode[e.errno])
return sorted(found)`,
    wasm: "['ENOENT', 'opened tty1']",
    docker: "['ENOENT']",
  }),
  pythonProbe({
    name: 'lists the devices that it has',
    family,
    body: 'return sorted({*os.listdir("/dev")} - {"core"})',
    wasm: "['null', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'tty1', 'urandom']",
    docker:
      "['fd', 'full', 'mqueue', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero']",
  }),
  pythonProbe({
    name: 'makes a device of its own',
    family,
    body: `
import stat
place = "/work" if os.path.isdir("/work") else "/tmp"
os.mknod(place + "/pawl-memory", 0o666 | stat.S_IFCHR, os.makedev(1, 1))`,
    wasm: 'AttributeError',
    docker: 'PermissionError EPERM',
  }),
  pythonProbe({
    name: 'writes over the program that started it',
    family,
    body: writes(['/proc/1/exe', '/proc/self/exe', '/usr/bin/python3', '/bin/sh', '/sbin/docker-init']),
    wasm: "['wrote /proc/self/exe']",
    docker: "['refused']",
  }),
  pythonProbe({
    name: 'protects itself from the end of memory',
    family,
    body: 'with open("/proc/self/oom_score_adj", "w") as file: file.write("-1000")',
    wasm: 'done',
    docker: 'PermissionError EACCES',
  }),
  pythonProbe({
    name: 'looks through other processes for another root',
    family,
    body: `
found = set()
for path in ("/proc/1/root/{{FILE}}", "/proc/1/cwd/{{FILE}}", "/proc/self/root/{{FILE}}"):
    try:
        open(path)
        found.add(path)
    except OSError as e: found.add(errno.errorcode[e.errno])
return sorted(found)`,
    wasm: "['ENOENT']",
    docker: "['ENOENT']",
    batch: "['EACCES', 'ENOENT']",
  }),
];
