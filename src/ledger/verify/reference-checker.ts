import type { BlobRef } from '../../events/shapes.ts';
import type { Digest } from '../../kernel/brand.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import type { BlobStanding } from '../event-store.ts';
import type { ProblemList } from './problem.ts';

/** Digests looked up last; bounded, so that a ledger of a million blobs takes no more memory than a small one. */
const knownMax = 8192;

/** Whether blobs that records refer to are there, and as long as the records say. Their content is checked elsewhere. */
export class ReferenceChecker {
  readonly #standing: (digest: Digest) => Promise<BlobStanding>;
  readonly #problems: ProblemList;
  readonly #known = new Map<Digest, number | null>();
  readonly #watched: ReadonlySet<Digest>;
  /** Blobs that were erased or are watched, and the first position that refers to them. */
  readonly noted = new Map<Digest, number>();

  /** @param watched blobs of which it is wanted where they are referred to */
  constructor(
    standing: (digest: Digest) => Promise<BlobStanding>,
    watched: readonly Digest[],
    problems: ProblemList,
  ) {
    this.#standing = standing;
    this.#watched = new Set(watched);
    this.#problems = problems;
  }

  /** Resolves at once, as undefined, where the blob was looked up before: waiting costs more than looking. */
  check(position: number, reference: BlobRef): Promise<void> | undefined {
    const stored = this.#known.get(reference.digest);
    if (stored === undefined) return this.#lookUp(position, reference);
    this.#compare(position, reference, stored);
    return undefined;
  }

  async #lookUp(position: number, reference: BlobRef): Promise<void> {
    const { digest } = reference;
    const standing = await this.#standingOf(position, digest);
    const stored = 'bytes' in standing ? standing.bytes : null;
    if (this.#known.size >= knownMax) this.#known.clear();
    this.#known.set(digest, stored);
    if (standing.kind === 'erased' || this.#watched.has(digest)) this.#note(digest, position);
    if (standing.kind === 'missing') {
      const message = `Blob ${digest} is referred to but not stored.`;
      this.#problems.add({ position, digest, code: 'BLOB_MISSING', message });
    }
    this.#compare(position, reference, stored);
  }

  #compare(position: number, { digest, bytes }: BlobRef, stored: number | null): void {
    // Of a watched one it is known already that something is wrong.
    if (stored === null || stored === bytes || this.#watched.has(digest)) return;
    const message = `Blob ${digest} has ${stored} bytes; the record that refers to it says ${bytes}.`;
    this.#problems.add({ position, digest, code: 'BLOB_DAMAGED', message });
  }

  /** A table that cannot be read is a problem of the ledger, not of whoever looks. */
  async #standingOf(
    position: number,
    digest: Digest,
  ): Promise<BlobStanding | { readonly kind: 'unreadable' }> {
    try {
      return await this.#standing(digest);
    } catch (error) {
      const message = `Whether blob ${digest} is stored cannot be read: ${messageOf(error)}.`;
      this.#problems.add({ position, digest, code: 'UNREADABLE', message });
      return { kind: 'unreadable' };
    }
  }

  #note(digest: Digest, position: number): void {
    if (!this.noted.has(digest)) this.noted.set(digest, position);
  }
}
