import type { Isolation } from '../settings.ts';

/** Everything that decides what one container is. Its hardening is not in here, because it is always the same. */
export interface ContainerSpec {
  /** ID of an image that is there: `sha256:` and 64 hexadecimal digits. */
  readonly image: string;
  /** The program and its arguments; it is started under an init process. */
  readonly command: readonly string[];
  readonly isolation: Isolation;
  /** Memory with everything in it (interpreter, work directory), bytes; there is no swap. */
  readonly memoryBytes: number;
  /** Programs in the work directory may be executed (compiled languages need it). */
  readonly workIsExecutable: boolean;
}

/** How a container ended, from the engine's own record. */
export interface EndFacts {
  readonly running: boolean;
  readonly exitCode: number | null;
  /** The kernel ended a process of it because the memory limit was reached. Engines say so only when it has ended. */
  readonly outOfMemory: boolean;
  /** Its first process as the engine's machine has it; null when it has ended. */
  readonly pid: number | null;
}

export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** A container that has been started, with its streams attached from its first byte on. */
export interface RunningContainer {
  readonly id: string;
  /** Memory that it holds a claim on, bytes. */
  readonly memoryBytes: number;
  /**
   * Resolves when the connection to the engine has taken the bytes, or when the container has ended and takes none.
   *
   * @throws PawlError `ENGINE_UNREACHABLE` when the engine went away
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * What the container's first process writes, in order; ends when it has ended. Read by pulling: while nobody pulls, no
   * more than a few chunks are held here, and the container's writes block.
   *
   * @throws PawlError `ENGINE_UNREACHABLE` when it ended because the engine went away, not the container by itself
   */
  readonly output: AsyncIterable<OutputChunk>;
  /** Its output has ended (what it brought may not have been read yet), or it is being destroyed. */
  isOver(): boolean;
  /** Processor time of all its processes so far, milliseconds, from the engine. */
  cpuMs(): Promise<number>;
  facts(): Promise<EndFacts>;
  /** Kills all its processes, waits until it has ended and gives the facts; it stays until `destroy`. */
  kill(): Promise<EndFacts>;
  /** Kills and removes the whole container, with its volumes. Idempotent; resolves when it is gone. */
  destroy(): Promise<void>;
}

/** Makes containers. Whatever goes wrong on the engine's side is a coded error, never an outcome. */
export interface ContainerHost {
  /** @throws PawlError `ENGINE_UNREACHABLE`, `ENGINE_REFUSED`, `ENGINE_DISK_FULL`, `IMAGE_MISSING` */
  start(spec: ContainerSpec): Promise<RunningContainer>;
  /** Removes every container of owners that are no longer alive. Returns how many were removed. */
  sweep(): Promise<number>;
  /** Destroys everything that this host started. Idempotent. */
  close(): Promise<void>;
}
