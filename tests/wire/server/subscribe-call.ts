import { randomUUID } from 'node:crypto';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { redirection } from './append-call.ts';
import type { ServerContext } from './context.ts';
import { filterOf, filterWords } from './event-filter.ts';
import { streams } from './protocol.ts';
import { logIndex } from './read-all.ts';
import type { ReadCall } from './read-call.ts';
import { drained } from './read-call.ts';
import { rpcError, streamDeleted } from './rpc-error.ts';
import type { StoredEvent } from './stored-event.ts';
import { firstVisible } from './stream-state.ts';

/** How many events the real server reads at once, and looks at per checkpoint when the request does not say. */
const SEARCH_WINDOW = 32;

/** A subscription to a stream, or to the log (null), until the client leaves. */
export async function subscribe(
  context: ServerContext,
  call: ReadCall,
  options: ReadReq.Options,
  stream: string | null,
): Promise<void> {
  const name = stream ?? '$all';
  const rule = context.faults.strike('subscribe', name);
  switch (rule?.fault) {
    case 'mute':
      return;
    case 'drop before commit':
      context.cut(call.getPeer());
      return;
    case 'not leader':
      throw redirection(rule.leader ?? context.leader);
    case 'not ready':
      throw rpcError(status.UNAVAILABLE, 'Server Is Not Ready');
    case 'unknown error':
      throw rpcError(status.UNKNOWN, 'Unexpected error');
    case 'access denied':
      throw rpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
    case 'bad frame':
      call.write(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff));
      return;
  }
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(randomUUID());
  const confirmed = new streams.ReadResp();
  confirmed.setConfirmation(confirmation);
  call.write(confirmed);
  await new Follower(context, call, options, stream).run();
}

class Follower {
  readonly #context: ServerContext;
  readonly #call: ReadCall;
  readonly #stream: string | null;
  readonly #wanted: (event: StoredEvent) => boolean;
  /** Events looked at per checkpoint; 0 without a filter, where every event is its own. */
  readonly #interval: number;
  /** Index of the next event to look at, in the stream or in the log. */
  #next: number;
  #looked = 0;
  /** Position of the last event looked at, for finding the place again after a scavenge. */
  #seen = -1;
  #scavenges: number;
  #checkpoint = -1;
  #live = false;
  #wake: (() => void) | null = null;

  constructor(context: ServerContext, call: ReadCall, options: ReadReq.Options, stream: string | null) {
    this.#context = context;
    this.#call = call;
    this.#stream = stream;
    const filter = options.hasFilter() ? options.getFilter() : undefined;
    this.#wanted = filter === undefined ? () => true : filterOf(filterWords(filter));
    const window = filter?.hasMax() ? filter.getMax() : SEARCH_WINDOW;
    this.#interval =
      filter === undefined ? 0 : window * Math.max(1, filter.getCheckpointintervalmultiplier());
    this.#scavenges = context.database.scavenges;
    this.#next = this.#startOf(options);
  }

  async run(): Promise<void> {
    const unfollow = this.#context.database.follow(() => this.#wake?.());
    this.#call.on('cancelled', () => this.#wake?.());
    const behindAtStart = this.#stream === null && this.#next < this.#events().length;
    try {
      for (;;) {
        await this.#catchUp();
        if (this.#call.cancelled) return;
        if (!this.#live) {
          this.#live = true;
          // Going live after having caught up, the real server says first how far it has looked.
          if (behindAtStart && this.#interval > 0)
            this.#sendCheckpoint(this.#events().at(-1)?.position ?? -1);
          const caughtUp = new streams.ReadResp();
          caughtUp.setCaughtUp(new streams.ReadResp.CaughtUp());
          this.#call.write(caughtUp);
        }
        if (this.#next < this.#events().length) continue;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    } finally {
      unfollow();
    }
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const { log, scavenges } = this.#context.database;
      if (this.#stream === null && scavenges !== this.#scavenges) {
        this.#scavenges = scavenges;
        if (this.#seen >= 0) this.#next = logIndex(log, this.#seen + 1);
      }
      const event = this.#events()[this.#next];
      if (event === undefined || this.#call.cancelled) {
        this.#refuseTombstoned();
        return;
      }
      this.#next++;
      if (event === null) continue;
      this.#seen = event.position;
      if (this.#wanted(event) && !(await this.#send(event))) return;
      if (this.#interval > 0 && ++this.#looked >= this.#interval) {
        this.#looked = 0;
        this.#sendCheckpoint(event.position);
      }
    }
  }

  /** False when a fault ended the subscription instead. */
  async #send(event: StoredEvent): Promise<boolean> {
    const rule = this.#context.faults.strike('message', event.stream);
    if (rule !== null) {
      if (rule.fault === 'drop before commit') {
        this.#context.cut(this.#call.getPeer());
        return false;
      }
      if (rule.fault === 'subscription dropped')
        throw rpcError(status.CANCELLED, 'The subscription was dropped.');
      if (rule.fault === 'unknown error') throw rpcError(status.UNKNOWN, 'Unexpected error');
      if (rule.fault === 'bad frame') this.#call.write(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff));
      if (rule.fault === 'mute') await new Promise((resolve) => this.#call.once('cancelled', resolve));
      if (rule.fault === 'slow') await new Promise((resolve) => setTimeout(resolve, rule.delayMs ?? 0));
      if (this.#call.cancelled) return false;
    }
    if (!this.#call.write(event.frame)) await drained(this.#call);
    if (rule?.fault === 'drop after commit') this.#context.cut(this.#call.getPeer());
    return true;
  }

  #sendCheckpoint(position: number): void {
    if (position <= this.#checkpoint) return;
    this.#checkpoint = position;
    const checkpoint = new streams.ReadResp.Checkpoint();
    checkpoint.setCommitPosition(String(position));
    checkpoint.setPreparePosition(String(position));
    const response = new streams.ReadResp();
    response.setCheckpoint(checkpoint);
    this.#call.write(response);
  }

  #events(): readonly (StoredEvent | null)[] {
    if (this.#stream === null) return this.#context.database.log;
    return this.#context.database.stream(this.#stream)?.events ?? [];
  }

  #refuseTombstoned(): void {
    if (this.#stream !== null && this.#context.database.stream(this.#stream)?.tombstoned) {
      throw streamDeleted(this.#stream);
    }
  }

  #startOf(options: ReadReq.Options): number {
    const { database } = this.#context;
    if (this.#stream !== null) {
      const at = options.getStream();
      const state = database.stream(this.#stream);
      if (at?.hasEnd()) return state?.events.length ?? 0;
      const from = at?.hasRevision() ? Number(at.getRevision()) + 1 : 0;
      return state === undefined ? from : Math.max(from, firstVisible(state, Date.now()));
    }
    const at = options.getAll();
    if (at?.hasEnd()) return database.log.length;
    if (!at?.hasPosition()) return 0;
    return logIndex(database.log, Number(at.getPosition()?.getCommitPosition()) + 1);
  }
}
