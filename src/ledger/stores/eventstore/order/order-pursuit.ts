import type { StreamName } from '../../../../kernel/brand.ts';
import { isPawlError, type PawlError } from '../../../../kernel/pawl-error.ts';
import type { LogClient, LogPosition } from '../log-client.ts';
import { mayPass } from '../patience.ts';
import { checkSeen } from './check-seen.ts';
import { LogPages } from './log-pages.ts';
import { orderFaults } from './order-faults.ts';
import { type IntakeOptions, OrderIntake } from './order-intake.ts';
import { type Bearing, Retrying } from './retrying.ts';

export interface PursuitOptions extends IntakeOptions, Bearing {
  readonly replaced: (why: string) => PawlError;
}

interface PlaceOfRecord {
  readonly stream: StreamName;
  readonly revision: number;
}

/** What is so near is read; what is further is left to the following, of which the server leaves out others' events. */
const pagesBeforeFollowing = 4;
/** How long somebody waits for the following before the log itself is read. */
const quietMs = 250;
/** How long a following that is waited for by nobody but followers may say nothing before the log is asked. */
const silenceMs = 15_000;

/**
 * Keeps the index up with the log. Events come from a following, and from pages of the log where the following is silent: both
 * begin at or before what is known and leave nothing out, so that it does not matter which of them brings an event first.
 */
export class OrderPursuit {
  readonly intake: OrderIntake;
  readonly #options: PursuitOptions;
  readonly #client: LogClient;
  readonly #pages: LogPages;
  readonly #loops: Promise<void>[] = [];
  #following = false;
  /** The following has brought all there was when it began. */
  #live = false;
  /** Counts what the following brings, of whatever kind. */
  #heard = 0;
  #restart = new AbortController();
  #assisting = false;
  /** While only followers wait. */
  #longSleep: AbortController | null = null;
  #followers = 0;
  /** Why the following cannot be had, as long as waiting does not help. */
  #refusal: PawlError | null = null;

  constructor(options: PursuitOptions) {
    this.intake = new OrderIntake(options);
    this.#options = options;
    this.#client = options.client;
    this.#pages = new LogPages(options.client, this.intake, options.callTimeoutMs);
  }

