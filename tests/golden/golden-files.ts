import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecord } from '../../src/events/record.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { NewBlob } from '../../src/ledger/event-store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { GoldenTexts } from './compose-golden.ts';

export const goldenDirectory = import.meta.dirname;
export const recordsFile = (version: string): string => join(goldenDirectory, `${version}.records.jsonl`);
export const blobsFile = (version: string): string => join(goldenDirectory, `${version}.blobs.jsonl`);

export function readGolden(version: string): GoldenTexts {
  return {
    records: readFileSync(recordsFile(version), 'utf8'),
    blobs: readFileSync(blobsFile(version), 'utf8'),
  };
}

export function linesOf(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

/** A memory ledger that holds exactly these records and blobs. */
export async function loadGolden({ records, blobs }: GoldenTexts): Promise<Ledger> {
  const clock = steppingClock(0, 1);
  const ids = seededIdSource(clock, seededRandom('unused'));
  const ledger = await openLedger('memory:', { mode: 'write', create: true, clock, ids });
  const told = linesOf(blobs).map(readBlob);
  await ledger.putBlobs(told);
  for (const [position, line] of linesOf(records).entries()) {
    const bytes = Buffer.from(line, 'utf8');
    const { id, stream, revision } = decodeRecord(position, bytes);
    await ledger.store.append({
      ...{ stream, expectedRevision: revision - 1, records: [{ id, bytes }], blobs: [] },
    });
  }
  for (const { digest, erased } of told) if (erased) await ledger.store.eraseBlob(digest);
  return ledger;
}

function readBlob(line: string): NewBlob & { readonly erased: boolean } {
  const { digest, text, erased = false } = JSON.parse(line) as GoldenBlob;
  return { digest, bytes: Buffer.from(text, 'utf8'), erased };
}

interface GoldenBlob {
  readonly digest: Digest;
  readonly text: string;
  readonly erased?: true;
}
