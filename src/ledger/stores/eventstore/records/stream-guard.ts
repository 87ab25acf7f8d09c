import type { LogClient, StreamMetadata } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import { streamTruncated } from './append-errors.ts';

/** Streams that are known to be whole; beyond this the oldest are asked for again. */
const knownMax = 10_000;

/**
 * Refuses streams whose metadata lets the server drop events: they would read as a shorter history. Asked once per stream, since
 * nobody but an administrator sets it; what is dropped later shows as a gap.
 */
export class StreamGuard {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #known = new Map<string, Promise<void>>();

  constructor(client: LogClient, patience: Patience) {
    this.#client = client;
    this.#patience = patience;
  }

  /** @throws PawlError `STREAM_TRUNCATED`; LogFailure */
  check(stream: string): Promise<void> {
    const known = this.#known.get(stream);
    if (known !== undefined) return known;
    const checked = this.#check(stream);
    this.#known.set(stream, checked);
    // What failed is asked again by the next one; whoever asked first sees the error.
    checked.catch(() => this.#known.delete(stream));
    const [oldest] = this.#known.keys();
    if (this.#known.size > knownMax) this.#known.delete(oldest as string);
    return checked;
  }

  async #check(stream: string): Promise<void> {
    const metadata = await this.#patience.retry(() =>
      this.#client.readMetadata(stream, this.#patience.callTimeoutMs),
    );
    const dropped = metadata === null ? [] : limits(metadata);
    if (dropped.length > 0) {
      throw streamTruncated(
        this.#client.address,
        stream,
        `has metadata that drops events (${dropped.join(', ')}); remove it before the next scavenge`,
      );
    }
  }
}

function limits({ maxCount, maxAgeSeconds, truncateBefore }: StreamMetadata): readonly string[] {
  const set = { $maxCount: maxCount, $maxAge: maxAgeSeconds, $tb: truncateBefore };
  return Object.entries(set).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
}
