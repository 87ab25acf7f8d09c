import type { Database } from '../database.ts';
import type { StoredEvent } from '../stored-event.ts';
import { chooseConsumer } from './choose-consumer.ts';
import type { Consumer, GroupMessage, Outstanding } from './group-message.ts';
import type { GroupConfig, GroupSettings } from './group-settings.ts';
import type { GroupSource } from './group-source.ts';
import type { GroupStreams } from './group-streams.ts';

/** Time, as groups measure it: milliseconds of a clock that never goes back. */
export type MonotonicClock = () => number;

/** One persistent subscription: who has which message, what comes again, what is parked, and how far it is done. */
export class Group {
  config: GroupConfig;
  readonly source: GroupSource;
  readonly consumers: Consumer[] = [];
  readonly outstanding = new Map<string, Outstanding>();
  readonly #streams: GroupStreams;
  readonly #clock: MonotonicClock;
  readonly #unfollow: () => void;
  deliveredCount = 0;
  readonly #retry: GroupMessage[] = [];
  #sequence = 0;
  /** Sequence and place of the newest message ever delivered, and of the last checkpoint that was written. */
  #known: { readonly sequence: number; readonly place: number | null };
  #written: { readonly sequence: number; readonly place: number | null };
  #writtenMs = Number.NEGATIVE_INFINITY;

  constructor(
    config: GroupConfig,
    source: GroupSource,
    streams: GroupStreams,
    database: Database,
    clock: MonotonicClock,
  ) {
    this.config = config;
    this.source = source;
    this.#streams = streams;
    this.#clock = clock;
    const checkpoint = streams.checkpoint();
    if (checkpoint !== null) {
      source.goBehind(checkpoint);
      this.#sequence = 1;
    }
    this.#known = { sequence: checkpoint === null ? -1 : 0, place: checkpoint };
    this.#written = this.#known;
    this.#unfollow = database.follow(() => this.deliver());
  }

  get settings(): GroupSettings {
    return this.config.settings;
  }

  get retryCount(): number {
    return this.#retry.length;
  }

  get parkedCount(): number {
    return this.#streams.parked().length;
  }

  get checkpointed(): number | null {
    return this.#written.place;
  }

  /** False when there are as many as the group takes. */
  join(consumer: Consumer): boolean {
    const most = this.settings.maxSubscriberCount;
    if (most !== 0 && this.consumers.length >= most) return false;
    this.consumers.push(consumer);
    this.deliver();
    return true;
  }

  /** What the consumer had goes to the others at once. */
  leave(consumer: Consumer): void {
    const index = this.consumers.indexOf(consumer);
    if (index < 0) return;
    this.consumers.splice(index, 1);
    for (const { message } of this.#of(consumer)) this.#again(message);
    this.deliver();
  }

  acknowledge(ids: readonly string[]): void {
    for (const id of ids) this.#settle(id);
    this.#checkpoint(false);
    this.deliver();
  }

  refuse(ids: readonly string[], action: 'retry' | 'park' | 'skip' | 'stop', reason: string): void {
    for (const id of ids) {
      const message = this.outstanding.get(id)?.message;
      if (message !== undefined && action === 'retry') this.#retryOrPark(message);
      if (message !== undefined && action === 'park') {
        this.#park(message, `Client explicitly NAK'ed message.\n${reason}`);
      }
      // `stop` is taken for an answer and has no other effect, as in the real server.
      this.#settle(id);
    }
    this.#checkpoint(false);
    this.deliver();
  }

  /** What took too long comes again; a checkpoint may be due. */
  tick(): void {
    const nowMs = this.#clock();
    for (const { message, expiresMs } of [...this.outstanding.values()]) {
      if (expiresMs <= nowMs) this.#retryOrPark(message);
    }
    this.deliver();
    this.#checkpoint(true);
  }

  /** Everything that is parked is delivered anew, with all its attempts. */
  replayParked(countMax: number): void {
    for (const { event, link } of this.#streams.takeParked(countMax)) {
      this.#retry.push({ id: link.id, event, link, retries: 0, sequence: null, checkpointBefore: null });
    }
    this.deliver();
  }

  /** Sends what is there to whoever has room: what comes again first. */
  deliver(): void {
    for (;;) {
      const again = this.#retry[0];
      const event = again?.event ?? this.source.peek();
      if (event === null) return;
      const consumer = chooseConsumer(this.consumers, this.settings.strategy, event.stream);
      if (consumer === null) return;
      const message = again ?? this.#first(event);
      if (again === undefined) this.source.next();
      else this.#retry.shift();
      // The same id once more while it is being worked on: the real server leaves it out, and says so in its log.
      if (this.outstanding.has(message.id)) continue;
      const expiresMs = this.#clock() + this.settings.messageTimeoutMs;
      this.outstanding.set(message.id, { message, consumer, expiresMs });
      consumer.unanswered.add(message.id);
      consumer.delivered++;
      this.deliveredCount++;
      consumer.push(message);
    }
  }

  /** All consumers are dropped, and with `deleted` everything that was kept goes. */
  end(why: 'dropped' | 'deleted'): void {
    this.#unfollow();
    for (const consumer of this.consumers.splice(0)) consumer.drop(why);
    if (why === 'deleted') this.#streams.delete();
  }

  #first(event: StoredEvent): GroupMessage {
    const sequence = this.#sequence++;
    const checkpointBefore = this.#known.place;
    this.#known = { sequence, place: this.source.placeOf(event) };
    return { id: event.id, event, link: null, retries: 0, sequence, checkpointBefore };
  }

  #of(consumer: Consumer): readonly Outstanding[] {
    return [...this.outstanding.values()]
      .filter((one) => one.consumer === consumer)
      .sort((one, other) => one.message.event.revision - other.message.event.revision);
  }

  #settle(id: string): void {
    this.outstanding.get(id)?.consumer.unanswered.delete(id);
    this.outstanding.delete(id);
  }

  #again(message: GroupMessage): void {
    this.#settle(message.id);
    this.#retry.push({ ...message, retries: message.retries + 1 });
  }

  #retryOrPark(message: GroupMessage): void {
    if (message.retries < this.settings.maxRetryCount) this.#again(message);
    else this.#park(message, `Reached retry count of ${this.settings.maxRetryCount}`);
  }

  #park(message: GroupMessage, reason: string): void {
    this.#settle(message.id);
    this.#streams.park(message.event, reason);
  }

  /** Written rarely, as the real server does: after a restart what was done since comes again. */
  #checkpoint(isTick: boolean): void {
    const waiting = [...this.outstanding.values()].map(({ message }) => message);
    const open = [...waiting, ...this.#retry].filter(({ sequence }) => sequence !== null);
    let done = this.#known;
    for (const { sequence, checkpointBefore } of open) {
      if (sequence !== null && sequence - 1 < done.sequence) {
        done = { sequence: sequence - 1, place: checkpointBefore };
      }
    }
    if (done.place === null) return;
    const settled = done.sequence - this.#written.sequence;
    const nowMs = this.#clock();
    const { minCheckpointCount, maxCheckpointCount, checkpointAfterMs } = this.settings;
    const due = isTick && settled >= minCheckpointCount && nowMs - this.#writtenMs >= checkpointAfterMs;
    if (settled < 1 || (settled < maxCheckpointCount && !due)) return;
    this.#written = done;
    this.#writtenMs = nowMs;
    this.#streams.writeCheckpoint(done.place);
  }
}
