import { seededRandom } from '../../../src/kernel/random.ts';

/** What a rule is about. `append` stands for both ways of appending. */
export type Operation =
  | 'append'
  | 'batch append'
  | 'classic append'
  | 'read'
  | 'read all'
  | 'subscribe'
  | 'message'
  | 'delete'
  | 'features'
  | 'gossip'
  | 'group'
  | 'group message'
  | 'group answer';

export type Fault =
  /** Takes the request and never answers; an append is not stored. */
  | 'mute'
  /** Takes this and every further append of a batch stream, stores none and answers none; the connection is as good as ever. */
  | 'mute stream'
  /** Stores, and never answers. */
  | 'mute after commit'
  /** Cuts the connection; an append is not stored. For messages: instead of the message. */
  | 'drop before commit'
  /** Stores, then cuts the connection. For messages: behind the message. */
  | 'drop after commit'
  /** A classic append that broke off on its way looks finished to the server: stores the first half, then cuts the connection. */
  | 'drop after half'
  /** Ends the batch stream politely; nothing is stored, nothing is answered. */
  | 'half-close'
  | 'half-close after commit'
  /** Stores, and answers under an id that nobody asked with. */
  | 'unknown correlation id'
  /** Stores at once, answers after `delayMs`. */
  | 'late reply'
  /** Stores and answers after `delayMs`: what is retried meanwhile overtakes it. */
  | 'late commit'
  /** Answers as if it had stored. */
  | 'false acknowledgement'
  /** Stores other bytes under the same ids, and answers as if nothing were wrong. */
  | 'other bytes'
  /** Answers twice. */
  | 'duplicate reply'
  /** Sends to the leader at `leader`. */
  | 'not leader'
  | 'no leader'
  /** `Server Is Not Ready`, with status UNAVAILABLE. */
  | 'not ready'
  /** The server gave up waiting for its own commit: answered as a timeout; not stored. */
  | 'commit timeout'
  /** The same, though the commit came after all. */
  | 'commit timeout after commit'
  | 'unknown error'
  /** Bytes that are no message of the protocol. */
  | 'bad frame'
  | 'access denied'
  /** Reads requests, or sends messages, only after `delayMs` each. */
  | 'slow'
  /** The server drops the subscription. */
  | 'subscription dropped';

/** One way to misbehave, and when. Without `calls` and `probability`: at every call. */
export interface FaultRule {
  readonly operation: Operation;
  readonly fault: Fault;
  /** Only calls about streams with this prefix. */
  readonly streamPrefix?: string;
  /** Which of the calls that match, counted from 1 when the rules were set. */
  readonly calls?: readonly number[];
  readonly probability?: number;
  /** How often at most. */
  readonly timesMax?: number;
  readonly delayMs?: number;
  readonly leader?: { readonly host: string; readonly port: number };
}

interface RuleState {
  readonly rule: FaultRule;
  calls: number;
  struck: number;
}

/** The faults to come, and a count of those that really happened. */
export class Faults {
  #rules: RuleState[] = [];
  #random = seededRandom('1');
  readonly #counts = new Map<string, number>();

  /** Replaces all rules. The seed decides what those with a probability do. */
  set(rules: readonly FaultRule[], seed = 1): void {
    this.#rules = rules.map((rule) => ({ rule, calls: 0, struck: 0 }));
    this.#random = seededRandom(String(seed));
  }

  /** The fault for a call, if one is due; every rule that matches counts the call. `fits`: whether it can be done there. */
  strike(
    operation: Operation,
    stream: string,
    fits: (fault: Fault) => boolean = () => true,
  ): FaultRule | null {
    if (this.#rules.length === 0) return null;
    let due: FaultRule | null = null;
    for (const state of this.#rules) {
      const { rule } = state;
      if (!matches(rule.operation, operation) || !stream.startsWith(rule.streamPrefix ?? '')) continue;
      if (!fits(rule.fault)) continue;
      state.calls++;
      if (due !== null || state.struck >= (rule.timesMax ?? Number.POSITIVE_INFINITY)) continue;
      if (rule.calls !== undefined && !rule.calls.includes(state.calls)) continue;
      if (rule.probability !== undefined && this.#random.float() >= rule.probability) continue;
      state.struck++;
      due = rule;
    }
    if (due !== null) this.count(`${operation}: ${due.fault}`);
    return due;
  }

  /** Notes that something was done that no rule asked for one by one (a restart, a cut link). */
  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** How often what happened since the start, as `operation: fault`. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}

function matches(wanted: Operation, operation: Operation): boolean {
  return wanted === operation || (wanted === 'append' && operation.endsWith(' append'));
}
