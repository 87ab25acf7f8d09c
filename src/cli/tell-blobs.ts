import type { BlobRef } from '../events/shapes.ts';
import type { JsonObject } from '../kernel/json.ts';
import { type RecordPlace, searchRecords, snapshotsContaining } from '../ledger/find-text.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Output } from './output.ts';

const placesShownMax = 5;

/**
 * Lists blobs with the events that refer to them, and says where the text that they were found by stands besides: in records,
 * which cannot be erased, and in snapshots, which are made from records.
 */
export async function tellBlobs(
  ledger: Ledger,
  blobs: readonly BlobRef[],
  containing: string | null,
  output: Output,
): Promise<void> {
  const digests = new Set(blobs.map(({ digest }) => digest));
  const { references, holding } = await searchRecords(ledger, digests, containing);
  for (const { digest, bytes } of blobs) {
    const places = references.get(digest) ?? [];
    output.record({ type: 'blob', digest, bytes, references: places.map(plain) });
    output.text(`blob ${digest}, ${bytes} bytes`);
    if (places.length === 0) output.text('  no event refers to it itself');
    tellPlaces(places, output);
  }
  if (containing === null) return;
  if (holding.length > 0) {
    output.record({ type: 'records', records: holding.map(plain) });
    output.text(`The text also stands in ${countOf(holding.length, 'record')}, which cannot be erased:`);
    tellPlaces(holding, output);
  }
  const snapshots = snapshotsContaining(ledger, containing);
  if (snapshots.length > 0) {
    output.record({ type: 'snapshots', projections: snapshots });
    output.text(
      `It also stands in the snapshots of ${snapshots.join(', ')} beside the ledger, which are made from those records.`,
    );
  }
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
