import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownProfile } from '../../../../sandbox/docker/seccomp/profile.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { readAll, testContainers } from '../container/test-containers.ts';
import { callNumbers } from './call-numbers.ts';

const reason = withoutEngine();
const named = ownProfile.syscalls.flatMap(({ names }) => names);
const absent = ownProfile.syscalls.flatMap(({ names, errnoRet }) => (errnoRet === undefined ? [] : names));

/** Makes each call of `NUMBER:ARGUMENT,…` and says what it gave: the error's number, or 0. */
const caller = `foreach (@ARGV) {
  my ($number, @given) = split /[:,]/;
  $! = 0;
  my $got = syscall($number, map { $_ + 0 } @given, (0) x (6 - @given));
  print $got == -1 ? $! + 0 : 0, "\\n";
}`;
const EPERM = 1;
const ENOSYS = 38;

describe.skipIf(reason !== null)(
  'System calls in a container',
  () => {
    let containers: Awaited<ReturnType<typeof testContainers>>;
    let numbers: ReadonlyMap<string, number>;
    beforeAll(async () => {
      containers = await testContainers();
      numbers = callNumbers[(await containers.shell('uname -m')) === 'aarch64' ? 'aarch64' : 'x86_64'];
    });
    afterAll(() => containers.host.close());

    const answers = async (
      calls: readonly string[],
      isolation: 'execution' | 'batch' = 'execution',
      among = containers,
    ): Promise<readonly number[]> => {
      const container = await among.start(['perl', '-e', caller, ...calls], { isolation });
      const text = await readAll(container);
      await container.destroy();
      return text.trim().split('\n').map(Number);
    };
    const call = (name: string, ...given: readonly number[]): string =>
      `${numbers.get(name)}:${given.join(',')}`;
    const python = async (program: string): Promise<string> => {
      const container = await containers.start(['python3', '-I', '-c', program]);
      const text = await readAll(container);
      await container.destroy();
      return text.trim();
    };

    it.each(['execution', 'batch'] as const)(
      'are refused at the level %s where the profile does not name them, by number',
      async (isolation) => {
        const refused = [...numbers.keys()].filter((name) => !named.includes(name) || absent.includes(name));
        const found = await answers(
          refused.map((name) => call(name)),
          isolation,
        );
        expect(found).toHaveLength(refused.length);
        const wrong = refused.filter((_, index) => ![EPERM, ENOSYS].includes(found[index] ?? 0));
        expect(wrong).toEqual([]);
        // What libraries try first must look as if it were not there; the rest is a refusal, except beyond what an engine knows.
        const errorOf = (name: string): number | undefined => found[refused.indexOf(name)];
        expect(errorOf('clone3')).toBe(ENOSYS);
        for (const name of [
          'io_uring_setup',
          'keyctl',
          'ptrace',
          'process_vm_readv',
          'shmget',
          'bpf',
          'unshare',
        ])
          expect([name, errorOf(name)]).toEqual([name, EPERM]);
      },
    );

    it('are refused where an argument asks for more than the profile allows', async () => {
      const [stream, datagram, raw] = [1, 2, 3];
      const refused = [
        call('socket', 40, stream), // the hypervisor's
        call('socket', 38, 5), // the kernel's cryptography
        call('socket', 17, raw, 768),
        call('socket', 16, raw, 12), // the packet filter's
        call('socket', 2, raw, 1),
        call('socket', 2, datagram, 1),
        call('socket', 10, stream, 132),
        call('socketpair', 40, stream),
        call('clone', 0x1000_0011),
        call('clone', 0x4000_0011),
        call('personality', 0x004_0000),
      ];
      expect(await answers(refused)).toEqual(refused.map(() => EPERM));
    });

    it('are let through where a kind of socket is an ordinary one', async () => {
      const allowed = [
        call('socket', 1, 1),
        call('socket', 1, 0x8_0805),
        call('socket', 2, 0x8_0801),
        call('socket', 2, 2, 17),
        call('socket', 16, 3),
        call('personality', 0xffff_ffff),
        call('getpid'),
        call('memfd_create'),
        call('openat2'),
      ];
      const EFAULT = 14;
      const EINVAL = 22;
      const found = await answers(allowed);
      expect(found.slice(0, 7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
      // These got as far as the kernel, which finds no name and no way to open it.
      expect(found.slice(7)).toEqual([EFAULT, EINVAL]);
    });

    it('are refused by the profile and by nothing else: without one they are answered', async () => {
      const profile = JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' });
      const open = await testContainers({ seccompProfile: profile });
      const segment = [call('shmget', 0, 4_096, 0o1600)];
      expect(await answers(segment)).toEqual([EPERM]);
      expect(await answers(segment, 'execution', open)).toEqual([0]);
      await open.host.close();
    });

    it('of the older forms of an architecture end the process', async () => {
      const program = `import ctypes, mmap, os, platform
def ended(call):
    child = os.fork()
    if child == 0:
        call()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])
def compatible():
    page = mmap.mmap(-1, 4096, prot=7)
    page.write(bytes.fromhex("b814000000cd80c3"))  # getpid of 32-bit programs
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
if platform.machine() != "x86_64": print("[31, 31]")
else: print([ended(compatible), ended(lambda: ctypes.CDLL(None).syscall(0x40000027))])`;
      expect(await python(program)).toBe('[31, 31]');
    });

    it('that programs live on are there: processes, threads, locks, shared memory, event loops, servers, SQLite', async () => {
      const program = `import asyncio, multiprocessing, os, select, socket, sqlite3, subprocess, threading
from multiprocessing import shared_memory
context = multiprocessing.get_context("fork")
with context.Pool(2) as pool: print(pool.map(abs, [-1, -2]))
memory = shared_memory.SharedMemory(create=True, size=16, track=False)
memory.unlink()
thread = threading.Thread(target=print, args=("thread",))
thread.start()
thread.join()
print(subprocess.run(["sh", "-c", "cat <<X | tr a b\\na\\nX"], capture_output=True, text=True).stdout.strip())
async def serve():
    async def answer(reader, writer):
        writer.write(await reader.readline())
        writer.close()
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"echo\\n")
    print(await reader.readline())
    child = await asyncio.create_subprocess_exec("echo", "child", stdout=-1)
    print((await child.communicate())[0])
asyncio.run(serve())
table = sqlite3.connect("/work/some.db")
table.execute("pragma journal_mode=wal")
table.execute("create table t(x)")
print(table.execute("select count(*) from t").fetchone())
print(socket.if_nameindex(), socket.getaddrinfo("127.0.0.1", 80)[0][4])`;
      expect(await python(program)).toBe(
        ['[1, 2]', 'thread', 'b', "b'echo\\n'", "b'child\\n'", '(0,)', "[(1, 'lo')] ('127.0.0.1', 80)"].join(
          '\n',
        ),
      );
    });
  },
  60_000,
);
