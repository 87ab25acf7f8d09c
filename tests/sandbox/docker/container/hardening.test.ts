import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownProfileText } from '../../../../sandbox/docker/seccomp/profile.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { readAll, testContainers } from './test-containers.ts';

const reason = withoutEngine();
const program = readFileSync(new URL('look-around.py', import.meta.url), 'utf8');
const mebibyte = 1024 * 1024;

describe.skipIf(reason !== null)(
  'A container, seen from inside and by its engine',
  () => {
    let containers: Awaited<ReturnType<typeof testContainers>>;
    let seen: Readonly<Record<string, unknown>>;
    let inspected: Readonly<Record<'HostConfig' | 'Mounts' | 'Config', Readonly<Record<string, unknown>>>>;

    beforeAll(async () => {
      containers = await testContainers({
        workBytes: 8 * mebibyte,
        workFilesMax: 100,
        fileBytesMax: 6 * mebibyte,
        openFilesMax: 128,
        processesMax: 20,
      });
      const container = await containers.start(['python3', '-I', '-c', program]);
      seen = JSON.parse(await readAll(container)) as typeof seen;
      inspected = (await containers.engine.request({
        ...{ method: 'GET', path: `/containers/${container.id}/json`, deadlineMs: 10_000 },
        ...{ purpose: 'look at a container', askedFor: 'container' },
      })) as typeof inspected;
      await container.destroy();
    }, 60_000);
    afterAll(() => containers.host.close());

    it('runs as nobody, in no other group', () => {
      expect(seen['user']).toEqual([65_534, 65_534, 65_534, 65_534, [65_534]]);
      expect(seen['setuid']).toBe('EPERM');
    });

    it('has no capability, can gain none, and is filtered by seccomp', () => {
      expect(seen['status']).toEqual({
        CapInh: '0000000000000000',
        CapPrm: '0000000000000000',
        CapEff: '0000000000000000',
        CapBnd: '0000000000000000',
        CapAmb: '0000000000000000',
        NoNewPrivs: '1',
        Seccomp: '2',
      });
      expect({ mknod: seen['mknod'], chroot: seen['chroot'], unshare: seen['unshare'] }).toEqual({
        mknod: 'EPERM',
        chroot: 'EPERM',
        unshare: 'EPERM',
      });
    });

    it('can write to its work directory and its small shared memory, and nowhere else', () => {
      expect(seen['root']).toBe('ro');
      expect(seen['writable']).toEqual({
        '/x': 'EROFS',
        '/etc/x': 'EROFS',
        '/tmp/x': 'EROFS',
        '/usr/x': 'EROFS',
        '/dev/x': 'EACCES',
        '/proc/sys/kernel/hostname': 'EROFS',
        '/work/x': 'done',
        '/dev/shm/x': 'done',
      });
    });

    it('mounts the work directory without devices, set-user-ID or execution', () => {
      const [kind, options] = seen['work'] as readonly unknown[];
      expect(kind).toBe('tmpfs');
      expect(options).toEqual(expect.arrayContaining(['rw', 'nosuid', 'nodev', 'noexec', 'size=8192k']));
      expect((seen['shm'] as readonly unknown[])[1]).toEqual(
        expect.arrayContaining(['nosuid', 'nodev', 'noexec', 'size=1024k']),
      );
    });

    it('fits no more bytes and files into it than were allowed', () => {
      expect(seen['workFiles']).toBe(98); // the directory itself, and the one that was written before
      expect(seen['workBytes']).toBe(6 * mebibyte); // the largest file
      expect(seen['shmBytes']).toBe(mebibyte);
    });

    it('has no network but its own loopback', () => {
      expect(seen['interfaces']).toEqual(['lo']);
      expect(seen['routes']).toBe(0);
      expect(seen['connect']).toBe('ENETUNREACH');
    });

    it('has no devices beyond the harmless ones', () => {
      expect(seen['devices']).toEqual(
        [
          'fd',
          'full',
          'mqueue',
          'null',
          'ptmx',
          'pts',
          'random',
          'shm',
          'stderr',
          'stdin',
          'stdout',
          'tty',
        ].concat(['urandom', 'zero']),
      );
    });

    it('is limited in files, cores and queues', () => {
      expect(seen['limits']).toEqual({
        RLIMIT_CORE: [0, 0],
        RLIMIT_FSIZE: [6 * mebibyte, 6 * mebibyte],
        RLIMIT_NOFILE: [128, 128],
        RLIMIT_MSGQUEUE: [0, 0],
      });
    });

    it('knows nothing of the machine', () => {
      expect(seen['hostname']).toBe('sandbox');
      expect(seen['environment']).toEqual({
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOSTNAME: 'sandbox',
        HOME: '/work',
        TMPDIR: '/work',
      });
      expect(seen['directory']).toBe('/work');
      expect(seen['masked']).toEqual(['', '']);
      for (const line of seen['cgroup'] as string[]) expect(line).toMatch(/:\/$/);
    });

    it('has processes of its own, under an init process, and is given up first', () => {
      expect(seen['pid1']).toBe('docker-init');
      expect(seen['processes']).toHaveLength(2);
      expect(seen['oomScoreAdj']).toBe(1_000);
    });

    it('is for its engine what was asked for', () => {
      const { HostConfig, Mounts, Config } = inspected;
      expect(HostConfig).toMatchObject({
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges', `seccomp=${ownProfileText}`],
        Privileged: false,
        IpcMode: 'private',
        PidMode: '',
        UTSMode: '',
        UsernsMode: '',
        CgroupnsMode: 'private',
        Memory: 128 * mebibyte,
        MemorySwap: 128 * mebibyte,
        NanoCpus: 1e9,
        PidsLimit: 20,
        ShmSize: mebibyte,
        LogConfig: { Type: 'none', Config: {} },
        AutoRemove: false,
        Init: true,
        OomKillDisable: false,
        RestartPolicy: { Name: 'no' },
      });
      expect(HostConfig['CapAdd'] ?? []).toEqual([]);
      expect(HostConfig['Binds'] ?? []).toEqual([]);
      expect(HostConfig['Devices'] ?? []).toEqual([]);
      expect(HostConfig['MaskedPaths']).toContain('/proc/kcore');
      expect(HostConfig['ReadonlyPaths']).toContain('/proc/sys');
      expect(Mounts).toEqual([]);
      expect(Config['Image']).toBe(containers.image);
      expect(Config['Labels']).toMatchObject({ 'pawl.sandbox': '1', 'pawl.owner.pid': `${process.pid}` });
    });

    it('cannot have more memory than it was given, swap included, nor more processes or processors', async () => {
      const read =
        'cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory/memory.memsw.limit_in_bytes ' +
        'memory/memory.swappiness pids/pids.max cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us 2>&1 || ' +
        'cat memory.max memory.swap.max pids.max cpu.max';
      const lines = (await containers.shell(read)).split(/\s+/);
      expect([
        `${128 * mebibyte} ${128 * mebibyte} 0 20 100000 100000`,
        `${128 * mebibyte} 0 20 100000 100000`,
      ]).toContain(lines.join(' '));
    });

    it('may execute what is in its work directory only where that was asked for', async () => {
      const script = 'printf "#!/bin/sh\\necho it ran" > x && chmod +x x && ./x';
      expect(await containers.shell(script)).toContain('Permission denied');
      expect(await containers.shell(script, { workIsExecutable: true })).toBe('it ran');
    });

    it('lets a fork server change users and end their processes, and nothing more', async () => {
      const caps = await containers.shell('id -u; grep -E "Cap(Prm|Eff|Bnd)|NoNewPrivs" /proc/self/status', {
        isolation: 'batch',
      });
      // CAP_KILL is 5, CAP_SETGID 6, CAP_SETUID 7.
      expect(caps.split(/\s+/)).toEqual(
        [
          '0',
          'CapPrm:',
          '00000000000000e0',
          'CapEff:',
          '00000000000000e0',
          'CapBnd:',
          '00000000000000e0',
        ].concat(['NoNewPrivs:', '1']),
      );
    });

    it('gives a fork server a work directory that every user can write to', async () => {
      expect(await containers.shell('stat -c "%a %u" /work', { isolation: 'batch' })).toBe('1777 0');
    });

    it('takes the engine’s own seccomp profile when asked to, and nothing is said to the engine', async () => {
      const usual = await testContainers({ seccompProfile: 'engine' });
      const container = await usual.start(['sleep', '60']);
      const { HostConfig } = (await usual.engine.request({
        ...{ method: 'GET', path: `/containers/${container.id}/json`, deadlineMs: 10_000 },
        ...{ purpose: 'look at a container', askedFor: 'container' },
      })) as { HostConfig: { SecurityOpt: unknown } };
      expect(HostConfig.SecurityOpt).toEqual(['no-new-privileges']);
      await container.destroy();
      expect(await usual.shell('grep Seccomp: /proc/self/status')).toBe('Seccomp:\t2');
      await usual.host.close();
    });

    it('takes the seccomp profile that is supplied', async () => {
      const profile = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 }],
      };
      const strict = await testContainers({ seccompProfile: JSON.stringify(profile) });
      expect(await strict.shell('mkdir /work/x; grep Seccomp: /proc/self/status')).toBe(
        "mkdir: cannot create directory '/work/x': Function not implemented\nSeccomp:\t2",
      );
      await strict.host.close();
    });
  },
  60_000,
);
