import type { PawlEvent } from '../../src/events/catalogue.ts';
import { type AnyRecordedEvent, decodeRecord, encodeRecord } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';

/** One event and the stream it belongs to. */
export type Happening = readonly [stream: string, event: PawlEvent];

/**
 * Recorded events as a ledger would give them back: validated, encoded and decoded, with positions over the whole history
 * and revisions per stream. Equal histories give equal bytes.
 */
export function recordHistory(happenings: readonly Happening[]): readonly AnyRecordedEvent[] {
  const clock = steppingClock(Date.UTC(2026, 0, 1), 1000);
  const ids = seededIdSource(clock, seededRandom('history'));
  const revisions = new Map<string, number>();
  return happenings.map(([name, event], position) => {
    const stream = name as StreamName;
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    const draft = {
      ...{ id: ids.next(), type: event.type, data: event.data, at: clock.now() },
      ...{ actor: 'test', correlation: 'test', causation: null },
    };
    return decodeRecord(position, encodeRecord(draft, stream, revision));
  });
}
