import type { StreamName } from '../../../../kernel/brand.ts';
import { PawlError } from '../../../../kernel/pawl-error.ts';
import type { WorkTerms } from '../../../work-queue.ts';
import { type QueueLog, readEvent } from './queue-log.ts';
import { type Head, headSchema, type Place } from './queue-shapes.ts';
import type { QueueStreams } from './queue-streams.ts';

interface StoredHead {
  readonly revision: number;
  readonly head: Head;
}

/** Which runs are offered. One small stream per run that stays: all others of a run follow from its last event. */
export class RunHeads {
  readonly #log: QueueLog;
  readonly #streams: QueueStreams;

  constructor(log: QueueLog, streams: QueueStreams) {
    this.#log = log;
    this.#streams = streams;
  }

  /** The run as it is offered now, or null. */
  async offered(run: StreamName): Promise<Place | null> {
    const head = (await this.#read(run))?.head;
    return head?.kind === 'offered' ? { run, generation: head.generation, terms: head.terms } : null;
  }

  /** The last generation that was withdrawn and not offered again, or null. */
  async withdrawn(run: StreamName): Promise<number | null> {
    const head = (await this.#read(run))?.head;
    return head?.kind === 'withdrawn' ? head.generation : null;
  }

  /** The run is offered on these terms from now on. @param anew what there was of it is lost: begin with streams of their own */
  async offer(run: StreamName, terms: WorkTerms, anew: boolean): Promise<Place> {
    for (;;) {
      const stored = await this.#read(run);
      const next = (stored?.revision ?? -1) + 1;
      const known = stored?.head.kind === 'offered' ? stored.head : null;
      const same = known?.terms.leaseMs === terms.leaseMs && known.terms.attemptsMax === terms.attemptsMax;
      if (known !== null && same && !anew) return { run, generation: known.generation, terms };
      const generation = known === null || anew ? next : known.generation;
      const written = await this.#write(run, next - 1, { kind: 'offered', generation, terms });
      if (written) return { run, generation, terms };
    }
  }

  /** From now on it is not offered. Returns the generation whose streams are to be removed; null when it never was offered. */
  async withdraw(run: StreamName): Promise<number | null> {
    for (;;) {
      const stored = await this.#read(run);
      if (stored === null) return null;
      const { generation, kind } = stored.head;
      if (kind === 'withdrawn') return generation;
      if (await this.#write(run, stored.revision, { kind: 'withdrawn', generation })) return generation;
    }
  }

  async #read(run: StreamName): Promise<StoredHead | null> {
    const last = await this.#log.last(this.#streams.head(run));
    if (last === null) return null;
    if (last === 'deleted') throw headLost(run);
    const head = readEvent(last, headSchema);
    if (head === null) throw headNewer(run);
    return { revision: last.revision, head };
  }

  async #write(run: StreamName, expected: number, head: Head): Promise<boolean> {
    const event = { key: `${expected + 1} ${JSON.stringify(head)}`, data: head };
    const outcome = await this.#log.write(this.#streams.head(run), expected, [event]);
    if (outcome === 'deleted') throw headLost(run);
    return outcome !== 'beaten';
  }
}

function headLost(run: StreamName): PawlError {
  const message = `The server has deleted for good what says that ${run} is queued. Start the run anew; what it has done is in the ledger.`;
  return new PawlError('STREAM_TRUNCATED', message, { context: { run } });
}

function headNewer(run: StreamName): PawlError {
  const message = `${run} was queued by a newer version. Use that version for its workers.`;
  return new PawlError('LEDGER_FORMAT_NEWER', message, { context: { run } });
}