  /** Resolves when the index holds every record that the log holds now. */
  async reach(): Promise<void> {
    const { intake } = this;
    intake.mustBeWell();
    const end = await this.patiently(() => this.#pages.endOfLog());
    if (intake.isPast(end)) return;
    if (this.#live || !this.#following) {
      await this.patiently(() => this.#pages.readTo(end, this.#live ? null : pagesBeforeFollowing));
    }
    intake.mustBeWell();
    if (end === null || intake.isPast(end)) return;
    await this.#assisted(intake.waiters.untilPassed(end));
  }

  /** Resolves when the index holds a record that the server has. */
  async placed(stream: StreamName, revision: number): Promise<void> {
    this.intake.mustBeWell();
    if (this.intake.index.lastRevision(stream) >= revision) return;
    await this.#assisted(this.intake.waiters.untilRecord(stream, revision, this.#options.clock.monotonic()));
  }

  /**
   * Waits until a record came, or the signal is aborted.
   *
   * @throws PawlError what `coded` makes of a refusal (a right, a certificate): an outage is waited for, however long it lasts
   */
  async growth(signal: AbortSignal): Promise<void> {
    this.#followers += 1;
    try {
      await this.#assisted(this.intake.grown.wait(signal, null));
      if (this.#refusal !== null && !signal.aborted) throw this.#refusal;
    } finally {
      this.#followers -= 1;
    }
  }

  /** Makes sure that what was seen is still there. @returns where to go on */
  resumePoint(): Promise<LogPosition | 'start'> {
    const { client, prefix, index, callTimeoutMs, replaced } = this.#options;
    return this.intake.faulting(() => checkSeen(client, prefix, index, callTimeoutMs, replaced));
  }

  /** @throws PawlError what `coded` makes of a failure that lasts; the fault; `LEDGER_CLOSED` */
  async patiently<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await new Retrying(this.#options, this.intake.stopped).run(action);
    } catch (error) {
      this.intake.mustBeWell();
      throw error;
    }
  }

  /** Idempotent; resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.intake.stop();
    await Promise.all([...this.#loops, this.#pages.idle()]);
  }

  #assisted(waiting: Promise<void>): Promise<void> {
    if (!this.#following) {
      this.#following = true;
      this.#loops.push(this.#follow());
    }
    if (!this.#assisting) {
      this.#assisting = true;
      this.#loops.push(this.#assist());
    } else if (!this.intake.waiters.isEmpty) {
      this.#longSleep?.abort();
    }
    return waiting;
  }

  async #follow(): Promise<void> {
    const { prefix, callTimeoutMs, coded } = this.#options;
    const { intake } = this;
    const retrying = new Retrying(this.#options, intake.stopped);
    const filter = { streamPrefixes: [`${prefix}.`, `$$${prefix}.`] };
    while (!intake.stopped.aborted) {
      this.#restart = new AbortController();
      const signal = AbortSignal.any([intake.stopped, this.#restart.signal]);
      try {
        const after = await this.resumePoint();
        for await (const news of this.#client.follow(filter, after, signal, callTimeoutMs)) {
          this.#heard += 1;
          this.#refusal = null;
          retrying.progressed();
          if (news.kind === 'event') {
            const asking = intake.take(news.event);
            if (asking !== null) await asking;
          } else if (news.kind === 'checkpoint') intake.pass(news.position);
          else this.#caughtUp();
        }
      } catch (error) {
        if (!isPawlError(error) && !mayPass(error)) this.#refused(coded(error));
        await retrying.pause().catch(() => undefined);
      } finally {
        this.#live = false;
      }
    }
  }

  #refused(refusal: PawlError): void {
    this.#refusal = refusal;
    this.intake.waiters.fail(refusal);
    this.intake.grown.ring();
  }

  #caughtUp(): void {
    this.#live = true;
    const end = this.intake.waiters.furthest;
    // What is between here and there is others', most likely. Where this fails, those who wait are helped a little later.
    if (end !== null) void this.#pages.readTo(end, null).catch(() => undefined);
  }

  /** Reads the log itself for those who wait, where the following says nothing; and then the following is made anew. */
  async #assist(): Promise<void> {
    const { intake } = this;
    const retrying = new Retrying(this.#options, intake.stopped);
    while (!intake.stopped.aborted && !(intake.waiters.isEmpty && this.#followers === 0)) {
      const heard = this.#heard;
      const isWokenUp = await this.#sleep();
      const overdue = this.#overdue();
      if (overdue === null && (isWokenUp || heard !== this.#heard)) {
        retrying.progressed();
        continue;
      }
      const { size } = intake.index;
      try {
        const furthest = overdue === null ? intake.waiters.furthest : null;
        const end = furthest ?? (await this.#pages.endOfLog());
        await this.#pages.readTo(end, null);
        retrying.progressed();
        if (overdue !== null) this.#mustHave(overdue, end);
        if (intake.index.size > size && heard === this.#heard) this.#restart.abort();
      } catch (error) {
        if (isPawlError(error)) continue;
        if (retrying.isHopeless(error)) intake.waiters.fail(this.#options.coded(error));
        await retrying.pause().catch(() => undefined);
      }
    }
    this.#assisting = false;
  }

  /** A record that was acknowledged so long ago that it is in the log, or the acknowledgement was worth nothing. */
  #overdue(): PlaceOfRecord | null {
    const { clock, patienceMs } = this.#options;
    const oldest = this.intake.waiters.oldestRecord;
    return oldest !== null && clock.monotonic() - oldest.sinceMs >= patienceMs ? oldest : null;
  }

  /** @throws PawlError `LEDGER_CORRUPT` when the log was read to its end and a record is not in it */
  #mustHave({ stream, revision }: PlaceOfRecord, end: LogPosition | null): void {
    const { intake } = this;
    if ((end !== null && !intake.isPast(end)) || intake.index.lastRevision(stream) >= revision) return;
    throw intake.fail(orderFaults.notKept(`${this.#options.prefix}.${stream}`, revision));
  }

  /** True when something ended it before its time. */
  async #sleep(): Promise<boolean> {
    const { clock } = this.#options;
    const wake = new AbortController();
    const isLong = this.intake.waiters.isEmpty;
    this.#longSleep = isLong ? wake : null;
    const signal = AbortSignal.any([wake.signal, this.intake.stopped]);
    await clock.sleep(isLong ? silenceMs : quietMs, signal).catch(() => undefined);
    return signal.aborted;
  }
}
