import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { AppendRequest, AppendResult, EventStore, NewBlob } from '../../src/ledger/event-store.ts';

/** What goes wrong at the k-th append (from 1). */
export type Fault =
  /** Nothing is stored; the store says that it failed, and works again afterwards. */
  | 'fails before'
  /** Everything is stored; the acknowledgement is lost. */
  | 'acknowledgement lost'
  /** Nothing is stored, for a reason that does not pass: the session has to end. */
  | 'disk full'
  /** The process is gone: neither this append nor anything after it does anything. */
  | 'dies before'
  /** As above, but the append was stored. */
  | 'dies after';

export const faults: readonly Fault[] = [
  'fails before',
  'acknowledgement lost',
  'disk full',
  'dies before',
  'dies after',
];

/** A store as one session sees it, with one fault. What is stored stays in the store that it wraps. */
export class FaultyStore implements EventStore {
  readonly #store: EventStore;
  readonly #fault: Fault | null;
  readonly #at: number;
  /** Appends asked for so far. */
  appends = 0;
  #dead = false;

  constructor(store: EventStore, fault: Fault | null, at: number) {
    this.#store = store;
    this.#fault = fault;
    this.#at = at;
  }

  get address(): string {
    return this.#store.address;
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    this.#mustLive();
    this.appends += 1;
    if (this.appends !== this.#at) return this.#store.append(request);
    switch (this.#fault) {
      case 'fails before':
        throw failed('nothing was written');
      case 'acknowledgement lost':
        await this.#store.append(request);
        throw failed('nobody knows what was written');
      case 'disk full':
        throw new PawlError('STORAGE_FULL', 'The disk is full.');
      case 'dies before':
        this.#dead = true;
        break;
      case 'dies after':
        await this.#store.append(request);
        this.#dead = true;
        break;
      default:
        return this.#store.append(request);
    }
    throw died();
  }

  async *readStream(stream: StreamName, fromRevision?: number) {
    this.#mustLive();
    yield* this.#store.readStream(stream, fromRevision);
  }

  async *readAll(fromPosition?: number) {
    this.#mustLive();
    yield* this.#store.readAll(fromPosition);
  }

  async *readTexts(fromPosition?: number) {
    this.#mustLive();
    yield* this.#store.readTexts(fromPosition);
  }

  async *readLeaves(fromPosition?: number) {
    this.#mustLive();
    yield* this.#store.readLeaves(fromPosition);
  }

  async *subscribe(fromPosition: number, signal: AbortSignal) {
    this.#mustLive();
    yield* this.#store.subscribe(fromPosition, signal);
  }

  async lastRevision(stream: StreamName): Promise<number> {
    this.#mustLive();
    return this.#store.lastRevision(stream);
  }

  async *streams(prefix: string) {
    this.#mustLive();
    yield* this.#store.streams(prefix);
  }

  async putBlobs(blobs: readonly NewBlob[]): Promise<void> {
    this.#mustLive();
    return this.#store.putBlobs(blobs);
  }

  async getBlob(digest: Digest): Promise<Uint8Array> {
    this.#mustLive();
    return this.#store.getBlob(digest);
  }

  async blobStanding(digest: Digest) {
    this.#mustLive();
    return this.#store.blobStanding(digest);
  }

  async eraseBlob(digest: Digest): Promise<void> {
    this.#mustLive();
    return this.#store.eraseBlob(digest);
  }

  async markErased(digest: Digest, bytes: number): Promise<void> {
    this.#mustLive();
    return this.#store.markErased(digest, bytes);
  }

  async *blobDigests() {
    this.#mustLive();
    yield* this.#store.blobDigests();
  }

  async head() {
    this.#mustLive();
    return this.#store.head();
  }

  /** The store is other sessions' too. */
  async close(): Promise<void> {}

  #mustLive(): void {
    if (this.#dead) throw died();
  }
}

function failed(what: string): PawlError {
  return new PawlError('STORAGE_FAILED', `The store failed: ${what}.`);
}

/** No code of the product: what a dead process would say, it cannot handle. */
class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

function died(): ProcessDied {
  return new ProcessDied('the process is gone');
}
