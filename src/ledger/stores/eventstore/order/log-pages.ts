import type { LogClient, LogPosition } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';
import type { OrderIntake } from './order-intake.ts';

/** Each event may be as large as the server lets others write. */
const eventsPerPage = 64;

/** The log itself, read in bounded pages with everybody's events in them: short ways only. */
export class LogPages {
  readonly #client: LogClient;
  readonly #intake: OrderIntake;
  readonly #callTimeoutMs: number;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(client: LogClient, intake: OrderIntake, callTimeoutMs: number) {
    this.#client = client;
    this.#intake = intake;
    this.#callTimeoutMs = callTimeoutMs;
  }

  /** Where the last event of the log is; null in an empty one. */
  async endOfLog(): Promise<LogPosition | null> {
    const page = { from: 'end', direction: 'backwards', countMax: 1 } as const;
    const [event] = await this.#client.readAll(page, this.#callTimeoutMs);
    return event?.position ?? null;
  }

  /**
   * Takes what is between here and a place of the log; one at a time, so that several who wait read it once.
   *
   * @param pagesMax at most so many pages; null: as many as it takes
   */
  readTo(end: LogPosition | null, pagesMax: number | null): Promise<void> {
    const reading = this.#reading.then(() => this.#readTo(end, pagesMax));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#reading;
  }

  async #readTo(end: LogPosition | null, pagesMax: number | null): Promise<void> {
    const { index } = this.#intake;
    for (let pages = 0; !this.#intake.isPast(end) && pages !== pagesMax; pages += 1) {
      this.#intake.mustBeWell();
      const from = index.through;
      const page = { from: from ?? 'start', direction: 'forwards', countMax: eventsPerPage } as const;
      const events = await this.#client.readAll(page, this.#callTimeoutMs);
      for (const event of events) {
        const asking = this.#intake.take(event);
        if (asking !== null) await asking;
      }
      const last = events.at(-1)?.position ?? null;
      // The node that answers does not have it all yet.
      if (last === null || comparePositions(last, from) <= 0) return;
    }
  }
}
