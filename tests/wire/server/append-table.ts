import type { AppendExpectedRevision } from '@eventstore/db-client';

/** What the stream is before an append: nothing, events with numbers, or one of these. */
export type StateBefore = 'none' | 'metadata only' | 'soft 0 1' | 'tombstone 0' | `0${string}`;

export interface AppendRow {
  readonly before: StateBefore;
  readonly expected: AppendExpectedRevision;
  /** Numbers of the events that are appended. */
  readonly numbers: readonly number[];
  /** `stored R`, `repeated R`, `wrong R`, `wrong no_stream` or `deleted`, R being the revision that is answered. */
  readonly outcome: string;
  /** What a read of the stream shows afterwards: numbers, or `not found`, or `deleted`. */
  readonly after: string;
}

/**
 * What the server decides, by the state of the stream. Read from the source of EventStoreDB 24.10 (`IndexWriter.CheckCommit` and
 * what `StorageWriterService` makes of it).
 */
const TABLE = `
before        | expected      | events | outcome         | afterwards
none          | no_stream     | 0 1    | stored 1        | 0 1
0 1           | no_stream     | 0 1    | repeated 1      | 0 1
0 1           | no_stream     | 0      | repeated 0      | 0 1
0             | no_stream     | 9      | wrong 0         | 0
0             | no_stream     | 0 1    | wrong 0         | 0
0 1           | no_stream     | 0 9    | wrong 1         | 0 1
none          | 0             | 1      | wrong no_stream | not found
0             | 0             | 1      | stored 1        | 0 1
0 1           | 1             | 2 3    | stored 3        | 0 1 2 3
0 1 2         | 0             | 1 2    | repeated 2      | 0 1 2
0 1 2         | 0             | 1      | repeated 1      | 0 1 2
0 1           | 0             | 9      | wrong 1         | 0 1
0 1 2         | 1             | 1      | wrong 2         | 0 1 2
0 1           | 0             | 1 2    | wrong 1         | 0 1
0             | 5             | 1      | wrong 0         | 0
none          | any           | 0      | stored 0        | 0
0             | any           | 1      | stored 1        | 0 1
0 1           | any           | 0 1    | repeated 1      | 0 1
0 1           | any           | 0      | repeated 0      | 0 1
0             | any           | 0 1    | wrong 0         | 0
0             | any           | 1 0    | stored 2        | 0 1 0
none          | stream_exists | 0      | wrong no_stream | not found
metadata only | stream_exists | 0      | stored 0        | 0
0             | stream_exists | 1      | stored 1        | 0 1
0             | stream_exists | 0      | repeated 0      | 0
0             | stream_exists | 0 1    | wrong 0         | 0
soft 0 1      | stream_exists | 9      | deleted         | not found
soft 0 1      | no_stream     | 9      | stored 2        | 9
soft 0 1      | no_stream     | 0 1    | repeated 1      | not found
soft 0 1      | any           | 9      | stored 2        | 9
soft 0 1      | 1             | 9      | stored 2        | 9
soft 0 1      | 0             | 9      | wrong 1         | not found
tombstone 0   | any           | 9      | deleted         | deleted
tombstone 0   | no_stream     | 0      | deleted         | deleted
tombstone 0   | 0             | 9      | deleted         | deleted
tombstone 0   | stream_exists | 9      | deleted         | deleted
`;

/** The rows, in order. */
export function appendTable(): readonly AppendRow[] {
  const [, ...lines] = TABLE.trim().split('\n');
  return lines.map((line) => {
    const [before = '', expected = '', events = '', outcome = '', after = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return {
      before: before as StateBefore,
      expected: /^\d+$/.test(expected) ? BigInt(expected) : (expected as AppendExpectedRevision),
      numbers: events.split(' ').map(Number),
      outcome,
      after,
    };
  });
}
