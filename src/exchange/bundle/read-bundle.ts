import { z } from 'zod';
import { type AnyRecordedEvent, checkRecord, decodeRecord, recordBytesMax } from '../../events/record.ts';
import type { Digest } from '../../kernel/brand.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import { fromBase64 } from '../../ledger/audit/base64.ts';
import { leafHash } from '../../ledger/audit/tree-hash.ts';
import type { StoredRecord } from '../../ledger/event-store.ts';
import type { Bundle, BundleBlob } from './bundle.ts';
import type { BundleFile } from './bundle-file.ts';
import {
  type BlobLine,
  type BundleHeader,
  blobLineSchema,
  bundleFormat,
  bundleLimits,
  proofLineSchema,
  proposalHeaderSchema,
  recordLineSchema,
  runHeaderSchema,
} from './bundle-format.ts';
import { bundleInvalid } from './bundle-invalid.ts';
import { ByteArena } from './byte-arena.ts';
import { decodeContainer } from './decode-container.ts';

/**
 * Reads a bundle whole, and holds every line to its form: canonical, in order, as many as the header says, each record a
 * record of the catalogue, each text that of its digest. Whether the records are proved, complete and true is asked
 * afterwards.
 *
 * @throws PawlError `BUNDLE_INVALID` naming the line and what is wrong with it
 */
export async function readBundle(
  file: BundleFile,
  onProgress: (lines: number) => void = () => undefined,
): Promise<Bundle> {
  const reader = new ContainerReader();
  let number = 0;
  for await (const line of decodeContainer(file)) {
    number += 1;
    try {
      reader.take(line);
    } catch (error) {
      throw bundleInvalid(`Line ${number} of the data: ${messageOf(error)}`, error);
    }
    if (number % 1000 === 0) onProgress(number);
  }
  return reader.bundle();
}

class ContainerReader {
  readonly #arena = new ByteArena();
  #header: BundleHeader | null = null;
  readonly #records: StoredRecord[] = [];
  readonly #blobs = new Map<Digest, BundleBlob>();
  readonly #contents = new Map<Digest, Uint8Array>();
  readonly #proof: Uint8Array[] = [];
  #lastDigest = '';

  take(line: string): void {
    if (this.#header === null && line.length > bundleLimits.headerBytesMax)
      throw bundleInvalid('The header is too long.');
    const json: unknown = JSON.parse(line);
    // Two spellings of one line could be read as two things by two readers.
    if (canonicalJson(json) !== line) throw bundleInvalid('It is not canonical JSON.');
    if (this.#header === null) this.#header = header(json);
    else if (this.#records.length < this.#header.records) this.#record(parsed(recordLineSchema, json));
    else if (this.#blobs.size < this.#header.blobs) this.#blob(parsed(blobLineSchema, json));
    else this.#hashes(parsed(proofLineSchema, json).hashes);
  }

  bundle(): Bundle {
    const header = this.#header;
    if (header === null) throw bundleInvalid('The bundle is empty.');
    if (this.#records.length < header.records || this.#blobs.size < header.blobs) {
      throw bundleInvalid(
        `The bundle ends early: ${this.#records.length} of ${header.records} records and ${this.#blobs.size} of ${header.blobs} texts are there.`,
      );
    }
    const load = async (digest: Digest): Promise<Uint8Array> => {
      const content = this.#contents.get(digest);
      if (content === undefined) throw bundleInvalid(`The bundle does not hold the text ${digest}.`);
      return content;
    };
    return { header, records: this.#records, blobs: this.#blobs, load, proof: this.#proof };
  }

  #record({ position, text }: z.infer<typeof recordLineSchema>): void {
    const last = this.#records.at(-1)?.position ?? -1;
    if (position <= last) throw bundleInvalid(`Record ${position} stands behind record ${last}.`);
    if (text.length > recordBytesMax)
      throw bundleInvalid(`Record ${position} is longer than a record may be.`);
    const bytes = this.#arena.text(text);
    const event = checkedEvent(position, text);
    const { stream, revision, id } = event;
    this.#records.push({ position, stream, revision, id, bytes, leaf: leafHash(bytes) });
  }

  #blob(line: BlobLine): void {
    const { digest, bytes } = line;
    if (digest <= this.#lastDigest) throw bundleInvalid(`The text ${digest} is out of order.`);
    this.#lastDigest = digest;
    if ('withheld' in line) {
      this.#blobs.set(digest, { bytes, standing: line.withheld });
      return;
    }
    const content = contentOf(line, this.#arena);
    if (content.length !== bytes)
      throw bundleInvalid(`The text ${digest} has ${content.length} bytes, not ${bytes}.`);
    if (sha256Hex(content) !== digest)
      throw bundleInvalid(`The text ${digest} was altered: it has another digest.`);
    this.#blobs.set(digest, { bytes, standing: 'stored' });
    this.#contents.set(digest, content);
  }

  #hashes(hashes: readonly string[]): void {
    for (const text of hashes) {
      const hash = fromBase64(text);
      if (hash?.length !== 32) throw bundleInvalid('A hash of the proof is not base 64 of 32 bytes.');
      this.#proof.push(hash);
    }
  }
}

function header(json: unknown): BundleHeader {
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : null;
  if (typeof format === 'number' && format > bundleFormat) {
    throw bundleInvalid(
      `The bundle has format ${format}; this version of Pawl reads format ${bundleFormat}. Upgrade it.`,
    );
  }
  const isOfProposal = typeof json === 'object' && json !== null && 'proposal' in json;
  return isOfProposal ? parsed(proposalHeaderSchema, json) : parsed(runHeaderSchema, json);
}

/** A record of the catalogue in its own canonical form, as the ledger wrote it. */
function checkedEvent(position: number, text: string): AnyRecordedEvent {
  if (canonicalJson(JSON.parse(text)) !== text)
    throw bundleInvalid(`Record ${position} is not in canonical form.`);
  const event = decodeRecord(position, text);
  checkRecord(event);
  return event;
}

function contentOf(line: Exclude<BlobLine, { withheld: unknown }>, arena: ByteArena): Uint8Array {
  if ('text' in line) return arena.text(line.text);
  const content = fromBase64(line.base64);
  if (content === undefined) throw bundleInvalid(`The text ${line.digest} is not base 64.`);
  return arena.bytes(content);
}

function parsed<Value>(schema: z.ZodType<Value>, json: unknown): Value {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw bundleInvalid(z.prettifyError(result.error).replaceAll('\n', '; '));
}
