import type { SlotKind } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import type { Json, JsonObject } from '../../../kernel/json.ts';

/** A failure on `optimize`, as a proposer sees it: public tests and public feedback only. */
export interface FailureCase {
  readonly task: string;
  readonly class: string;
  /** One line, for example `expected 3, got 2` or `RangeError: …`. */
  readonly why: string;
  readonly statement: string;
  readonly program: string | null;
  readonly feedback: string | null;
}

/**
 * What came of an earlier proposal, as far as proposers may know it: of held-out items nothing but the symbol. There is no field
 * for a held-out count, trace, time or cost, so none can be filled in.
 */
export interface PastProposal {
  readonly slot: SlotKind;
  readonly content: Json;
  readonly hypothesis: string;
  readonly targetFailure: string;
  readonly predictedGain: number;
  readonly outcome:
    | 'promoted'
    | 'kept'
    | 'discarded'
    | 'inconclusive'
    | 'crashed'
    | 'over_budget'
    | 'timeout'
    | 'invalid'
    | 'stale';
  /** The check that settled it, for example `dev` or `heldout`; null where none was reached. */
  readonly decidedBy: string | null;
  /** Mean difference on the dev split against the working champion, score units per item; null where not measured. */
  readonly devGain: number | null;
  /** All that was disclosed of held-out items. */
  readonly symbol: 'promote' | 'discard' | null;
}

/** Everything a proposer is shown; recorded whole, before it is asked. */
export interface ProposerView {
  readonly slot: SlotKind;
  /** What the slot holds on the working track, and its hash: what a challenger is made from. */
  readonly current: Json;
  readonly parent: Digest;
  readonly targetFailure: string;
  /** Classes of failures on `optimize`, the most frequent first, of how many tasks. */
  readonly tasks: number;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** Some of the failures, of the target class first. */
  readonly cases: readonly FailureCase[];
  /** Oldest first, for all slots. */
  readonly past: readonly PastProposal[];
}

/** A proposal without its place in the history. */
export interface ChangeContract {
  readonly content: Json;
  readonly hypothesis: string;
  readonly predictedGain: number;
  readonly falsifiedBy: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/**
 * Writes challengers. `propose` sees the view and the seed and nothing else. Rejects with `PROPOSER_FAILED` (crash, time),
 * `PROPOSAL_INVALID` (what it wrote is not usable), `GENERATOR_EXHAUSTED` (nothing left to propose).
 */
export interface Proposer {
  readonly name: string;
  readonly version: number;
  readonly config: JsonObject;
  readonly slots: readonly SlotKind[];
  /** True where the same view and seed always give the same contract, so that replay can ask again. */
  readonly deterministic: boolean;
  /** `tuner`, `model:NAME`, `program:NAME` …: the author of what it writes. */
  readonly party: string;
  propose(view: ProposerView, seed: string, signal: AbortSignal): Promise<ChangeContract>;
  close(): Promise<void>;
}
