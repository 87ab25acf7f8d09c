import type { WakeUp } from '../../wake-up.ts';
import type { GroupMessage, LogClient } from '../log-client.ts';

/**
 * One consumer of a group with one message in flight: the last that came and nobody has taken yet. It does not join again when
 * the connection breaks; the server then gives what was unanswered to others.
 */
export class GroupFeed {
  readonly #leave = new AbortController();
  readonly #changed: WakeUp;
  #message: GroupMessage | null = null;
  #failure: unknown;
  readonly #ended: Promise<void>;

  /** @param changed rung when a message has come or the feed has failed */
  constructor(client: LogClient, stream: string, group: string, changed: WakeUp) {
    this.#changed = changed;
    this.#ended = this.#run(client.joinGroup(stream, group, 1, this.#leave.signal));
  }

  /** Why nothing more will come; undefined while something may. */
  get failure(): unknown {
    return this.#failure;
  }

  /** True while a message is there. */
  get holds(): boolean {
    return this.#message !== null;
  }

  take(): GroupMessage | null {
    const message = this.#message;
    this.#message = null;
    return message;
  }

  /** What is unanswered goes to others. */
  async leave(): Promise<void> {
    this.#leave.abort();
    await this.#ended;
  }

  async #run(messages: AsyncIterable<GroupMessage>): Promise<void> {
    try {
      for await (const message of messages) {
        this.#message = message;
        this.#changed.ring();
      }
      if (!this.#leave.signal.aborted) throw new Error('the server has ended the group');
    } catch (error) {
      this.#failure = error;
    }
    this.#changed.ring();
  }
}
