"""Runs inside a container and prints, as JSON, what the kernel says about the place it is in."""
import errno, json, os, resource, socket

def attempt(action):
    """The name of the error that an action ends in, or 'done'."""
    try:
        action()
        return 'done'
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))

def status():
    with open('/proc/self/status') as file:
        return dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)

def write(path):
    return lambda: open(path, 'w').close()

def mounts():
    with open('/proc/self/mounts') as file:
        fields = [line.split() for line in file]
    return {where: [kind, options.split(',')] for _, where, kind, options, *_ in fields}

def fill(path, size):
    """Bytes that fit into a file."""
    written = 0
    try:
        with open(path, 'wb', buffering=0) as file:
            while written < size:
                written += file.write(b'x' * 65536)
    except OSError:
        pass
    return written

def files(directory, count):
    """How many files fit into a directory."""
    made = 0
    try:
        for made in range(count):
            os.close(os.open(f'{directory}/{made}', os.O_CREAT | os.O_WRONLY))
    except OSError:
        pass
    for index in range(made):
        os.unlink(f'{directory}/{index}')
    return made

def connect():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as out:
        out.settimeout(2)
        out.connect(('1.1.1.1', 80))

def limit(name):
    return list(resource.getrlimit(getattr(resource, name)))

work_mounts = mounts()
shown = {
    'user': [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getgroups()],
    'status': {name: status()[name] for name in
               ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp']},
    'pid1': open('/proc/1/comm').read().strip(),
    'oomScoreAdj': int(open('/proc/self/oom_score_adj').read()),
    'root': work_mounts['/'][1][0],
    'work': work_mounts['/work'],
    'shm': work_mounts['/dev/shm'],
    'writable': {path: attempt(write(path)) for path in
                 ['/x', '/etc/x', '/tmp/x', '/usr/x', '/dev/x', '/proc/sys/kernel/hostname', '/work/x', '/dev/shm/x']},
    'interfaces': sorted(os.listdir('/sys/class/net')),
    'routes': len(open('/proc/net/route').read().splitlines()) - 1,
    'connect': attempt(connect),
    'devices': sorted(os.listdir('/dev')),
    'limits': {name: limit(name) for name in
               ['RLIMIT_CORE', 'RLIMIT_FSIZE', 'RLIMIT_NOFILE', 'RLIMIT_MSGQUEUE']},
    'hostname': socket.gethostname(),
    'environment': {name: value for name, value in os.environ.items() if name not in ('LC_CTYPE',)},
    'descriptors': sorted(int(name) for name in os.listdir('/proc/self/fd'))[:3],
    'directory': os.getcwd(),
    'cgroup': open('/proc/self/cgroup').read().split(),
    'masked': [open(path).read() for path in ['/proc/keys', '/proc/timer_list']],
    'mknod': attempt(lambda: os.mknod('/work/device', 0o600 | 0o020000, os.makedev(1, 3))),
    'chroot': attempt(lambda: os.chroot('/work')),
    'setuid': attempt(lambda: os.setuid(0)),
    'unshare': attempt(lambda: os.unshare(0x10000000)) if hasattr(os, 'unshare') else 'EPERM',
    'processes': sorted(name for name in os.listdir('/proc') if name.isdigit()),
    'shmBytes': fill('/dev/shm/full', 64 << 20),
    'workFiles': files('/work', 100_000),
    'workBytes': fill('/work/full', 512 << 20),
}
print(json.dumps(shown))
