import { type AnyRecordedEvent, decodeRecord } from '../../events/record.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import type { Claim } from '../../ledger/verify/claims.ts';
import { type Bundle, isProposalBundle, isRunBundle } from './bundle.ts';
import { ProposalParts } from './proposal-parts.ts';
import { isOfAnother } from './proposal-runs.ts';
import { blobUsesOf, type Redactable } from './redaction.ts';
import { RunParts } from './run-parts.ts';
import type { ScopeParts } from './scope-parts.ts';

/**
 * Whether everything is there that the bundle says it is of: each stream without a gap, every episode that the run
 * scheduled or every run that the proposal rests on, and every text that a record refers to, where it is not said to be
 * withheld. What could have been cut off unseen makes it unknown.
 */
export function checkStreams(bundle: Bundle): Claim {
  const check = new StreamCheck(bundle);
  const missing = check.missing();
  if (missing !== null) return { verdict: 'no', because: missing };
  const open = check.open();
  return open === null
    ? { verdict: 'yes', because: check.summary() }
    : { verdict: 'unknown', because: `${open} ${check.summary()}` };
}

class StreamCheck {
  readonly #bundle: Bundle;
  readonly #events = new Map<StreamName, AnyRecordedEvent[]>();
  readonly #parts: ScopeParts;
  readonly #uses = new Map<Digest, TextUse>();
  /** Records that refer to one text as of different lengths. */
  readonly #contradictions: string[] = [];

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    for (const { position, stream, bytes } of bundle.records) {
      const event = decodeRecord(position, bytes);
      const ofStream = this.#events.get(stream);
      if (ofStream === undefined) this.#events.set(stream, [event]);
      else ofStream.push(event);
      const isOutside = isProposalBundle(bundle) && isOfAnother(event, bundle.header.proposal);
      for (const { ref, kinds } of blobUsesOf(event)) {
        const use = this.#uses.get(ref.digest) ?? { bytes: ref.bytes, kinds: new Set(), isOutside };
        use.isOutside &&= isOutside;
        if (use.bytes !== ref.bytes)
          this.#contradictions.push(`Records disagree on how long the text ${ref.digest} is.`);
        for (const kind of kinds) use.kinds.add(kind);
        this.#uses.set(ref.digest, use);
      }
    }
    this.#parts = isRunBundle(bundle)
      ? new RunParts(bundle.header, this.#events)
      : proposalParts(bundle, this.#events);
  }

  /** What is certainly not there although it should be; null where nothing is. */
  missing(): string | null {
    return (
      this.#unlisted() ??
      this.#gaps() ??
      this.#parts.missing() ??
      this.#texts() ??
      this.#contradictions[0] ??
      null
    );
  }

  /** What the bundle cannot show to be complete. */
  open(): string | null {
    const open = this.#parts.open();
    if (open !== null) return open;
    const unexplained = this.#unexplainedErasures();
    if (unexplained === 0) return null;
    return `${texts(unexplained)} said to be erased, and the record that says so is not in here.`;
  }

  summary(): string {
    const standings = [...this.#bundle.blobs.values()].map(({ standing }) => standing);
    const withheld = standings.filter((standing) => standing === 'redacted' || standing === 'erased').length;
    const outside = standings.filter((standing) => standing === 'outside').length;
    const without = [
      ...(withheld === 0 ? [] : [`the ${withheld} that are said to be withheld`]),
      ...(outside === 0 ? [] : [`the ${outside} that belong to the examinations of other proposals`]),
    ];
    const refer = withheld === 0 ? ' they refer to' : '';
    return this.#parts.summary(
      without.length === 0 ? `every text${refer}` : `every text${refer} but ${without.join(' and ')}`,
    );
  }

  /** The header names exactly the streams there are. */
  #unlisted(): string | null {
    const listed = new Set(this.#bundle.header.streams.map(({ name }) => name));
    if (listed.size !== this.#bundle.header.streams.length) return 'The header names a stream twice.';
    for (const name of this.#events.keys()) {
      if (!listed.has(name)) return `The header does not name ${name}, of which there are records.`;
    }
    return null;
  }

  #gaps(): string | null {
    for (const { name, records, part } of this.#bundle.header.streams) {
      const events = this.#events.get(name) ?? [];
      if (events.length !== records)
        return `${name} has ${events.length} records of the ${records} it should have.`;
      if (part === 'selected' && !name.startsWith('audit-')) return `${name} is not here as a whole.`;
      let expected = 0;
      for (const { revision } of events) {
        const fits = part === 'whole' ? revision === expected : revision >= expected;
        if (!fits) return `${name} goes on with revision ${revision} where ${expected} should be.`;
        expected = revision + 1;
      }
    }
    return null;
  }

  #texts(): string | null {
    const { blobs, header } = this.#bundle;
    for (const [digest, { bytes, kinds, isOutside }] of this.#uses) {
      const blob = blobs.get(digest);
      if (blob === undefined) return `The text ${digest}, which a record refers to, is not here.`;
      if (blob.bytes !== bytes)
        return `The text ${digest} has ${blob.bytes} bytes; the record says ${bytes}.`;
      if (blob.standing === 'redacted' && !header.redacted.some((kind) => kinds.has(kind))) {
        return `The text ${digest} is withheld, and is of no kind that the bundle says it withholds.`;
      }
      if (blob.standing === 'outside' && !isOutside)
        return `The text ${digest} is left out as if it were of another proposal, and it is not.`;
    }
    const extra = [...blobs.keys()].find((digest) => !this.#uses.has(digest));
    return extra === undefined ? null : `No record refers to the text ${extra}.`;
  }

  #unexplainedErasures(): number {
    const explained = new Set<string>();
    for (const events of this.#events.values()) {
      for (const event of events) if (event.type === 'BlobErased') explained.add(event.data.blob.digest);
    }
    const erased = [...this.#bundle.blobs].filter(([, { standing }]) => standing === 'erased');
    return erased.filter(([digest]) => !explained.has(digest)).length;
  }
}

interface TextUse {
  readonly bytes: number;
  readonly kinds: Set<Redactable>;
  /** Nothing but the examination of another proposal refers to it. */
  isOutside: boolean;
}

function proposalParts(
  bundle: Bundle,
  events: ReadonlyMap<StreamName, readonly AnyRecordedEvent[]>,
): ScopeParts {
  if (isProposalBundle(bundle)) return new ProposalParts(bundle.header, events);
  throw new Error('a bundle is of a run or of a proposal');
}

function texts(value: number): string {
  return value === 1 ? '1 text is' : `${value} texts are`;
}
