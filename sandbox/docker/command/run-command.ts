import { setTimeout as pause } from 'node:timers/promises';
import { hasStatus } from '../container/running-container.ts';
import { type KeptOutput, keptOutput } from '../line/kept-output.ts';
import type { ContainerExec, ExecFacts, ExecOrder, StartedExec } from './container-exec.ts';
import type { WaitingProcess } from './waiting-process.ts';

export interface CommandRun {
  readonly end:
    | { readonly kind: 'exited'; readonly exitCode: number }
    | { readonly kind: 'timeout' }
    | { readonly kind: 'cpu_limit'; readonly message: string }
    | { readonly kind: 'output_limit'; readonly stream: 'stdout' | 'stderr' }
    /** The container is over, or nothing can be started or ended in it any more. */
    | { readonly kind: 'vanished' };
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  /** Real time that it ran, milliseconds. */
  readonly wallMs: number;
}

export interface CommandLimits {
  readonly wallMs: number;
  /** Of each stream. */
  readonly outputBytes: number;
  /** Resolves where something else has to end it. */
  readonly ended?: Promise<CommandRun['end']>;
}

export interface CommandPlace {
  readonly exec: ContainerExec;
  readonly waiting: WaitingProcess;
}

/** How often the engine is asked whether a command that is silent has ended, milliseconds. */
const askAgainMs = 100;
const askAgainMsMax = 1_000;
/** After the end of a command: for ending what it left, and for the rest of its output. */
const afterMsMax = 5_000;

/**
 * Runs one command to its end and ends all that it left behind, so that the next one finds an empty container. Both outputs are
 * read as they come and kept up to `outputBytesMax` each; more of one than that, or more time than `wallMsMax`, is an end too,
 * after which the container must not be used again.
 */
export async function runCommand(
  { exec, waiting }: CommandPlace,
  order: ExecOrder,
  limits: CommandLimits,
  signal?: AbortSignal,
): Promise<CommandRun> {
  signal?.throwIfAborted();
  const outputs = { stdout: keptOutput(limits.outputBytes), stderr: keptOutput(limits.outputBytes) };
  const started = await unlessOver(exec.start(order));
  if (started === null) return { end: { kind: 'vanished' }, wallMs: 0, ...outputs };
  const startedMs = performance.now();
  const ending = new AbortController();
  const { promise: stopped, resolve: stop } = Promise.withResolvers<CommandRun['end']>();
  const timer = setTimeout(() => stop({ kind: 'timeout' }), limits.wallMs);
  const { promise: aborted, reject: abort } = Promise.withResolvers<never>();
  const onAbort = (): void => abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });

  const read = async (): Promise<null> => {
    for (;;) {
      const piece = await started.output.next();
      if (piece === null) return null;
      const { stream, bytes } = piece;
      if (outputs[stream].write(bytes) > limits.outputBytes) stop({ kind: 'output_limit', stream });
    }
  };
  void limits.ended?.then(stop);
  const reading = read();
  reading.catch(() => {}); // raced below
  try {
    const first = await Promise.race([stopped, aborted, exitOf(started, reading, ending.signal)]);
    const wallMs = performance.now() - startedMs;
    const end = 'kind' in first ? first : await settle(first, { waiting, reading, stopped });
    return { end, wallMs, ...outputs };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    ending.abort();
    started.drop();
  }
}

/** Null where the engine says that the container has ended or is gone. */
async function unlessOver<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (hasStatus(error, 409) || hasStatus(error, 404)) return null;
    throw error;
  }
}

/** Of the command itself, by the engine's account; its output may go on, held open by what it started in the background. */
async function exitOf(started: StartedExec, reading: Promise<null>, signal: AbortSignal): Promise<ExecFacts> {
  let waitMs = askAgainMs;
  let ended = false;
  for (;;) {
    if (!ended) {
      const wait = pause(waitMs, 'silent', { signal }).catch(() => 'silent');
      ended = (await Promise.race([reading, wait])) === null;
      waitMs = ended ? 5 : Math.min(askAgainMsMax, waitMs * 1.5);
    } else await pause(waitMs, null, { signal }).catch(() => null);
    if (signal.aborted) return { running: true, exitCode: null };
    const facts = await unlessOver(started.facts());
    if (facts === null || !facts.running) return facts ?? { running: false, exitCode: null };
  }
}

async function settle(
  { exitCode }: ExecFacts,
  parts: {
    readonly waiting: WaitingProcess;
    readonly reading: Promise<null>;
    readonly stopped: Promise<CommandRun['end']>;
  },
): Promise<CommandRun['end']> {
  if (exitCode === null || !(await parts.waiting.endOthers(afterMsMax))) return { kind: 'vanished' };
  const late = pause(afterMsMax, { kind: 'vanished' } as const, { ref: false });
  const rest = parts.reading.then(() => ({ kind: 'exited', exitCode }) as const);
  // A limit that was met by what was still on its way counts.
  return Promise.race([parts.stopped, rest, late]);
}
