import type { Imported } from '../events/run.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { sha256Bytes } from '../kernel/digest.ts';
import { runStream } from '../loop/stream-names.ts';

/** Crockford's base 32, in which run ids are written. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const characters = 26;

/**
 * An imported run is named after what it holds, so that a ledger cannot hold it twice, not even when two processes import it at
 * the same time: both would begin the same stream.
 */
export function importedRunId(
  { format, formatVersion, file }: Omit<Imported, 'name'>,
  suite: Digest,
  tasks: readonly string[],
): StreamName {
  const bytes = sha256Bytes(canonicalJson({ format, formatVersion, file, suite, tasks }));
  const id = Array.from(
    bytes.subarray(0, characters),
    // The first character of an id has three bits only.
    (byte, index) => alphabet[index === 0 ? byte % 8 : byte % 32],
  );
  return runStream(id.join(''));
}
