import { randomUUID } from 'node:crypto';
import { type AppendDecision, decideAppend, type Expected } from './decide-append.ts';
import { encodeEvent } from './encode-event.ts';
import { endOfRecord } from './record-size.ts';
import { type ProposedEvent, type StoredEvent, TOMBSTONE_REVISION } from './stored-event.ts';
import { firstVisible, isSoftDeleted, NO_LIMITS, parseLimits, type StreamState } from './stream-state.ts';

/** Where committed events are written before anybody is told; see `Journal`. */
export interface CommitSink {
  write(events: readonly StoredEvent[]): void;
}

export type AppendOutcome =
  /** `position`: of the last event; -1 where there is none to tell. */
  | { readonly kind: 'stored' | 'repeated'; readonly last: number; readonly position: number }
  | Exclude<AppendDecision, { kind: 'append' | 'repeated' }>;

const EMPTY = new Uint8Array();
/** How many of the newest ids the server knows without looking into streams; the real one keeps a cache of bounded bytes. */
const RECENT_IDS_MAX = 1_000_000;

/** The log, its streams, and who waits for what comes. Everything happens in the calling turn, so that nothing overtakes. */
export class Database {
  /** In log order. */
  readonly log: StoredEvent[] = [];
  readonly #streams = new Map<string, StreamState>();
  readonly #recent = new Map<string, StoredEvent>();
  readonly #followers = new Set<() => void>();
  readonly #sink: CommitSink | null;
  #end = 0;
  #scavenges = 0;

  constructor(sink: CommitSink | null) {
    this.#sink = sink;
  }

  /** The first position that no event has. */
  get end(): number {
    return this.#end;
  }

  /** How often the log was scavenged: whoever keeps an index into it looks for its place again when this has risen. */
  get scavenges(): number {
    return this.#scavenges;
  }

  stream(name: string): StreamState | undefined {
    return this.#streams.get(name);
  }

