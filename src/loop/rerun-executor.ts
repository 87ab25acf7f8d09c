import type { Execution, ExecutionRequest, Sandbox } from '../../sandbox/sandbox.ts';
import type { ExecutionResult } from '../events/execution-result.ts';
import type { Fingerprint } from '../events/run.ts';
import type { Language } from '../events/task-view.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Clock } from '../kernel/clock.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { attemptsMax } from './perform-effect.ts';

/** What came out of executing again. */
export interface FreshExecution {
  readonly result: ExecutionResult;
  /** The result's canonical JSON, as the ledger would hold it. */
  readonly text: string;
  readonly wallMs: number;
}

export interface RerunSignals {
  /** Aborted: execute what has begun, begin nothing new. */
  readonly pause: AbortSignal;
  /** Aborted: drop what is under way. */
  readonly abort: AbortSignal;
}

/** What a `RerunExecutor` works with. */
export interface RerunExecutorOptions {
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  /** Executions handed to the sandbox at a time. */
  readonly atATime: number;
  readonly signals: RerunSignals;
}

/** Thrown for what was not begun because of a pause; nothing was executed. */
export class RerunPaused extends Error {}

/** Of canonical text, in UTF-16 units; what was executed longest ago makes room. */
const keptUnitsMax = 64 * 1024 * 1024;
const firstDelayMs = 400;

/**
 * Executes requests, equal ones once: programs that are proposed again and again are a large part of most runs, and the
 * sandbox gives equal results for equal requests. Faults of the sandbox are tried again as in a run.
 */
export class RerunExecutor {
  readonly #options: RerunExecutorOptions;
  readonly #kept = new Map<string, { readonly fresh: Promise<FreshExecution>; units: number }>();
  readonly #waiting: (() => void)[] = [];
  #keptUnits = 0;
  #underWay = 0;
  /** Executions that were asked of the sandbox, without repeated attempts. */
  performed = 0;

  constructor(options: RerunExecutorOptions) {
    this.#options = options;
    options.signals.pause.addEventListener('abort', () => this.#wakeAll(), { once: true });
    options.signals.abort.addEventListener('abort', () => this.#wakeAll(), { once: true });
  }

  /** @throws PawlError `SANDBOX_LANGUAGE`, `SANDBOX_FAILED` */
  fingerprint(language: Language): Promise<Fingerprint> {
    return this.#options.sandbox.fingerprint(language);
  }

  /**
   * @param wallMs real time it may take, in place of the limit in the request: that is no part of what a program does
   * @throws PawlError `SANDBOX_FAILED` and others of the sandbox; the abort signal's reason; RerunPaused
   */
  execute(request: ExecutionRequest, wallMs: number): Promise<FreshExecution> {
    const key = `${request.seed} ${wallMs}`;
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.fresh;
    }
    const fresh = this.#perform({ ...request, limits: { ...request.limits, wallMs } });
    const entry = { fresh, units: 0 };
    this.#kept.set(key, entry);
    fresh.then(
      ({ text }) => {
        entry.units = text.length;
        this.#keptUnits += text.length;
        this.#makeRoom();
      },
      () => this.#kept.delete(key),
    );
    return fresh;
  }

  #makeRoom(): void {
    for (const [key, { units }] of this.#kept) {
      if (this.#keptUnits <= keptUnitsMax) return;
      if (units === 0) continue; // under way
      this.#kept.delete(key);
      this.#keptUnits -= units;
    }
  }

  async #perform(request: ExecutionRequest): Promise<FreshExecution> {
    await this.#enter();
    try {
      this.performed += 1;
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.#attempt(request);
        } catch (error) {
          const { signals, clock } = this.#options;
          signals.abort.throwIfAborted();
          if (!isPawlError(error) || !error.entry.retryable || attempt >= attemptsMax) throw error;
          await clock.sleep(firstDelayMs * 2 ** (attempt - 1), signals.abort);
        }
      }
    } finally {
      this.#leave();
    }
  }

  async #attempt(request: ExecutionRequest): Promise<FreshExecution> {
    const { sandbox, signals } = this.#options;
    const { result, wallMs }: Execution = await sandbox.execute(request, signals.abort);
    if (result.outcome === 'sandbox_error') {
      const why = result.error?.message ?? 'The sandbox failed without saying why.';
      throw new PawlError('SANDBOX_FAILED', why);
    }
    return { result, text: canonicalJson(result), wallMs };
  }

  async #enter(): Promise<void> {
    while (this.#underWay >= this.#options.atATime && !this.#isStopped()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#options.signals.abort.throwIfAborted();
    if (this.#options.signals.pause.aborted) throw new RerunPaused();
    this.#underWay += 1;
  }

  #leave(): void {
    this.#underWay -= 1;
    this.#waiting.shift()?.();
  }

  #isStopped(): boolean {
    const { pause, abort } = this.#options.signals;
    return pause.aborted || abort.aborted;
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
