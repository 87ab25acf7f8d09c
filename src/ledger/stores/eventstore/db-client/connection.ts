import { LogFailure } from '../log-client.ts';
import { guardClient } from './guard-client.ts';

/** How long the server may take to say what it can; asked once per connection, before its first append. */
const featuresTimeoutMs = 5_000;
/** How long ending the calls under way may take. */
const disposeTimeoutMs = 2_000;

interface Disposable {
  dispose(): Promise<void>;
}

interface Made<Client> {
  readonly client: Client;
  readonly closeChannels: () => void;
}

/** A client of the library, made anew when the one at hand cannot be used any more. */
export class Connection<Client extends Disposable> {
  readonly #make: () => Client;
  #now: Made<Client>;
  /** The last question for what the server can that was answered; the library asks anew after it reconnected. */
  #answered: Promise<unknown> | null = null;
  #disposed = false;

  constructor(make: () => Client) {
    this.#make = make;
    this.#now = this.#connect();
  }

  get client(): Client {
    return this.#now.client;
  }

  /**
   * A client that knows what the server can. The library remembers for good that it could not ask, and would fail every append
   * from then on; and it waits for an answer together with everybody. Such a client is given up, before the call of whoever
   * finds out is over.
   */
  async knowing(timeoutMs: number): Promise<Client> {
    const made = this.#now;
    const asked = (made.client as unknown as { readonly capabilities: Promise<unknown> }).capabilities;
    if (asked === this.#answered) return made.client;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new LogFailure('timeout', 'the server did not say in time what it can'));
    }, timeoutMs * 0.8);
    try {
      await Promise.race([asked, late]);
      this.#answered = asked;
      return made.client;
    } catch (error) {
      if (made === this.#now && !this.#disposed) {
        this.#now = this.#connect();
        void end(made);
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends what is open on the wire. Never rejects, and does not wait for a server that does not answer. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await end(this.#now);
  }

  #connect(): Made<Client> {
    const client = this.#make();
    return { client, closeChannels: guardClient(client, featuresTimeoutMs) };
  }
}

async function end({ client, closeChannels }: Made<Disposable>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, disposeTimeoutMs);
  await Promise.race([client.dispose().catch(() => undefined), late]);
  clearTimeout(timer);
  closeChannels();
}
