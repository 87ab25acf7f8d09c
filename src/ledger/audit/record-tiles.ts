import { PawlError } from '../../kernel/pawl-error.ts';
import type { EventStore, StoredRecord } from '../event-store.ts';
import { tileLeaves } from './leaf-tiles.ts';
import { leafHash } from './tree-hash.ts';

export interface RecordTile {
  readonly tile: number;
  /** The records from tile·256 on, 256 of them or what is left up to the size asked for, and their leaf hashes. */
  readonly records: readonly Uint8Array[];
  readonly leaves: readonly Uint8Array[];
}

/**
 * The first `size` records in runs of 256 from a tile on, one run in memory at a time. Leaf hashes are made from the bytes here.
 *
 * @throws PawlError `LEDGER_CORRUPT` when a record is not where it should be, does not hash to its stored leaf, or is missing
 */
export async function* readRecordTiles(
  store: Pick<EventStore, 'readAll'>,
  fromTile: number,
  size: number,
): AsyncGenerator<RecordTile> {
  let position = fromTile * tileLeaves;
  if (position >= size) return;
  let records: Uint8Array[] = [];
  let leaves: Uint8Array[] = [];
  for await (const record of store.readAll(position)) {
    records.push(record.bytes);
    leaves.push(checkedLeaf(record, position));
    position += 1;
    if (records.length < tileLeaves && position < size) continue;
    yield { tile: Math.ceil(position / tileLeaves) - 1, records, leaves };
    if (position === size) return;
    records = [];
    leaves = [];
  }
  throw corrupt(position, `record ${position} is missing`);
}

function checkedLeaf(record: StoredRecord, expectedPosition: number): Uint8Array {
  const leaf = leafHash(record.bytes);
  if (record.position !== expectedPosition)
    throw corrupt(expectedPosition, `record ${expectedPosition} is missing`);
  if (Buffer.compare(leaf, record.leaf) !== 0) {
    throw corrupt(expectedPosition, `record ${expectedPosition} does not hash to its leaf`);
  }
  return leaf;
}

function corrupt(position: number, what: string): PawlError {
  return new PawlError(
    'LEDGER_CORRUPT',
    `The ledger is damaged: ${what}. \`pawl verify\` lists all that is wrong.`,
    {
      context: { position },
    },
  );
}
