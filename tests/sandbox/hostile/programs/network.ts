import type { HostileProgram } from '../hostile-program.ts';
import { javascriptProbe, pythonProbe } from '../probe.ts';

const family = 'network';
const python = (name: string, body: string, wasm: string, docker: string): HostileProgram =>
  pythonProbe({ name, family, before: 'import socket', body, limits: { wallMs: 6_000 }, wasm, docker });
const javascript = (name: string, body: string, docker: string): HostileProgram =>
  javascriptProbe({ name, family, body, limits: { wallMs: 6_000 }, wasm: 'ReferenceError', docker });
const none = 'OSError ENOSYS';
const sockets = 'ConnectionRefusedError ECONNREFUSED';
const unreachable = 'OSError ENETUNREACH';

export const networkPrograms: readonly HostileProgram[] = [
  python(
    'connects to a port of the host over loopback',
    's = socket.socket()\ns.settimeout(2)\ns.connect(("127.0.0.1", {{PORT}}))',
    none,
    sockets,
  ),
  python(
    'connects to a port of the host by its address',
    's = socket.socket()\ns.settimeout(2)\ns.connect(("{{ADDRESS}}", {{PORT}}))',
    none,
    unreachable,
  ),
  python(
    'sends a datagram into the world',
    'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))',
    none,
    unreachable,
  ),
  python(
    'connects over IPv6',
    's = socket.socket(socket.AF_INET6)\ns.settimeout(2)\ns.connect(("2001:db8::1", 80))',
    none,
    unreachable,
  ),
  python(
    'connects to the loopback of IPv6',
    's = socket.socket(socket.AF_INET6)\ns.settimeout(2)\ns.connect(("::1", {{PORT}}))',
    none,
    sockets,
  ),
  python('asks for a name', 'socket.getaddrinfo("example.com", 80)', 'gaierror -4', 'gaierror -3'),
  python(
    'asks for the metadata of a cloud machine',
    'import urllib.request\nurllib.request.urlopen("http://169.254.169.254/latest/meta-data/", timeout=2)',
    'URLError None',
    'URLError None',
  ),
  python(
    'broadcasts',
    's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\ns.sendto(b"x", ("255.255.255.255", 9))',
    none,
    unreachable,
  ),
  python(
    'connects to an abstract socket of the host',
    's = socket.socket(socket.AF_UNIX)\ns.connect("\\0{{ABSTRACT}}")',
    'AttributeError',
    sockets,
  ),
  python(
    'connects to a socket of the host by its path',
    'found = set()\nfor path in ("{{SOCKET}}", "/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock", "/run/systemd/private", "/run/dbus/system_bus_socket"):\n    try:\n        socket.socket(socket.AF_UNIX).connect(path)\n        found.add(path)\n    except OSError as e: found.add(errno.errorcode[e.errno])\nreturn sorted(found)',
    'AttributeError',
    "['ENOENT']",
  ),
  python(
    'opens a raw socket',
    'socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)',
    none,
    'PermissionError EPERM',
  ),
  python('opens a packet socket', 'socket.socket(17, 3, 768)', none, 'PermissionError EPERM'),
  python(
    'asks the kernel for its interfaces',
    'return [name for number, name in socket.if_nameindex()]',
    'OSError ENOBUFS',
    "['lo']",
  ),
  python(
    'changes its interfaces over netlink',
    'import struct\ns = socket.socket(16, socket.SOCK_RAW, 0)\ns.send(struct.pack("=IHHII", 32, 16, 5, 1, 0) + struct.pack("=BBHiII", 0, 0, 0, 1, 0, 1))\nanswer = s.recv(4096)\nreturn errno.errorcode.get(-struct.unpack_from("=i", answer, 16)[0], "done")',
    none,
    'EPERM',
  ),
  python(
    'reaches for the machine below by a virtual socket',
    's = socket.socket(40, socket.SOCK_STREAM)\ns.settimeout(1)\ns.connect((2, 1024))',
    none,
    'PermissionError EPERM',
  ),
  python(
    'opens sockets of the kernel: encryption, Bluetooth, cluster, radio',
    'found = []\nfor family, kind, protocol in ((38, 5, 0), (31, 3, 1), (30, 1, 0), (29, 3, 1), (44, 3, 0), (15, 3, 2), (39, 1, 1), (45, 5, 0)):\n    try:\n        socket.socket(family, kind, protocol)\n        found.append(family)\n    except OSError: pass\nreturn found',
    '[]',
    '[]',
  ),
  javascript(
    'connects in JavaScript',
    'const net = process.getBuiltinModule("net");\nawait new Promise((resolve, reject) => net.connect({{PORT}}, "127.0.0.1", resolve).on("error", reject));',
    'ECONNREFUSED',
  ),
  javascript(
    'connects to an abstract socket in JavaScript',
    'const net = process.getBuiltinModule("net");\nawait new Promise((resolve, reject) => net.connect("\\0{{ABSTRACT}}", resolve).on("error", reject));',
    'ECONNREFUSED',
  ),
  javascript(
    'asks for a name in JavaScript',
    'await process.getBuiltinModule("dns").promises.lookup("example.com");',
    'EAI_AGAIN',
  ),
  javascript(
    'asks for the metadata of a cloud machine in JavaScript',
    'const http = process.getBuiltinModule("http");\nawait new Promise((resolve, reject) => http.get("http://169.254.169.254/", resolve).on("error", reject));',
    'ENETUNREACH',
  ),
  javascript(
    'sends a datagram in JavaScript',
    'const socket = process.getBuiltinModule("dgram").createSocket("udp4");\nawait new Promise((resolve, reject) => socket.on("error", reject).send("x", 53, "192.0.2.1", (error) => (error ? reject(error) : resolve())));',
    'ENETUNREACH',
  ),
];
