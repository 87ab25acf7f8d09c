import type { BlobRef } from '../events/shapes.ts';
import type { JsonObject } from '../kernel/json.ts';
import { type RecordPlace, searchRecords, snapshotsContaining } from '../ledger/find-text.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Output } from './output.ts';
import { readSealed } from './read-sealed.ts';

const placesShownMax = 5;

/**
 * Lists blobs with the events that refer to them, and says where the text that they were found by stands besides: in records,
 * which cannot be erased, and in snapshots, which are made from those records. Gives how many it listed; of sealed runs, none.
 */
export async function tellBlobs(
  ledger: Ledger,
  blobs: readonly BlobRef[],
  containing: string | null,
  output: Output,
): Promise<number> {
  const digests = new Set(blobs.map(({ digest }) => digest));
  const found = await searchRecords(ledger, digests, containing);
  const sealed = await readSealed(ledger);
  const isShown = (place: RecordPlace): boolean => !sealed.hasRecord(place);
  const holding = found.holding.filter(isShown);
  let listed = 0;
  for (const { digest, bytes } of blobs) {
    const all = found.references.get(digest) ?? [];
    const places = all.filter(isShown);
    // A search that told of them would answer questions about held-out items.
    if (places.length === 0 && all.length > 0) continue;
    listed += 1;
    output.record({ type: 'blob', digest, bytes, references: places.map(plain) });
    output.text(`blob ${digest}, ${bytes} bytes`);
    if (places.length === 0) output.text('  no event refers to it itself');
    tellPlaces(places, output);
  }
  if (sealed.runs > 0)
    output.note('Not listed: what stands in sealed runs on held-out items alone. It is erased all the same.');
  if (containing === null) return listed;
  if (holding.length > 0) {
    output.record({ type: 'records', records: holding.map(plain) });
    output.text(`The text also stands in ${countOf(holding.length, 'record')}, which cannot be erased:`);
    tellPlaces(holding, output);
  }
  // What only sealed records hold is in the snapshots as well.
  const tellsSnapshots = sealed.runs === 0 || holding.length > 0;
  const snapshots = tellsSnapshots ? snapshotsContaining(ledger, containing) : [];
  if (snapshots.length > 0) {
    output.record({ type: 'snapshots', projections: snapshots });
    output.text(
      `It also stands in the snapshots of ${snapshots.join(', ')} beside the ledger, which are made from those records.`,
    );
  }
  return listed;
}

function tellPlaces(places: readonly RecordPlace[], output: Output): void {
  for (const { type, stream, revision } of places.slice(0, placesShownMax)) {
    output.text(`  ${type} at ${stream}/${revision}`);
  }
  const more = places.length - placesShownMax;
  if (more > 0) output.text(`  and ${more} more`);
}

function plain(place: RecordPlace): JsonObject {
  return { ...place };
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
