import type { Digest } from '../kernel/brand.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import { type ErasureRecord, readErasures } from '../ledger/erasures.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** A blob's text, or what is to be said in its place. */
export interface BlobText {
  readonly erased: boolean;
  readonly text: string;
}

/**
 * Texts for people: of a blob that was erased comes who did it, when and why.
 *
 * @throws PawlError those of `getBlob` but `BLOB_ERASED`
 */
export class BlobTexts {
  readonly #ledger: Ledger;
  #erasures: ReadonlyMap<Digest, ErasureRecord> | undefined;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async read(digest: Digest): Promise<BlobText> {
    try {
      return { erased: false, text: await this.#ledger.getText(digest) };
    } catch (error) {
      if (!isPawlError(error, 'BLOB_ERASED')) throw error;
      this.#erasures ??= await readErasures(this.#ledger);
      return { erased: true, text: sentence(digest, this.#erasures.get(digest)) };
    }
  }

  /** For where it makes no difference which of the two it is. */
  async textOf(digest: Digest): Promise<string> {
    return (await this.read(digest)).text;
  }
}

function sentence(digest: Digest, erasure: ErasureRecord | undefined): string {
  const what = `[blob ${digest.slice(0, 12)} was erased`;
  if (erasure === undefined) return `${what}; the ledger does not say by whom]`;
  const at = new Date(erasure.at).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${what} by ${erasure.actor} at ${at}: ${erasure.reason}]`;
}
