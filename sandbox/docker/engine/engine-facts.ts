import { z } from 'zod';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from './engine.ts';

/** What an engine says about itself and its machine. */
export interface EngineFacts {
  readonly name: 'docker' | 'podman';
  readonly version: string;
  readonly apiVersion: string;
  readonly operatingSystem: string;
  readonly kernelVersion: string;
  readonly architecture: string;
  readonly cgroupVersion: 1 | 2;
  readonly memoryBytes: number;
  readonly cpus: number;
  /** OCI runtimes by the names that the `runtime` setting may have. */
  readonly runtimes: readonly string[];
  readonly defaultRuntime: string;
  readonly securityOptions: readonly string[];
  /** Root of a container is not root of the machine, because the engine itself runs as a user. */
  readonly rootless: boolean;
  /** The engine maps the users of containers to others of the machine. */
  readonly mapsUsers: boolean;
  readonly seccomp: boolean;
  /** Which limits the engine can set on this machine. */
  readonly limits: {
    readonly memory: boolean;
    readonly swap: boolean;
    readonly processes: boolean;
    readonly cpu: boolean;
    /** How many files a work directory may hold. Where this cannot be set, files are limited by the memory they take. */
    readonly files: boolean;
  };
}

const infoSchema = z.object({
  ServerVersion: z.string().default(''),
  OperatingSystem: z.string().default(''),
  KernelVersion: z.string().default(''),
  Architecture: z.string().default(''),
  CgroupVersion: z.string().default('1'),
  MemTotal: z.number().nonnegative(),
  NCPU: z.number().positive(),
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
  DefaultRuntime: z.string().default(''),
  SecurityOptions: z.array(z.string()).nullish(),
  Rootless: z.boolean().default(false),
  MemoryLimit: z.boolean().default(false),
  SwapLimit: z.boolean().default(false),
  PidsLimit: z.boolean().default(false),
  CpuCfsQuota: z.boolean().default(false),
});

const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string() })).nullish(),
});

const deadlineMs = 20_000;

/** @throws PawlError `ENGINE_UNREACHABLE`, `ENGINE_REFUSED` when what answers is no engine */
export async function engineFacts(engine: Engine, signal?: AbortSignal): Promise<EngineFacts> {
  const ask = (path: string): Promise<unknown> =>
    engine.request({
      ...{ method: 'GET', path, deadlineMs, purpose: 'ask the engine about itself', askedFor: 'engine' },
      ...(signal ? { signal } : {}),
    });
  const [infoJson, versionJson] = await Promise.all([ask('/info'), ask('/version')]);
  const info = infoSchema.safeParse(infoJson);
  const version = versionSchema.safeParse(versionJson);
  if (!info.success || !version.success) {
    throw new PawlError('ENGINE_REFUSED', `What answers at ${engine.at} is no container engine known here.`, {
      context: { engine: engine.at },
    });
  }
  const security = info.data.SecurityOptions ?? [];
  const hasSecurity = (name: string): boolean =>
    security.some((option) => option === name || option.split(',').includes(`name=${name}`));
  const names = (version.data.Components ?? []).map(({ Name }) => Name.toLowerCase());
  const name = names.some((component) => component.includes('podman')) ? 'podman' : 'docker';
  const cgroupVersion = info.data.CgroupVersion === '2' ? 2 : 1;
  const rootless = info.data.Rootless || hasSecurity('rootless');
  // Podman without root says what the machine could do; with the first version of control groups, a user cannot set any of it.
  const mayLimit = !rootless || cgroupVersion === 2;
  return {
    name,
    version: version.data.Version,
    apiVersion: version.data.ApiVersion,
    operatingSystem: info.data.OperatingSystem,
    kernelVersion: info.data.KernelVersion,
    architecture: info.data.Architecture,
    cgroupVersion,
    memoryBytes: info.data.MemTotal,
    cpus: info.data.NCPU,
    runtimes: Object.keys(info.data.Runtimes ?? {}).sort(),
    defaultRuntime: info.data.DefaultRuntime,
    securityOptions: security,
    rootless,
    mapsUsers: hasSecurity('userns'),
    seccomp: hasSecurity('seccomp'),
    limits: {
      memory: mayLimit && info.data.MemoryLimit,
      swap: mayLimit && info.data.SwapLimit,
      processes: mayLimit && info.data.PidsLimit,
      cpu: mayLimit && info.data.CpuCfsQuota,
      files: name === 'docker', // Podman refuses to mount with `nr_inodes`
    },
  };
}
