import { PawlError } from '../../kernel/pawl-error.ts';
import { leafHash } from '../audit/tree-hash.ts';
import type { StoredRecord } from '../event-store.ts';

/** Longer than what stands behind the data in any record: id, revision, stream, type, version. */
const tailBytes = 512;
const behindType = /^[A-Za-z0-9]+","version":[0-9]+\}$/;

/**
 * That a record is what it is stored as: it hashes to its leaf, lies at the position that is due, and says of itself that it
 * belongs where it was found.
 *
 * @throws PawlError `LEDGER_CORRUPT`
 */
export function checkRecord(record: StoredRecord, position: number, address: string): void {
  const fail = (what: string): never => {
    throw new PawlError(
      'LEDGER_CORRUPT',
      `Record ${position} of ${address} ${what}. Nothing from there on was copied; \`pawl verify\` lists all that is wrong with the ledger.`,
      { context: { address, position } },
    );
  };
  if (record.position !== position) fail(`is missing: record ${record.position} follows`);
  if (Buffer.compare(leafHash(record.bytes), record.leaf) !== 0) fail('does not hash to its leaf');
  if (!saysItsPlace(record)) {
    fail(`lies at ${record.stream}/${record.revision} under the id ${record.id}, and says otherwise`);
  }
}

/**
 * Canonical JSON has its keys in order, so what names the place stands at the end, and can be compared as text: to parse every
 * record would take longer than to copy it.
 */
function saysItsPlace({ id, stream, revision, bytes }: StoredRecord): boolean {
  const start = Math.max(0, bytes.length - tailBytes);
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start).toString('latin1');
  const place = `,"id":"${id}","revision":${revision},"stream":"${stream}","type":"`;
  const at = tail.lastIndexOf(place);
  return at >= 0 && behindType.test(tail.slice(at + place.length));
}
