import {
  type GroupMessage,
  type LogClient,
  LogFailure,
} from '../../../../src/ledger/stores/eventstore/log-client.ts';

/** How a client dies: with a call that never reached the server, or with one whose answer was never read. */
export type Death = 'before' | 'after';

const counted: ReadonlySet<PropertyKey> = new Set([
  ...['append', 'readStream', 'writeMetadata', 'tombstone'],
  ...['createGroup', 'groupInfo', 'deleteGroup'],
]);

/**
 * A client whose process is killed at one of its calls: from then on everything fails, and nothing reaches the server. Counts
 * calls by name until then.
 */
export class MortalClient {
  readonly calls = new Map<string, number>();
  readonly client: LogClient;
  readonly #death: { readonly atCall: number; readonly how: Death } | null;
  #count = 0;
  #dead = false;

  constructor(real: LogClient, death: { readonly atCall: number; readonly how: Death } | null) {
    this.#death = death;
    this.client = new Proxy(real, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const call = member.bind(target) as (...args: readonly unknown[]) => unknown;
        if (counted.has(name)) {
          return (...args: readonly unknown[]) => this.#step(String(name), async () => call(...args));
        }
        if (name !== 'joinGroup') return call;
        return (...args: readonly unknown[]) => this.#join(call(...args) as AsyncIterable<GroupMessage>);
      },
    });
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Calls so far, in all. */
  get count(): number {
    return this.#count;
  }

  async #step<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    if (this.#dead) throw gone();
    this.#count += 1;
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    const isLast = this.#count === this.#death?.atCall;
    if (isLast) this.#dead = true;
    if (isLast && this.#death?.how === 'before') throw gone();
    const result = await act();
    if (isLast) throw gone();
    return result;
  }

  async *#join(messages: AsyncIterable<GroupMessage>): AsyncGenerator<GroupMessage> {
    if (this.#dead) throw gone();
    this.calls.set('joinGroup', (this.calls.get('joinGroup') ?? 0) + 1);
    for await (const message of messages) {
      if (this.#dead) throw gone();
      const acknowledge = (): Promise<void> => this.#step('acknowledge', () => message.acknowledge());
      yield { ...message, acknowledge };
    }
  }
}

function gone(): LogFailure {
  return new LogFailure('disposed', 'the process was killed');
}