  /** Called after every commit until the returned function is called. */
  follow(follower: () => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  decide(name: string, expected: Expected, ids: readonly string[]): AppendDecision {
    const hasMetadata = (this.#streams.get(`$$${name}`)?.events.length ?? 0) > 0;
    return decideAppend(this.#streams.get(name), hasMetadata, expected, ids, (id) => {
      const known = this.#recent.get(id);
      return known?.stream === name ? known.revision : undefined;
    });
  }

  append(name: string, expected: Expected, events: readonly ProposedEvent[]): AppendOutcome {
    const decision = this.decide(
      name,
      expected,
      events.map((event) => event.id),
    );
    if (decision.kind === 'repeated') {
      const position = this.#streams.get(name)?.events[decision.last]?.position ?? -1;
      return { kind: 'repeated', last: decision.last, position };
    }
    if (decision.kind !== 'append') return decision;
    const before = this.#streams.get(name);
    const first = before?.events.length ?? 0;
    const comesBack = before !== undefined && isSoftDeleted(before);
    const stored = this.#commit(name, events, first);
    if (comesBack) this.#setTruncateBefore(name, first);
    return { kind: 'stored', last: first + events.length - 1, position: stored.at(-1)?.position ?? -1 };
  }

  /** Soft: a stream that was deleted so goes on with its numbering when it is written again. */
  delete(name: string, expected: Expected): AppendOutcome {
    const id = randomUUID();
    const decision = this.decide(name, expected, [id]);
    if (decision.kind !== 'append') return this.#asOutcome(decision);
    const metadata = this.#streams.get(`$$${name}`);
    if (this.#lastRevision(name) < 0 && (metadata?.events.length ?? 0) === 0) {
      return { kind: 'wrong revision', current: -1 };
    }
    const [event] = this.#setTruncateBefore(name, '9223372036854775807');
    return { kind: 'stored', last: this.#lastRevision(name), position: event?.position ?? -1 };
  }

  /** For good. */
  tombstone(name: string, expected: Expected): AppendOutcome {
    const id = randomUUID();
    const decision = this.decide(name, expected, [id]);
    if (decision.kind !== 'append') return this.#asOutcome(decision);
    const event = { id, type: '$streamDeleted', json: false, data: EMPTY, metadata: EMPTY };
    const [stored] = this.#commit(name, [event], TOMBSTONE_REVISION);
    return { kind: 'stored', last: TOMBSTONE_REVISION, position: stored?.position ?? -1 };
  }

  /** Takes out what reads hide, as a scavenge does: from the log, too. Revisions stay. */
  scavenge(): number {
    const nowMs = Date.now();
    let removed = 0;
    for (const stream of this.#streams.values()) {
      const first = stream.tombstoned ? stream.events.length : firstVisible(stream, nowMs);
      // The last event stays, as in the real server, which keeps it for the stream's last revision.
      for (let revision = 0; revision < Math.min(first, stream.events.length - 1); revision++) {
        if (stream.events[revision] !== null) removed++;
        stream.events[revision] = null;
      }
    }
    const kept = this.log.filter(
      (event) =>
        event.revision === TOMBSTONE_REVISION ||
        this.#streams.get(event.stream)?.events[event.revision] === event,
    );
    this.log.length = 0;
    for (const event of kept) this.log.push(event);
    this.#scavenges++;
    return removed;
  }

  /** Events that were committed before, in log order. */
  load(events: readonly StoredEvent[]): void {
    for (const event of events) this.#apply(event);
  }

  #asOutcome(decision: Exclude<AppendDecision, { kind: 'append' }>): AppendOutcome {
    return decision.kind === 'repeated' ? { ...decision, position: -1 } : decision;
  }

  #lastRevision(name: string): number {
    return (this.#streams.get(name)?.events.length ?? 0) - 1;
  }

  /** `value` as text: the greatest one is no number of JavaScript. */
  #setTruncateBefore(name: string, value: number | string): readonly StoredEvent[] {
    const metadata = this.#streams.get(`$$${name}`);
    const text = Buffer.from(metadata?.events.at(-1)?.data ?? EMPTY).toString('utf8');
    const kept = typeof value === 'string' || text === '' ? {} : JSON.parse(text);
    const json = JSON.stringify({ ...kept, $tb: 0 }).replace('"$tb":0', `"$tb":${value}`);
    const event = {
      id: randomUUID(),
      type: '$metadata',
      json: true,
      data: Buffer.from(json),
      metadata: EMPTY,
    };
    return this.#commit(`$$${name}`, [event], metadata?.events.length ?? 0);
  }

  #commit(name: string, events: readonly ProposedEvent[], firstRevision: number): readonly StoredEvent[] {
    const createdMs = Date.now();
    const stored: StoredEvent[] = [];
    let position = this.#end;
    for (const [index, event] of events.entries()) {
      const endPosition = endOfRecord(position, event, name);
      const revision = firstRevision + index;
      stored.push(encodeEvent(event, { position, endPosition, stream: name, revision, createdMs }));
      position = endPosition;
    }
    this.#sink?.write(stored);
    for (const event of stored) this.#apply(event);
    for (const follower of [...this.#followers]) follower();
    return stored;
  }

  #apply(event: StoredEvent): void {
    let stream = this.#streams.get(event.stream);
    if (stream === undefined) {
      stream = { name: event.stream, events: [], limits: this.#limitsOf(event.stream), tombstoned: false };
      this.#streams.set(event.stream, stream);
    }
    if (event.revision === TOMBSTONE_REVISION) stream.tombstoned = true;
    else {
      // Loaded from a journal, events that a scavenge removed are missing.
      while (stream.events.length < event.revision) stream.events.push(null);
      stream.events.push(event);
    }
    this.log.push(event);
    this.#end = event.endPosition;
    this.#recent.set(event.id, event);
    if (this.#recent.size > RECENT_IDS_MAX) this.#recent.delete(this.#recent.keys().next().value ?? '');
    if (event.stream.startsWith('$$')) {
      const described = this.#streams.get(event.stream.slice(2));
      if (described !== undefined) described.limits = parseLimits(event.data);
    }
  }

  #limitsOf(name: string): StreamState['limits'] {
    const newest = this.#streams.get(`$$${name}`)?.events.at(-1);
    return newest ? parseLimits(newest.data) : NO_LIMITS;
  }
}
