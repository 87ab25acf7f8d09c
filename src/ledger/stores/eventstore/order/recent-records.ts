import type { LogEvent } from '../log-client.ts';
import type { OrderEntry } from './order-entry.ts';

/** A record with its bytes. */
export interface PlacedEvent {
  readonly entry: OrderEntry;
  readonly event: LogEvent;
}

const recordsMax = 512;
const bytesMax = 4 * 1024 * 1024;

/** The last records that came, with their bytes: what followers read, without asking the server once more. */
export class RecentRecords {
  readonly #records = new Map<number, PlacedEvent>();
  #first = 0;
  #bytes = 0;

  push(record: PlacedEvent): void {
    const { position } = record.entry;
    if (this.#records.size === 0) this.#first = position;
    this.#records.set(position, record);
    this.#bytes += record.event.data.length;
    while (this.#records.size > recordsMax || this.#bytes > bytesMax) {
      this.#bytes -= this.#records.get(this.#first)?.event.data.length ?? 0;
      this.#records.delete(this.#first);
      this.#first += 1;
    }
  }

  /** Those from `from` on, up to before `to`; none when the first of them is not here any more. */
  run(from: number, to: number): PlacedEvent[] {
    const run: PlacedEvent[] = [];
    for (let position = from; position < to; position += 1) {
      const record = this.#records.get(position);
      if (record === undefined) break;
      run.push(record);
    }
    return run;
  }
}
