import { type ExecutionResult, executionResultSchema } from '../events/execution-result.ts';
import type { BlobRef } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { NewBlob } from '../ledger/event-store.ts';
import { type Ledger, newBlob } from '../ledger/ledger.ts';

/**
 * The blobs one episode works with: those it has just made and not yet stored, those it holds, and behind them the ledger.
 * Reading by digest is deterministic, so decisions may depend on it.
 */
export class Contents {
  readonly #ledger: Ledger;
  readonly #texts = new Map<Digest, string>();
  readonly #results = new Map<Digest, ExecutionResult>();
  #unstored: NewBlob[] = [];

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Takes a text in; it is stored with the next append. */
  add(text: string): BlobRef {
    const { blob, ref } = newBlob(text);
    if (!this.#texts.has(ref.digest)) {
      this.#texts.set(ref.digest, text);
      this.#unstored.push(blob);
    }
    return ref;
  }

  /**
   * Takes an execution's result in, already checked against its schema.
   *
   * @throws PawlError `NOT_CANONICALIZABLE`
   */
  addResult(result: ExecutionResult): BlobRef {
    const ref = this.add(canonicalJson(result));
    this.#results.set(ref.digest, result);
    return ref;
  }

  /** What must be stored together with the next events. */
  takeUnstored(): readonly NewBlob[] {
    const blobs = this.#unstored;
    this.#unstored = [];
    return blobs;
  }

  /** @throws PawlError `BLOB_NOT_FOUND`, `BLOB_CORRUPT` */
  async text(digest: Digest): Promise<string> {
    const held = this.#texts.get(digest);
    if (held !== undefined) return held;
    const text = await this.#ledger.getText(digest);
    this.#texts.set(digest, text);
    return text;
  }

  async result(digest: Digest): Promise<ExecutionResult> {
    const held = this.#results.get(digest);
    if (held !== undefined) return held;
    const result = executionResultSchema.parse(JSON.parse(await this.text(digest)));
    this.#results.set(digest, result);
    return result;
  }
}
