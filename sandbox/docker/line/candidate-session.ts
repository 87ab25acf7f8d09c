import { isPawlError, type PawlError } from '../../../src/kernel/pawl-error.ts';
import type { CandidateLine, LineAnswer, LineEnd } from '../../wasm/candidate-line.ts';
import { type Done, doneSchema, MalformedFrames, messageBytesMax, nonceBytes } from './frames.ts';
import { type KeptOutput, keptOutput } from './kept-output.ts';
import { parseJson } from './parse-json.ts';

/** What a session does to its container. */
export interface SessionDoors {
  send(message: Uint8Array): Promise<void>;
  /** Tells the supervisor to end the execution. */
  order(): Promise<void>;
  destroy(): Promise<void>;
  /** The connection to the container has ended. */
  isOver(): boolean;
  /** Ends the container and reads from the engine whether its memory had run out. */
  wasOutOfMemory(): Promise<boolean>;
}

/** Taken of a stream after its cap, bytes, before a supervisor that does not stop by itself is listened to no longer. */
const overshootBytesMax = 1024 * 1024;

/** How the candidate's process came to its end. */
export type SessionEnd =
  | { readonly kind: 'done'; readonly done: Done }
  /** We ended it (a limit, a forged report): the container is gone. */
  | { readonly kind: 'ended'; readonly end: LineEnd }
  /** The container's output ended without an account: the engine, or a candidate that killed its supervisor. */
  | { readonly kind: 'vanished' }
  /** The kernel ended it, by the engine's own account. */
  | { readonly kind: 'out_of_memory' }
  /** The engine was lost with it, so that nothing is known of the candidate. */
  | { readonly kind: 'lost'; readonly error: PawlError };

/** One execution in a container: the candidate's end of the line, its output, and how it ended. */
export class CandidateSession implements CandidateLine {
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  /** Resolves once. */
  readonly ended: Promise<SessionEnd>;
  private readonly nonce: Buffer;
  private readonly doors: SessionDoors;
  private readonly outputBytesMax: number;
  private readonly settle: (end: SessionEnd) => void;
  private last: SessionEnd | null = null;
  private asked: ((answer: LineAnswer) => void) | null = null;

  constructor(nonce: Buffer, outputBytesMax: number, doors: SessionDoors) {
    this.nonce = nonce;
    this.doors = doors;
    this.outputBytesMax = outputBytesMax;
    this.stdout = keptOutput(outputBytesMax);
    this.stderr = keptOutput(outputBytesMax);
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    this.ended = promise;
    this.settle = resolve;
  }

  async ask(message: Uint8Array): Promise<LineAnswer> {
    if (this.last !== null) return { kind: 'ended', end: this.explain(this.last) };
    const { promise, resolve } = Promise.withResolvers<LineAnswer>();
    this.asked = resolve;
    if (message.length > messageBytesMax) {
      this.end({
        outcome: 'error',
        type: 'MessageTooLarge',
        message: `a test passes ${message.length} bytes to the program; at most ${messageBytesMax} can be passed`,
      });
    } else {
      // A stream that takes nothing more is that of a container that ended: its output says so.
      await this.doors.send(message).catch(() => {});
    }
    return promise;
  }

  /** Ends the candidate by ending its whole container, not only its process. */
  end(end: LineEnd): void {
    if (this.last?.kind === 'ended') return;
    // A limit that is met while the connection is gone already is no fault of the candidate: what it sent did not arrive.
    const wasOver = end.outcome === 'timeout' && this.doors.isOver();
    void this.doors.destroy();
    this.finish(wasOver ? { kind: 'vanished' } : { kind: 'ended', end });
  }

  /** The container's output is at its end, without an account. */
  vanish(): void {
    void this.finishUnlessOutOfMemory({ kind: 'vanished' });
  }

  /** The engine is away, or its connection broke. */
  lose(error: PawlError): void {
    this.finish({ kind: 'lost', error });
  }

