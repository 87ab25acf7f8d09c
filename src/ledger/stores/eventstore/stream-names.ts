import type { Digest, StreamName } from '../../../kernel/brand.ts';

/**
 * Names in the log of one ledger. A dot follows the prefix where the events are records of the ledger, a colon where they are
 * not, so that one filter finds exactly the records.
 */
export class StreamNames {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Prefixes of everything that belongs to the ledger. */
  get all(): readonly string[] {
    return [`${this.#prefix}.`, `${this.#prefix}:`];
  }

  /** Holds which ledger this is; its first event is the first thing that is written. */
  get identity(): string {
    return `${this.#prefix}:ledger`;
  }

  records(stream: StreamName): string {
    return `${this.#prefix}.${stream}`;
  }

  blob(digest: Digest): string {
    return `${this.#prefix}:blob-${digest}`;
  }

  erased(digest: Digest): string {
    return `${this.#prefix}:erased-${digest}`;
  }

  /** Types of events that are no records; none begins as those of another prefix do. */
  get types(): {
    readonly identity: string;
    readonly chunk: string;
    readonly blobEnd: string;
    readonly erased: string;
  } {
    const type = (name: string): string => `${this.#prefix}-${name}`;
    return {
      identity: type('ledger'),
      chunk: type('chunk'),
      blobEnd: type('blob-end'),
      erased: type('blob-erased'),
    };
  }
}
