import type { Clock } from '../../../../kernel/clock.ts';
import { PawlError } from '../../../../kernel/pawl-error.ts';
import { leafHash } from '../../../audit/tree-hash.ts';
import type { LogClient } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import { recordCorrupt } from './append-errors.ts';

/** What waits to be read back; beyond this many records appends wait, too. */
const outstandingMax = 20_000;
/** So much of it is left for a quieter moment, and for so long. */
const [patientMax, patientMs] = [10_000, 20_000];
const pageMax = 500;

interface Acknowledged {
  readonly revision: number;
  readonly leaf: Uint8Array;
}

/**
 * Reads back what the server acknowledged and compares hashes, behind the backs of those who append: many records with one read,
 * after a moment in which more can come. What does not hold spoils the store for good.
 */
export class StoredChecker {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #clock: Clock;
  readonly #gatherMs: number;
  readonly #isBusy: () => boolean;
  #waiting = new Map<string, Acknowledged[]>();
  #outstanding = 0;
  #running: Promise<void> | undefined;
  #hurry = new AbortController();
  #broken: unknown;

  /** @param isBusy true while somebody waits for an append: then this does not take the processor from it */
  constructor(client: LogClient, patience: Patience, clock: Clock, gatherMs: number, isBusy: () => boolean) {
    this.#isBusy = isBusy;
    this.#client = client;
    this.#patience = patience;
    this.#clock = clock;
    this.#gatherMs = gatherMs;
  }

  /** @throws PawlError `LEDGER_CORRUPT` once anything did not hold */
  mustHold(): void {
    if (this.#broken instanceof PawlError) throw this.#broken;
  }

  /** These were acknowledged from a revision on. Resolves at once, unless too many are waiting. */
  async expect(stream: string, firstRevision: number, leaves: readonly Uint8Array[]): Promise<void> {
    const list = this.#waiting.get(stream) ?? [];
    this.#waiting.set(stream, list);
    list.push(...leaves.map((leaf, index) => ({ revision: firstRevision + index, leaf })));
    this.#outstanding += leaves.length;
    this.#running ??= this.#run();
    if (this.#outstanding <= outstandingMax) return;
    this.#hurry.abort();
    await this.#running;
    this.mustHold();
  }

  /** Checks all that was acknowledged. @throws PawlError `LEDGER_CORRUPT`; LogFailure when it cannot be read back */
  async finish(): Promise<void> {
    this.#hurry.abort();
    await this.#running;
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        await this.#quietMoment();
        const taken = this.#waiting;
        this.#waiting = new Map();
        for (const [stream, records] of taken) {
          await this.#check(stream, records);
          this.#outstanding -= records.length;
        }
      }
    } catch (error) {
      // A server that cannot be read for long is not a broken one; what was not read back is told when the store closes.
      this.#broken ??= error;
    } finally {
      this.#running = undefined;
      this.#hurry = new AbortController();
    }
  }

  /** After a moment in which more can come; while others are busy, only when it has become much or late. */
  async #quietMoment(): Promise<void> {
    const latest = this.#clock.monotonic() + patientMs;
    do await this.#clock.sleep(this.#gatherMs, this.#hurry.signal).catch(() => undefined);
    while (
      !this.#hurry.signal.aborted &&
      this.#isBusy() &&
      this.#outstanding < patientMax &&
      this.#clock.monotonic() < latest
    );
  }

  async #check(stream: string, records: readonly Acknowledged[]): Promise<void> {
    for (let at = 0; at < records.length; ) {
      const from = (records[at] as Acknowledged).revision;
      // Repetitions may come again and out of order; a page is of revisions that follow each other.
      let count = 1;
      while (count < pageMax && records[at + count]?.revision === from + count) count += 1;
      const page = { from, direction: 'forwards', countMax: count } as const;
      const events = await this.#patience.retry(() =>
        this.#client.readStream(stream, page, this.#patience.callTimeoutMs),
      );
      for (const [index, { revision, leaf }] of records.slice(at, at + count).entries()) {
        const event = events[index];
        if (event?.revision !== revision || Buffer.compare(leafHash(event.data), leaf) !== 0) {
          throw recordCorrupt(this.#client.address, stream, revision, 'is not what was acknowledged');
        }
      }
      at += count;
    }
  }
}
