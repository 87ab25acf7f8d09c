import type { StreamName } from '../kernel/brand.ts';
import type { Json, JsonObject } from '../kernel/json.ts';

/**
 * Where replay closes. History answers an effect only when all three of its layers hold: the `kind` of what was asked for, its
 * `key`, and the digest of its `input`. `content` is any other member of what follows from history; `history` is an event that is
 * missing, or that stands where it cannot.
 */
export type ReplayLayer = 'kind' | 'key' | 'input' | 'content' | 'history';

/** One member of `data` that differs; left out where one side does not have it. */
export interface MemberDifference {
  /** Names from the outside in, such as `strategy.params.candidates`. */
  readonly member: string;
  readonly asked?: Json;
  readonly recorded?: Json;
}

/** Two texts that a blob reference stands for, as a unified diff from what was recorded to what was asked. */
export interface TextDifference {
  readonly member: string;
  readonly diff: string;
}

/** An event as replay compares it. */
export interface ComparedEvent {
  readonly type: string;
  readonly data: JsonObject;
}

/** What stands in history and what follows from it, where the two first differ. */
export interface Divergence {
  readonly stream: StreamName;
  readonly revision: number;
  readonly layer: ReplayLayer;
  readonly reason: string;
  readonly asked: ComparedEvent | null;
  readonly recorded: ComparedEvent | null;
  readonly members: readonly MemberDifference[];
  readonly texts: readonly TextDifference[];
}

/** What replay says of one stream. `events` is its length. */
export type ReplayVerdict =
  | {
      readonly verdict: 'pass';
      readonly events: number;
      /** Events that were derived and came out as recorded; the rest are facts, which nothing can derive. */
      readonly decisions: number;
      /** Whether what the stream tells of has come to its end. */
      readonly finished: boolean;
    }
  | { readonly verdict: 'diverged'; readonly events: number; readonly divergence: Divergence }
  | { readonly verdict: 'inconclusive'; readonly events: number; readonly missing: string };

export type ReplayedKind =
  | 'suite'
  | 'run'
  | 'episode'
  | 'improvement'
  | 'audit'
  | 'queue'
  | 'worker'
  | 'other';

export type StreamReplay = ReplayVerdict & { readonly stream: StreamName; readonly kind: ReplayedKind };
