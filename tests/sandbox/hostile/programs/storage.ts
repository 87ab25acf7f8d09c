import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'storage';
/** Nothing of the last program may be in a place that can be written. */
const nothingThere = {
  body: `
import tempfile
found = []
for place in ("/work", "/tmp", "/dev/shm", "/var/tmp", "/dev/mqueue", os.path.expanduser("~")):
    try: found += [n for n in os.listdir(place) if "pawl" in n]
    except OSError: pass
return found`,
  wasm: '[]',
  docker: '[]',
};
const here = 'os.chdir("/work" if os.path.isdir("/work") else "/tmp")\n';

export const storagePrograms: readonly HostileProgram[] = [
  pythonProbe({
    name: 'fills the disk',
    family,
    body: `${here}
for i in range(100):
    with open(f"pawl-full-{i}", "wb") as file: file.write(b"x" * 4_000_000)`,
    wasm: 'OSError ENOSPC',
    docker: 'OSError ENOSPC',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'makes files until there are no more inodes',
    family,
    body: `${here}
for i in range(10 ** 6): open(f"pawl-{i}", "w").close()`,
    wasm: 'OSError ENOSPC',
    docker: 'OSError ENOSPC',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'makes directories in each other until it is refused',
    family,
    body: `${here}
for i in range(3000):
    os.mkdir("pawl")
    os.chdir("pawl")
return "deep"`,
    limits: { wallMs: 3_000 },
    wasm: { outcome: 'timeout', error: 'TimeLimitExceeded' },
    docker: 'deep',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'makes a file that claims a terabyte',
    family,
    body: `${here}
with open("pawl-sparse", "wb") as file: file.truncate(10 ** 12)`,
    wasm: 'OSError ENOSPC',
    docker: 'OSError EFBIG',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'makes directories that nobody may enter',
    family,
    body: `${here}
os.mkdir("pawl-closed")
os.mkdir("pawl-closed/inner")
open("pawl-closed/inner/file", "w").close()
os.chmod("pawl-closed/inner", 0)
os.chmod("pawl-closed", 0)`,
    wasm: 'done',
    docker: 'done',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'gives files names that no shell would survive',
    family,
    body: String.raw`
os.chdir(b"/work" if os.path.isdir("/work") else b"/tmp")
for name in (b"pawl -rf .", b"-rf", b"pawl\n..", b"pawl\xff\xfe", b"pawl$(reboot)", b"pawl" + b"a" * 251, b"...", b"pawl\x1b[2J"):
    open(name, "w").close()`,
    wasm: 'done',
    docker: 'done',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'leaves links to everything',
    family,
    body: `${here}
os.symlink("/", "pawl-root")
os.symlink("{{FILE}}", "pawl-canary")
os.symlink("..", "pawl-up")
os.symlink("pawl-loop", "pawl-loop")
os.symlink("/proc/self", "pawl-self")
os.symlink("/dev/shm", "pawl-shared")`,
    wasm: 'done',
    docker: 'done',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'puts a link in the place of a directory while others look',
    family,
    body: `${here}
if os.fork() == 0:
    while True:
        try: os.mkdir("pawl-swap")
        except OSError: pass
        try:
            os.rmdir("pawl-swap")
            os.symlink("/", "pawl-swap")
            os.unlink("pawl-swap")
        except OSError: pass`,
    wasm: 'OSError ENOSYS',
    docker: 'done',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'makes a hard link to a file of the system',
    family,
    body: `${here}
os.link("/etc/passwd", "pawl-passwd")`,
    wasm: 'AttributeError',
    docker: 'OSError EXDEV',
  }),
  pythonProbe({
    name: 'makes hard links to its own file until it is refused',
    family,
    body: `${here}
open("pawl-first", "w").close()
for i in range(10 ** 6): os.link("pawl-first", f"pawl-{i}")`,
    wasm: 'AttributeError',
    docker: 'OSError ENOSPC',
    next: nothingThere,
  }),
  pythonProbe({
    name: 'writes above its work directory',
    family,
    body: `${here}
found = set()
for path in ("../pawl-up", "../../../../pawl-root", "/etc/pawl", "/usr/lib/python3/pawl", "/usr/local/bin/pawl", "/root/pawl", "/var/tmp/pawl", "/home/pawl"):
    try:
        open(path, "w").close()
        found.add("wrote " + path)
    except OSError as e: found.add(errno.errorcode[e.errno])
return sorted(found)`,
    wasm: "['ENOENT', 'wrote ../../../../pawl-root', 'wrote ../pawl-up', 'wrote /home/pawl']",
    docker: "['EACCES', 'ENOENT', 'EROFS']",
    next: nothingThere,
  }),
  pythonProbe({
    name: 'writes to a file of the host by its path',
    family,
    body: 'open("{{FILE}}", "w").close()',
    wasm: 'FileNotFoundError ENOENT',
    docker: 'FileNotFoundError ENOENT',
  }),
  javascriptProbe({
    name: 'reads a file of the host by its path',
    family,
    body: 'return process.getBuiltinModule("fs").readFileSync("{{FILE}}", "utf8");',
    wasm: 'ReferenceError',
    docker: 'ENOENT',
  }),
  pythonProbe({
    name: 'opens files until it is refused',
    family,
    body: `
held = []
while True: held.append(open("/dev/null"))`,
    limits: { wallMs: 10_000 },
    wasm: 'MemoryError',
    docker: 'OSError EMFILE',
  }),
  pythonProbe({
    name: 'starts a program that it wrote',
    family,
    body: `${here}
with open("pawl-script", "w") as file: file.write("#!/bin/sh\\nexit 0\\n")
os.chmod("pawl-script", 0o6755)
import subprocess
subprocess.run(["./pawl-script"])`,
    wasm: 'OSError ENOTSUP',
    docker: 'PermissionError EACCES',
    next: nothingThere,
  }),
];
