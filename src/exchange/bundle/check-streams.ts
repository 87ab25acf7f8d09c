import { type AnyRecordedEvent, decodeRecord } from '../../events/record.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import type { Claim } from '../../ledger/verify/claims.ts';
import { suiteStream } from '../../loop/stream-names.ts';
import type { Bundle } from './bundle.ts';
import { blobUsesOf, type Redactable } from './redaction.ts';

/**
 * Whether everything is there that the bundle says it is of: each stream without a gap, every episode that the run
 * scheduled and every text that a record refers to, where it is not said to be withheld. What could have been cut off
 * unseen makes it unknown.
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
  readonly #uses = new Map<Digest, { readonly bytes: number; readonly kinds: Set<Redactable> }>();
  /** Records that refer to one text as of different lengths. */
  readonly #contradictions: string[] = [];

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    for (const { position, stream, bytes } of bundle.records) {
      const event = decodeRecord(position, bytes);
      const ofStream = this.#events.get(stream);
      if (ofStream === undefined) this.#events.set(stream, [event]);
      else ofStream.push(event);
      for (const { ref, kinds } of blobUsesOf(event)) {
        const use = this.#uses.get(ref.digest) ?? { bytes: ref.bytes, kinds: new Set() };
        if (use.bytes !== ref.bytes)
          this.#contradictions.push(`Records disagree on how long the text ${ref.digest} is.`);
        for (const kind of kinds) use.kinds.add(kind);
        this.#uses.set(ref.digest, use);
      }
    }
  }

  /** What is certainly not there although it should be; null where nothing is. */
  missing(): string | null {
    return (
      this.#unlisted() ?? this.#gaps() ?? this.#runParts() ?? this.#texts() ?? this.#contradictions[0] ?? null
    );
  }

  /** What the bundle cannot show to be complete. */
  open(): string | null {
    const { run, episode } = this.#bundle.header;
    const unended = this.#claimedEpisodes().filter((name) => !this.#ended(name, 'EpisodeFinished'));
    if (episode === null && !this.#ended(run, 'RunFinished')) {
      return 'The run had not ended: what it recorded later, if anything, is not in here.';
    }
    if (unended.length > 0) return `${unended[0]} had not ended: what it recorded later is not in here.`;
    const unexplained = this.#unexplainedErasures();
    if (unexplained === 0) return null;
    return `${texts(unexplained)} said to be erased, and the record that says so is not in here.`;
  }

  summary(): string {
    const { header, blobs } = this.#bundle;
    const episodes = this.#claimedEpisodes().length;
    const withheld = [...blobs.values()].filter(({ standing }) => standing !== 'stored').length;
    const what = header.episode === null ? `The run and its ${count(episodes, 'episode')}` : 'The episode';
    const without =
      withheld === 0
        ? 'every text they refer to'
        : `every text but the ${withheld} that are said to be withheld`;
    return `${what} are here from the first record to the last, with ${without}.`.replace(
      'The episode are',
      'The episode is',
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

  #runParts(): string | null {
    const { run, episode } = this.#bundle.header;
    const first = this.#events.get(run)?.[0];
    if (first?.type !== 'RunStarted') return `${run} does not begin with RunStarted.`;
    if (!this.#events.has(suiteStream(first.data.suite))) return `The suite of ${run} is not here.`;
    const scheduled = this.#scheduled(run);
    if (episode !== null) {
      if (!scheduled.includes(episode)) return `${run} did not schedule ${episode}.`;
      return this.#events.has(episode) ? null : `${episode} is not here.`;
    }
    if (scheduled.length !== first.data.tasks) {
      return `${run} says it has ${first.data.tasks} tasks and schedules ${scheduled.length}.`;
    }
    // A run out of time ends without having begun all of its episodes; then it says how many it ended.
    const end = this.#events.get(run)?.find(({ type }) => type === 'RunFinished');
    const ended = scheduled.filter((name) => this.#ended(name, 'EpisodeFinished')).length;
    if (end?.type !== 'RunFinished' || end.data.episodes === ended) return null;
    return `${run} finished ${end.data.episodes} episodes, of which ${ended} are here to their end.`;
  }

  #texts(): string | null {
    const { blobs, header } = this.#bundle;
    for (const [digest, { bytes, kinds }] of this.#uses) {
      const blob = blobs.get(digest);
      if (blob === undefined) return `The text ${digest}, which a record refers to, is not here.`;
      if (blob.bytes !== bytes)
        return `The text ${digest} has ${blob.bytes} bytes; the record says ${bytes}.`;
      if (blob.standing === 'redacted' && !header.redacted.some((kind) => kinds.has(kind))) {
        return `The text ${digest} is withheld, and is of no kind that the bundle says it withholds.`;
      }
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

  #claimedEpisodes(): readonly StreamName[] {
    const { run, episode } = this.#bundle.header;
    return episode === null ? this.#scheduled(run).filter((name) => this.#events.has(name)) : [episode];
  }

  #scheduled(run: StreamName): readonly StreamName[] {
    const events = this.#events.get(run) ?? [];
    return events.flatMap((event) => (event.type === 'EpisodeScheduled' ? [event.data.episode] : []));
  }

  #ended(stream: StreamName, type: AnyRecordedEvent['type']): boolean {
    return this.#events.get(stream)?.at(-1)?.type === type;
  }
}

function count(value: number, what: string): string {
  return `${value} ${what}${value === 1 ? '' : 's'}`;
}

function texts(value: number): string {
  return value === 1 ? '1 text is' : `${value} texts are`;
}
