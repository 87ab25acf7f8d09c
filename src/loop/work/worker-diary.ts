import type { EventDraft } from '../../events/record.ts';
import type { WorkEvent } from '../../events/work.ts';
import type { EventId } from '../../kernel/brand.ts';
import type { WriterContext } from '../../ledger/ledger.ts';
import { type AppendOptions, appendSurely } from '../append-surely.ts';
import { type Patience, patiently } from './patiently.ts';
import type { QueueLogServices } from './queue-log.ts';
import { workerStream } from './work-streams.ts';

/** A worker's own stream: what it took and how it left it, one entry after the other. */
export class WorkerDiary {
  readonly #services: QueueLogServices;
  readonly #patience: Patience;
  readonly #worker: string;
  readonly #writer: WriterContext;
  #revision = -1;
  #lastId: EventId | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(worker: string, services: QueueLogServices, patience: Patience) {
    this.#worker = worker;
    this.#services = services;
    this.#patience = patience;
    this.#writer = services.writer;
  }

  /**
   * Durable when resolved, behind all entries that were asked for before.
   *
   * @throws PawlError what the ledger throws where waiting does not help
   */
  write(event: WorkEvent): Promise<void> {
    const written = this.#last.then(() => this.#append(event));
    // A failure is its caller's; the next entry is tried anew.
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #append(event: WorkEvent): Promise<void> {
    const { ledger, clock } = this.#services;
    const draft: EventDraft = ledger.draft(event, this.#writer, this.#lastId);
    // An entry may be written after the worker was told to leave: it is what says so.
    const options: AppendOptions = { clock, signal: new AbortController().signal };
    const stream = workerStream(this.#worker);
    // The same draft again, so that an entry whose acknowledgement was lost is stored once.
    const append = () => appendSurely(ledger, stream, this.#revision, [draft], [], options);
    const { lastRevision } = await patiently(append, this.#patience);
    this.#revision = lastRevision;
    this.#lastId = draft.id;
  }
}
