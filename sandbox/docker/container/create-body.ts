import type { EngineFacts } from '../engine/engine-facts.ts';
import type { DockerSettings } from '../settings.ts';
import type { ContainerSpec } from './container.ts';
import type { Labels } from './labels.ts';

/** A user without a name, a home or files, in every image. */
export const nobody = 65_534;
export const workDirectory = '/work';
/** Shared memory counts as memory too; interpreters need a little for semaphores. */
const sharedMemoryBytes = 1024 * 1024;
/** An image's own volume is covered by an empty directory that cannot be written; a tmpfs cannot be smaller than a page. */
const coverBytes = 4_096;

/** Podman mounts these so that they can be written, where the root is read-only, unless something else is mounted there. */
const writtenByPodman = ['/tmp', '/run', '/var/tmp'];

/** What a container gets beside its spec and the settings. */
export interface ContainerParts {
  /** Directories for which the image asks for a volume. */
  readonly volumes: readonly string[];
  readonly labels: Labels;
  /** The security option with the seccomp profile; null: the engine's own. */
  readonly seccomp: string | null;
}

/**
 * What the engine is asked to make: the hardening is all here, and nothing of it can be turned off by a setting. What is not
 * named (masked paths of `/proc`, AppArmor) is the engine's default, which is the strict one.
 */
export function createBody(
  spec: ContainerSpec,
  settings: DockerSettings,
  facts: EngineFacts,
  { volumes, labels, seccomp }: ContainerParts,
): object {
  const isBatch = spec.isolation === 'batch';
  const [program, ...parameters] = spec.command;
  return {
    Image: spec.image,
    Entrypoint: [program],
    Cmd: parameters,
    User: isBatch ? '0:0' : `${nobody}:${nobody}`,
    // Older runtimes give a mounted directory the mode of the one it covers, and a working directory is made to be covered:
    // with root's mode. That is enough for the one user of an `execution`; a fork server's users need the mode asked for.
    WorkingDir: isBatch ? '/' : workDirectory,
    Env: [`HOME=${workDirectory}`, `TMPDIR=${workDirectory}`],
    Hostname: 'sandbox',
    Labels: labels,
    Tty: false,
    OpenStdin: true,
    // Its input ends with the one connection that is attached: a container whose owner died hears of it.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    // Beside the network mode: the engine then does not even prepare one, which takes it most of a start.
    NetworkDisabled: true,
    // An image's health check would run inside, uncounted.
    Healthcheck: { Test: ['NONE'] },
    StopSignal: 'SIGKILL',
    StopTimeout: 1,
    HostConfig: {
      ...isolation(spec, seccomp, isBatch),
      ...limits(spec, settings, facts),
      Tmpfs: { [workDirectory]: workOptions(spec, settings, facts) },
      Mounts: covered(volumes, facts).map(cover),
      LogConfig: { Type: 'none', Config: {} },
      Init: true,
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      ...(settings.runtime === null ? {} : { Runtime: settings.runtime }),
    },
  };
}

function isolation(spec: ContainerSpec, seccomp: string | null, isBatch: boolean): object {
  return {
    NetworkMode: 'none',
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    // The fork server gives each execution a user of its own and ends what that user left.
    CapAdd: isBatch ? ['SETUID', 'SETGID', 'KILL'] : [],
    SecurityOpt: ['no-new-privileges', ...(seccomp === null ? [] : [seccomp])],
    Privileged: false,
    PublishAllPorts: false,
    IpcMode: 'private',
    // The others are private by default and have no name for it.
    PidMode: '',
    UTSMode: '',
    UsernsMode: '',
    CgroupnsMode: 'private',
    ShmSize: Math.min(sharedMemoryBytes, spec.memoryBytes),
    // The machine gives up a candidate before anything else.
    OomScoreAdj: 1_000,
    OomKillDisable: false,
  };
}

function limits(spec: ContainerSpec, settings: DockerSettings, facts: EngineFacts): object {
  const same = (name: string, value: number): object => ({ Name: name, Soft: value, Hard: value });
  return {
    Memory: spec.memoryBytes,
    // The sum of memory and swap: none is left for swap.
    MemorySwap: spec.memoryBytes,
    ...(facts.cgroupVersion === 1 ? { MemorySwappiness: 0 } : {}),
    NanoCpus: Math.round(Math.min(settings.cpus, facts.cpus) * 1e9),
    PidsLimit: processLimit(settings, facts),
    Ulimits: [
      same('core', 0),
      same('fsize', settings.fileBytesMax),
      same('nofile', settings.openFilesMax),
      // POSIX message queues are kernel memory that outlives a process.
      same('msgqueue', 0),
    ],
  };
}

/**
 * With gVisor the machine's control group counts threads of its kernel and several for each of a program's, and a kernel that is
 * refused one ends with the container. So there the number is only a bound, and memory is what ends too many processes.
 */
function processLimit({ processesMax, runtime }: DockerSettings, { defaultRuntime }: EngineFacts): number {
  return (runtime ?? defaultRuntime).startsWith('runsc') ? 4 * processesMax + 256 : processesMax;
}

function workOptions(spec: ContainerSpec, settings: DockerSettings, facts: EngineFacts): string {
  const execution = spec.workIsExecutable ? 'exec' : 'noexec';
  const files = facts.limits.files ? `,nr_inodes=${settings.workFilesMax}` : '';
  const size = `size=${settings.workBytes}${files}`;
  // Podman knows no owner of a tmpfs, and its runtimes keep the mode.
  const isOwned = spec.isolation === 'execution' && facts.name === 'docker';
  return `rw,nosuid,nodev,${execution},${size},mode=1777${isOwned ? `,uid=${nobody},gid=${nobody}` : ''}`;
}

/** Directories in which nothing is to be found or written. */
function covered(volumes: readonly string[], { name }: EngineFacts): readonly string[] {
  const paths = new Set([...volumes, ...(name === 'podman' ? writtenByPodman : [])]);
  return [...paths].filter((path) => path !== workDirectory);
}

function cover(path: string): object {
  return {
    Type: 'tmpfs',
    Target: path,
    ReadOnly: true,
    TmpfsOptions: { SizeBytes: coverBytes, Mode: 0o555 },
  };
}
