import { type EventDraft, encodeRecord } from '../../src/events/record.ts';
import type { BlobRef } from '../../src/events/shapes.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { NewRecord } from '../../src/ledger/event-store.ts';
import { eventId } from './record-factory.ts';

const candidate = sha256Hex('candidate');

/** A real event of the catalogue without blobs, numbered. */
export function eventDraft(number: number): EventDraft {
  return {
    id: eventId(number),
    type: 'CandidateScored',
    data: {
      candidate,
      execution: { ordinal: number, occurrence: 0, attempt: 0 },
      scorer: 'tests',
      scorerVersion: 1,
      value: number / 7,
      components: { passed: number, total: 7 },
    },
    at: 1_750_000_000_000 + number,
    actor: 'tester',
    correlation: 'run-test',
    causation: number === 0 ? null : eventId(number - 1),
  };
}

/** A real event that refers to a blob. */
export function executionDraft(number: number, result: BlobRef): EventDraft {
  return {
    ...eventDraft(number),
    type: 'ExecutionFinished',
    data: {
      key: { ordinal: number, occurrence: 0, attempt: 0 },
      candidate,
      tests: 'public',
      outcome: 'failed',
      passed: 3,
      total: 7,
      steps: 1234,
      result,
      volatile: { wallMs: 12.25 },
    },
  };
}

export function realRecords(
  stream: StreamName,
  revision: number,
  drafts: readonly EventDraft[],
): NewRecord[] {
  return drafts.map((draft, index) => ({
    id: draft.id,
    bytes: encodeRecord(draft, stream, revision + index),
  }));
}
