import { randomBytes } from 'node:crypto';
import { isPawlError, messageOf, PawlError } from '../../../src/kernel/pawl-error.ts';
import type { LineEnd } from '../../wasm/candidate-line.ts';
import type { RunningContainer } from '../container/container.ts';
import { CandidateSession } from './candidate-session.ts';
import {
  encodeFrame,
  type Frame,
  frameReader,
  MalformedFrames,
  protocolVersion,
  type Ready,
  readySchema,
  type StartOrder,
} from './frames.ts';
import { parseJson } from './parse-json.ts';

/** Kept of what the supervisor itself complains about, characters. */
const diagnosticsMax = 2_000;

/** The part of a start order that the caller decides. */
export type ExecutionOrder = Omit<StartOrder, 'nonce'>;

/**
 * A container in which one of our supervisors runs: it takes one execution after the other, as long as it reports itself
 * ready again. Everything that comes out of it is a claim, and is bounded here.
 */
export class SupervisedContainer {
  readonly container: RunningContainer;
  /** Executions begun in it. */
  executions = 0;
  private diagnostics = '';
  private session: CandidateSession | null = null;
  private over = false;
  private waiting = Promise.withResolvers<Ready>();

  constructor(container: RunningContainer) {
    this.container = container;
    this.waiting.promise.catch(() => {}); // looked at when somebody waits for it
    void this.pump();
  }

  /**
   * Waits until the supervisor takes an order.
   *
   * @throws PawlError `IMAGE_UNUSABLE` when it ended, said something else, or was not ready in time
   */
  async ready(deadlineMs: number): Promise<Ready> {
    const timer = setTimeout(
      () => this.waiting.reject(this.unusable(`was not ready after ${deadlineMs} ms`)),
      deadlineMs,
    );
    try {
      return await this.waiting.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** True while the container has not ended and nothing it sent was malformed. */
  get isUsable(): boolean {
    return !this.over;
  }

  /** Starts the candidate's process. The container must be ready. */
  async begin(order: ExecutionOrder): Promise<CandidateSession> {
    const nonce = randomBytes(16);
    const session = new CandidateSession(nonce, order.outputBytesMax, {
      send: (bytes) => this.send('M', bytes),
      order: () => this.send('E'),
      destroy: () => this.container.destroy(),
      isOver: () => this.container.isOver(),
      wasOutOfMemory: async () => (await this.container.kill()).outOfMemory,
    });
    this.session = session;
    this.executions += 1;
    this.waiting = Promise.withResolvers();
    this.waiting.promise.catch(() => {});
    if (this.over) session.vanish();
    const start: StartOrder = { nonce: nonce.toString('hex'), ...order };
    await this.send('S', Buffer.from(JSON.stringify(start)));
    return session;
  }

  private async send(kind: 'S' | 'M' | 'E', payload?: Uint8Array): Promise<void> {
    await this.container.write(encodeFrame(kind, payload));
  }

  private async pump(): Promise<void> {
    const read = frameReader('RM12D');
    try {
      for await (const { stream, bytes } of this.container.output) {
        if (stream === 'stdout') for (const frame of read(bytes)) this.take(frame);
        else if (this.diagnostics.length < diagnosticsMax) this.diagnostics += bytes.toString('utf8');
      }
      this.close(null, 'ended before it was ready');
    } catch (error) {
      // A frame that is none can only come from the candidate; everything else is the engine's stream.
      if (error instanceof MalformedFrames) this.close(forged(error.message), error.message);
      else if (isPawlError(error)) this.lose(error);
      else this.close(null, messageOf(error));
    }
  }

  private take({ kind, payload }: Frame): void {
    if (kind === 'R') {
      const ready = readySchema.safeParse(parseJson(payload));
      if (!ready.success)
        throw new MalformedFrames('The supervisor is ready in no form that it should have.');
      if (ready.data.protocol !== protocolVersion) {
        throw new MalformedFrames(`The supervisor speaks version ${ready.data.protocol} of the protocol.`);
      }
      this.waiting.resolve(ready.data);
      return;
    }
    if (this.session === null) throw new MalformedFrames('There is a report, but nothing was started.');
    this.session.take(kind, payload);
  }

  private close(end: LineEnd | null, why: string): void {
    this.over = true;
    this.waiting.reject(this.unusable(why));
    if (end === null) this.session?.vanish();
    else this.session?.end(end);
  }

  /** Nothing is known of what is inside: neither the image nor the candidate is to blame. */
  private lose(error: PawlError): void {
    this.over = true;
    this.waiting.reject(error);
    this.session?.lose(error);
  }

  private unusable(why: string): PawlError {
    const said = this.diagnostics.trim().slice(0, diagnosticsMax);
    return new PawlError(
      'IMAGE_UNUSABLE',
      `The supervisor in the container ${why}${said === '' ? '' : `: ${said}`}.`,
    );
  }
}

const forged = (message: string): LineEnd => ({ outcome: 'error', type: 'ForgedReport', message });
