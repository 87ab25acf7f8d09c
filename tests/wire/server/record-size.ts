import type { ProposedEvent } from './stored-event.ts';

/** About what a record takes in the log of the real server beside its names and contents; positions are offsets there. */
const RECORD_OVERHEAD_BYTES = 96;

/** Where the record behind an event starts. */
export function endOfRecord(position: number, event: ProposedEvent, stream: string): number {
  const names = 2 * (event.type.length + stream.length);
  return position + RECORD_OVERHEAD_BYTES + names + event.data.length + event.metadata.length;
}
