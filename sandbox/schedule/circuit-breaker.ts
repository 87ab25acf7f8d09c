import type { Clock } from '../../src/kernel/clock.ts';
import type { ErrorCode } from '../../src/kernel/error-table.ts';
import { isPawlError, type PawlError } from '../../src/kernel/pawl-error.ts';

/** The engine is away since then. */
export interface Outage {
  /** When it was first noticed, milliseconds since the Unix epoch. */
  readonly since: number;
  /** What the engine, or the lack of one, said first. */
  readonly reason: PawlError;
}

export interface BreakerOptions {
  readonly clock: Clock;
  /** How long an outage is waited for, milliseconds. */
  readonly patienceMs: number;
  /** Between two trials of an engine that is away, milliseconds: at first, doubled each time, and at most. */
  readonly firstDelayMs: number;
  readonly delayMsMax: number;
  /** Something may start that could not before. */
  readonly onChange: () => void;
  /** Patience has ended: everything that waits is to be told this. */
  readonly onGiveUp: (reason: PawlError) => void;
  readonly onWait: (outage: Outage) => void;
  readonly onResume: (outage: Outage) => void;
}

/** One execution as the breaker knows it, from its start to its report. */
export interface Trial {
  /** How often the engine had come back before it began. */
  readonly returns: number;
  /** How many had failed before it began. */
  readonly failures: number;
  /** It is the one that finds out whether the engine is back. */
  readonly isProbe: boolean;
}

/** This many failures in a row mean an outage. A disk may have been full for a moment; who does not answer once is away. */
const failuresMax: Readonly<Partial<Record<ErrorCode, number>>> = {
  ENGINE_UNREACHABLE: 1,
  ENGINE_DISK_FULL: 3,
};

/** Errors of the engine as a whole, which pass by themselves or when a person sees to them. */
export function isEngineAway(error: unknown): error is PawlError {
  return isPawlError(error) && error.code in failuresMax;
}

interface OpenCircuit {
  readonly outage: Outage;
  readonly sinceMonotonic: number;
  readonly over: AbortController;
  delayMs: number;
  /** The next probe may begin. */
  isDue: boolean;
  isProbing: boolean;
}

/**
 * Closed, everything starts. Open, everything waits but one probe at a time: the execution whose turn it is. Only what began
 * since the engine last came back says anything about it: an answer on its way when the engine died, or a failure that is
 * noticed after its return, opens and closes nothing. Likewise only what began after a failure ends a row of failures.
 *
 * Patience counts from the beginning of the outage. The last probe begins when it ends; where that fails too, all that waits
 * is given up at once, and whatever comes later finds out for itself by one probe, without another wait.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  #open: OpenCircuit | null = null;
  #returns = 0;
  #failures = 0;
  #inARow = 0;
  #ended = false;
  #isPatient = true;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get outage(): Outage | null {
    return this.#open?.outage ?? null;
  }

  /** Whether an execution may start now. */
  admits(): boolean {
    return this.#open === null || (this.#open.isDue && !this.#open.isProbing);
  }

  begin(): Trial {
    if (this.#open !== null) this.#open.isProbing = true;
    return { returns: this.#returns, failures: this.#failures, isProbe: this.#open !== null };
  }

  /** The engine did its part, whatever came of the execution. */
  answered({ failures, isProbe }: Trial): void {
    if (this.#open !== null) {
      if (isProbe) this.#close(this.#open);
    } else if (failures === this.#failures) this.#inARow = 0;
  }

  /** The execution was given up before it showed anything. */
  inconclusive({ isProbe }: Trial): void {
    if (this.#open === null || !isProbe) return;
    this.#open.isProbing = false;
    this.#options.onChange();
  }

  failed({ returns, isProbe }: Trial, error: PawlError): void {
    if (returns !== this.#returns || this.#ended) return;
    if (this.#open !== null) {
      if (isProbe) this.#probeFailed(this.#open);
      return;
    }
    this.#failures += 1;
    this.#inARow += 1;
    if (this.#inARow >= (failuresMax[error.code] ?? 1)) this.#openUp(error);
  }

  /** From now on there is no patience: what waits is given up, and one trial is all that what comes later gets. */
  hurry(): void {
    this.#isPatient = false;
    const open = this.#open;
    if (open === null) return;
    open.over.abort();
    open.isDue = true;
    this.#options.onGiveUp(open.outage.reason);
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#ended = true;
    this.#open?.over.abort();
  }

  #openUp(reason: PawlError): void {
    const { clock, firstDelayMs, onWait } = this.#options;
    const outage = { since: clock.now(), reason };
    const sinceMonotonic = clock.monotonic();
    this.#open = {
      ...{ outage, sinceMonotonic, over: new AbortController(), delayMs: firstDelayMs },
      ...{ isDue: false, isProbing: false },
    };
    onWait(outage);
    this.#probeFailed(this.#open);
  }

  /** Also the failure that an outage begins with. */
  #probeFailed(open: OpenCircuit): void {
    const { clock, patienceMs, delayMsMax, onGiveUp } = this.#options;
    open.isProbing = false;
    const leftMs = this.#isPatient ? open.sinceMonotonic + patienceMs - clock.monotonic() : 0;
    open.isDue = leftMs <= 0;
    if (open.isDue) {
      onGiveUp(open.outage.reason);
      return;
    }
    const delayMs = Math.min(open.delayMs, leftMs);
    open.delayMs = Math.min(open.delayMs * 2, delayMsMax);
    void this.#wait(open, delayMs);
  }

  async #wait(open: OpenCircuit, delayMs: number): Promise<void> {
    try {
      await this.#options.clock.sleep(delayMs, open.over.signal);
    } catch {
      return; // ended
    }
    open.isDue = true;
    this.#options.onChange();
  }

  #close(open: OpenCircuit): void {
    this.#open = null;
    this.#returns += 1;
    this.#inARow = 0;
    this.#options.onResume(open.outage);
    this.#options.onChange();
  }
}
