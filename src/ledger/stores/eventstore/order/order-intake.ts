import { setMaxListeners } from 'node:events';
import type { StreamName } from '../../../../kernel/brand.ts';
import { invariant, isPawlError, type PawlError } from '../../../../kernel/pawl-error.ts';
import { ledgerClosed } from '../../store-errors.ts';
import { WakeUp } from '../../wake-up.ts';
import type { LogClient, LogEvent, LogPosition } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';
import { judgeEvent, type LogNames, logNames } from './judge-event.ts';
import { orderFaults } from './order-faults.ts';
import type { OrderIndex } from './order-index.ts';
import { OrderWaiters } from './order-waiters.ts';
import { RecentRecords } from './recent-records.ts';

export interface IntakeOptions {
  readonly client: LogClient;
  readonly prefix: string;
  readonly address: string;
  readonly callTimeoutMs: number;
  readonly index: OrderIndex;
}

/**
 * Where events of the log become the order: the one place that the index grows at. A fault found here, or brought here, stays:
 * nothing is taken and nothing answered after it.
 */
export class OrderIntake {
  readonly index: OrderIndex;
  readonly recent = new RecentRecords();
  readonly waiters = new OrderWaiters();
  /** Rings when a record came, and when none will come any more. */
  readonly grown = new WakeUp();
  readonly #options: IntakeOptions;
  readonly #names: LogNames;
  readonly #stop = new AbortController();
  #fault: PawlError | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#names = logNames(options.prefix);
    this.index = options.index;
    // Any number of those who wait may listen to it.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Aborted by a fault, and at the end. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** @throws PawlError the fault, `LEDGER_CLOSED` */
  mustBeWell(): void {
    if (this.#fault !== null) throw this.#fault;
    if (this.#stop.signal.aborted) throw ledgerClosed(this.#options.address);
  }

  fail(fault: PawlError): PawlError {
    this.#fault ??= fault;
    this.stop();
    return this.#fault;
  }

  stop(): void {
    this.#stop.abort();
    this.waiters.fail(this.#fault ?? ledgerClosed(this.#options.address));
    this.grown.ring();
  }

  /** What an action finds wrong with the log is a fault of the order; what it cannot reach is not. */
  async faulting<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      throw isPawlError(error) ? this.fail(error) : error;
    }
  }

  isPast(place: LogPosition | null): boolean {
    return comparePositions(this.index.through, place) >= 0;
  }

  /** Every record up to a place of the log has been brought here. */
  pass(place: LogPosition): void {
    this.index.pass(place);
    this.waiters.passed(this.index.through);
  }

  /**
   * Takes the next event that somebody found in the log, from a place on that was passed, in order and without leaving out any
   * of ours. To be awaited where it is a promise: the server had to be asked about it.
   *
   * @throws PawlError the fault, `LEDGER_CLOSED`
   */
  take(event: LogEvent): Promise<void> | null {
    if (this.#looking !== null) return this.#looking.then(() => this.take(event) ?? undefined);
    this.mustBeWell();
    const { index } = this;
    const { position } = event;
    invariant(position !== null, 'An event of the log came without its place.');
    const known = {
      last: index.last?.at ?? null,
      lastRevision: (name: StreamName) => index.lastRevision(name),
    };
    try {
      const judged = judgeEvent(event, position, this.#names, known);
      if (judged.kind === 'truncating metadata') return this.#look(judged.stream, position);
      if (judged.kind === 'record') {
        const { stream, revision, leaf } = judged;
        this.recent.push({ entry: index.push({ stream, revision, leaf, at: position }), event });
        this.waiters.recordCame(stream, revision);
        this.grown.ring();
      }
    } catch (error) {
      throw isPawlError(error) ? this.fail(error) : error;
    }
    this.pass(position);
    return null;
  }

  /** Metadata that would drop events is no fault once it has been taken back. Nothing else is taken before that is known. */
  async #look(stream: string, position: LogPosition): Promise<void> {
    const { client, callTimeoutMs } = this.#options;
    const looking = this.faulting(async () => {
      const metadata = await client.readMetadata(stream, callTimeoutMs);
      const limits = [metadata?.maxCount, metadata?.maxAgeSeconds, metadata?.truncateBefore];
      if (limits.some((limit) => typeof limit === 'number')) throw orderFaults.truncating(stream);
    });
    this.#looking = looking.catch(() => undefined);
    try {
      await looking;
    } finally {
      this.#looking = null;
    }
    this.pass(position);
  }
}