  /** The limit of output that was passed, by our own count: a supervisor may have been told to end before it noticed. */
  overflow(): LineEnd | null {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this[stream].result().bytesTotal > this.outputBytesMax)
        return outputLimit(stream, this.outputBytesMax);
    }
    return null;
  }

  /** Asks the supervisor for the account of the execution; the session's end tells it. */
  async close(): Promise<void> {
    if (this.last === null) await this.doors.order().catch(() => {});
  }

  /** A report of the supervisor, or of whoever could write in its place. */
  take(kind: string, payload: Buffer): void {
    // After an end that we made, what is still in the pipe is of no interest.
    if (this.last !== null && this.last.kind !== 'done') return;
    if (!payload.subarray(0, nonceBytes).equals(this.nonce)) {
      throw new MalformedFrames('A report does not carry the nonce of this execution.');
    }
    const body = payload.subarray(nonceBytes);
    if (this.last !== null)
      throw new MalformedFrames('There is a report after the account of the execution.');
    if (kind === 'M') this.answer(body);
    else if (kind === 'D') this.account(body);
    else this.keep(kind === '1' ? 'stdout' : 'stderr', body);
  }

  private answer(bytes: Buffer): void {
    const answer = this.asked;
    if (answer === null) throw new MalformedFrames('There is an answer, but nothing was asked.');
    this.asked = null;
    answer({ kind: 'message', bytes });
  }

  private account(body: Buffer): void {
    const done = doneSchema.safeParse(parseJson(body));
    if (!done.success)
      throw new MalformedFrames('The account of the execution has no form that it should have.');
    const end: SessionEnd = { kind: 'done', done: done.data };
    if (done.data.signal === 'SIGKILL' && done.data.endedFor === null) void this.finishUnlessOutOfMemory(end);
    else this.finish(end);
  }

  /** Who was killed may have been killed by the kernel; only the engine knows. */
  private async finishUnlessOutOfMemory(end: SessionEnd): Promise<void> {
    if (this.last !== null) return;
    try {
      this.finish((await this.doors.wasOutOfMemory()) ? { kind: 'out_of_memory' } : end);
    } catch (error) {
      this.finish(isPawlError(error) ? { kind: 'lost', error } : end);
    }
  }

  private keep(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    const bytesTotal = this[stream].write(bytes);
    if (bytesTotal > this.outputBytesMax + overshootBytesMax)
      this.end(outputLimit(stream, this.outputBytesMax));
  }

  private finish(end: SessionEnd): void {
    this.last ??= end;
    const answer = this.asked;
    this.asked = null;
    answer?.({ kind: 'ended', end: this.explain(this.last) });
    this.settle(this.last);
  }

  /** Why the candidate answers no more, as a test meets it. */
  explain(end: SessionEnd): LineEnd {
    if (end.kind === 'ended') return end.end;
    if (end.kind === 'vanished' || end.kind === 'lost') return vanished;
    if (end.kind === 'out_of_memory') return outOfMemory;
    return explainDone(end.done, this.outputBytesMax);
  }
}

const outOfMemory: LineEnd = {
  outcome: 'out_of_memory',
  type: 'OutOfMemory',
  message: 'the container ran out of memory and the kernel ended the program',
};

const vanished: LineEnd = {
  outcome: 'error',
  type: 'ContainerEnded',
  message: 'the program ended the container that it ran in',
};

const outputLimit = (stream: 'stdout' | 'stderr', bytesMax: number): LineEnd => ({
  outcome: 'output_limit',
  type: 'OutputLimitExceeded',
  message: `the program wrote more than ${bytesMax} bytes to ${stream}`,
});

/** A process that ended while a test waited for it: that is never a pass, whatever its exit code. */
function explainDone({ endedFor, exitCode, signal }: Done, outputBytesMax: number): LineEnd {
  if (endedFor === 'stdout' || endedFor === 'stderr') return outputLimit(endedFor, outputBytesMax);
  const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  return { outcome: 'error', type: 'ProcessEnded', message: `the program's process ended with ${how}` };
}
