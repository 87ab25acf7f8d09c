import type { OutputReader } from '../container/output-reader.ts';

/** A command that is started in a container, as the container's own user, in its work directory. */
export interface ExecOrder {
  readonly argv: readonly string[];
  readonly directory: string;
  /** `NAME=value`, on top of the container's own. */
  readonly environment: readonly string[];
  /** What it reads; its input then ends. */
  readonly stdin: Uint8Array;
}

/** Where a command stands, by the engine's own account. */
export interface ExecFacts {
  readonly running: boolean;
  /** 128 and the signal's number where a signal ended it; null while it runs. */
  readonly exitCode: number | null;
}

export interface StartedExec {
  /**
   * What it writes, by pulling. Ends when nobody holds the streams any longer, which may be long after the command itself has
   * ended: what it started in the background has them too.
   */
  readonly output: Pick<OutputReader, 'next'>;
  facts(): Promise<ExecFacts>;
  /** Lets go of the connection. The command is not ended by that. */
  drop(): void;
}

/** Starts commands in one container. Whatever goes wrong on the engine's side is a coded error. */
export interface ContainerExec {
  start(order: ExecOrder): Promise<StartedExec>;
}
