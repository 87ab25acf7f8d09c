import { invariant, PawlError } from '../../src/kernel/pawl-error.ts';
import type { Execution, ExecutionRequest, Sandbox } from '../sandbox.ts';
import { CircuitBreaker, isEngineAway, type Trial } from './circuit-breaker.ts';
import { type Entry, FairQueue, type RunAccount } from './fair-queue.ts';
import { checkedOptions, type ScheduleOptions } from './schedule-options.ts';

/** One run among those that share the driver. */
export interface ScheduledRun {
  readonly account: RunAccount<Job>;
  isClosed: boolean;
  /** Called when nothing of it is under way any more. */
  readonly whenIdle: (() => void)[];
}

interface Job {
  readonly run: ScheduledRun;
  readonly request: ExecutionRequest;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (execution: Execution) => void;
  readonly reject: (reason: unknown) => void;
  /** What the engine said when it went away under it. */
  lost: PawlError | null;
  repeats: number;
}

/** What an execution gets beyond its limit of time once everything is to stop: for its container and its account. */
const hurriedMs = 5_000;

/** Starts what `FairQueue` says next for as long as `CircuitBreaker` lets it; knows nothing of their rules. */
export class Scheduler {
  readonly #sandbox: Sandbox;
  readonly #options: Required<ScheduleOptions>;
  readonly #queue: FairQueue<Job>;
  readonly #breaker: CircuitBreaker;
  readonly #runs = new Set<ScheduledRun>();
  readonly #underWay = new Map<Job, Trial>();
  readonly #over = new AbortController();
  #isHurried = false;

  constructor(sandbox: Sandbox, options: ScheduleOptions) {
    this.#sandbox = sandbox;
    this.#options = checkedOptions(options);
    this.#queue = new FairQueue(this.#options);
    this.#breaker = new CircuitBreaker({
      ...this.#options,
      onChange: () => this.#startAll(),
      onGiveUp: (reason) => {
        for (const run of this.#runs) this.#rejectWaiting(run, ({ lost }) => lost ?? reason);
      },
    });
  }

  open(weight: number): ScheduledRun {
    const run = { account: this.#queue.account(weight), isClosed: false, whenIdle: [] };
    this.#runs.add(run);
    return run;
  }

  async execute(run: ScheduledRun, request: ExecutionRequest, signal?: AbortSignal): Promise<Execution> {
    if (run.isClosed) throw closedError();
    signal?.throwIfAborted();
    const bytes = this.#claim(request);
    const { promise, resolve, reject } = Promise.withResolvers<Execution>();
    const job: Job = { run, request, signal, resolve, reject, lost: null, repeats: 0 };
    const entry = this.#queue.add(run.account, job, bytes);
    const onAbort = (): void => {
      // Under way, it keeps its place until the driver has ended it; the caller need not wait for that.
      this.#queue.withdraw(entry);
      reject(signal?.reason);
      this.#startAll();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#startAll();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Rejects what waits, and waits for what is under way. */
  async close(run: ScheduledRun): Promise<void> {
    run.isClosed = true;
    this.#rejectWaiting(run, closedError);
    if (run.account.underWay > 0) await new Promise<void>((resolve) => run.whenIdle.push(resolve));
    this.#runs.delete(run);
  }

  /**
   * Somebody wants to stop: what executes comes to its end, and an engine that does not answer is not waited for. What is under
   * way has as long as it may take, and a little more.
   */
  hurry(): void {
    if (this.#isHurried) return;
    this.#isHurried = true;
    const { outage } = this.#breaker;
    this.#breaker.hurry();
    for (const [job, trial] of this.#underWay) {
      if (outage !== null && trial.isProbe) job.reject(outage.reason);
      else void this.#expect(job);
    }
  }

  /** After all runs: the engine is not waited for any more. */
  end(): void {
    this.#over.abort();
    this.#breaker.end();
  }

  /** @throws PawlError `SANDBOX_DOES_NOT_FIT` */
  #claim(request: ExecutionRequest): number {
    const { claimBytes, memoryBytesMax } = this.#options;
    const bytes = claimBytes(request);
    invariant(bytes >= 0 && Number.isFinite(bytes), 'an execution claims a number of bytes');
    if (memoryBytesMax === null || bytes <= memoryBytesMax) return bytes;
    const message = `The execution may take ${mebibytes(bytes)} of memory, and ${mebibytes(memoryBytesMax)} is all there is for executions here. Lower the memory limit of the task, or go on with a larger machine.`;
    throw new PawlError('SANDBOX_DOES_NOT_FIT', message, { context: { bytes, memoryBytesMax } });
  }

  #startAll(): void {
    while (this.#breaker.admits()) {
      const entry = this.#queue.next();
      if (entry === null) return;
      void this.#perform(entry, this.#breaker.begin());
    }
  }

  async #perform(entry: Entry<Job>, trial: Trial): Promise<void> {
    const { request, signal, resolve } = entry.item;
    this.#underWay.set(entry.item, trial);
    if (this.#isHurried) void this.#expect(entry.item);
    try {
      const execution = await this.#sandbox.execute(request, signal);
      this.#end(entry, execution.wallMs);
      resolve(execution);
      this.#breaker.answered(trial);
    } catch (error) {
      this.#failed(entry, trial, error);
    }
    this.#startAll();
  }

  #failed(entry: Entry<Job>, trial: Trial, error: unknown): void {
    const { item: job } = entry;
    this.#end(entry, 0);
    if (isEngineAway(error)) {
      job.lost = error;
      // How often it may be a probe is a matter of patience; another one is the next, in case it is what the engine dies of.
      if (!trial.isProbe) job.repeats += 1;
      const isWanted = !job.run.isClosed && job.signal?.aborted !== true;
      if (isWanted && job.repeats <= this.#options.repeatsMax) {
        this.#queue.putBack(entry, trial.isProbe ? 'last' : 'first');
      } else job.reject(job.run.isClosed ? closedError(error) : error);
      this.#breaker.failed(trial, error);
      return;
    }
    job.reject(error); // settled already where it was aborted
    if (job.signal?.aborted === true) this.#breaker.inconclusive(trial);
    else this.#breaker.answered(trial);
  }

  /** The caller need not wait for longer; the driver is closed after that. */
  async #expect({ request: { limits, tests }, reject }: Job): Promise<void> {
    const buildMs = tests.kind === 'commands' ? (tests.build?.wallMs ?? 0) : 0;
    const withinMs = limits.wallMs + buildMs + hurriedMs;
    try {
      await this.#options.clock.sleep(withinMs, this.#over.signal);
    } catch {
      return; // closed
    }
    const message = `An execution did not come to its end within ${withinMs} ms after the work was told to stop: the container engine does not answer.`;
    reject(new PawlError('ENGINE_UNREACHABLE', message));
  }

  #end(entry: Entry<Job>, wallMs: number): void {
    this.#underWay.delete(entry.item);
    this.#queue.end(entry, wallMs);
    const { account, whenIdle } = entry.item.run;
    if (account.underWay === 0) for (const tell of whenIdle.splice(0)) tell();
  }

  #rejectWaiting(run: ScheduledRun, why: (job: Job) => PawlError): void {
    for (const job of this.#queue.withdrawAll(run.account)) job.reject(why(job));
  }
}

export function closedError(cause?: unknown): PawlError {
  return new PawlError('SANDBOX_CLOSED', 'The sandbox was closed.', { cause });
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
