import type { CheckVerdict } from '../../src/events/examination.ts';
import type { SlotContents, SlotKind } from '../../src/events/slots.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import type { ChainStep } from '../definition/chain.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import type { LevelAccount } from '../policy/level-policy.ts';
import type { GovernanceRule } from './rules.ts';

/** A set of held-out items while it is in use, and what of its alpha is spent. */
export interface Epoch {
  readonly number: number;
  readonly gate: Digest;
  readonly split: string;
  readonly items: Digest;
  readonly count: number;
  readonly alpha: string;
  readonly earlierReads: number;
  /** What was disclosed, in order, with the p-value behind it where the policy needs it. */
  readonly symbols: { readonly symbol: 'promote' | 'discard'; readonly p: number }[];
  /** What the alpha ledger gives after those symbols. */
  account: LevelAccount;
  /** True once somebody other than the gate saw results: nothing may be tested on these items any more. */
  disclosed: boolean;
  exhausted: string | null;
}

export interface FinishedCheck {
  readonly check: string;
  readonly verdict: CheckVerdict;
  readonly sealed: boolean;
  readonly statistic: string | null;
  readonly revision: number;
}

/** An examination under way, or done. */
export interface Examination {
  readonly gate: Digest;
  readonly configuration: Digest;
  readonly slots: SlotContents;
  readonly working: Digest;
  readonly certified: Digest;
  /** Names of the chain's steps that are still to come. */
  readonly chain: readonly ChainStep[];
  readonly checks: FinishedCheck[];
  /** Sides that were executed on held-out items. */
  heldOutRead: boolean;
}

export interface Decision {
  readonly verdict: 'promote' | 'discard' | 'inconclusive';
  readonly keep: boolean;
  readonly symbol: 'promote' | 'discard' | null;
  readonly sentence: string;
  readonly decidedBy: string;
  readonly revision: number;
}

export interface Proposal {
  readonly id: string;
  /** Order of arrival, from 0. */
  readonly index: number;
  slot: SlotKind;
  /** Null until the proposer answered. */
  challenger: Digest | null;
  parent: Digest | null;
  author: string | null;
  targetFailure: string;
  hypothesis: string | null;
  predictedGain: number | null;
  failed: { readonly kind: string; readonly message: string } | null;
  examination: Examination | null;
  decision: Decision | null;
  approvals: readonly string[];
  refusedBy: string | null;
  /** Tracks it was promoted on. */
  promoted: readonly ('working' | 'certified')[];
  discarded: boolean;
}

/** One change of what a slot holds. */
export interface SlotChange {
  readonly champion: Digest;
  readonly track: 'baseline' | 'working' | 'certified' | 'rollback';
  readonly proposal: string | null;
  readonly revision: number;
}

/** Something in the history that no rule allows; it changed nothing. */
export interface Refusal {
  readonly rule: GovernanceRule;
  readonly message: string;
  readonly revision: number;
  readonly type: string;
}

/** A sitting of the loop that has begun and not ended. */
export interface Sitting {
  readonly revision: number;
  readonly proposals: number;
  readonly firstProposal: number;
  paused: boolean;
}

/**
 * All that is known about one line of improvement; a fold of its stream. It belongs to the fold, which updates it in place (a
 * copy per event would make a long fold quadratic).
 */
export interface Governance {
  opened: {
    readonly name: string;
    readonly suite: Digest;
    readonly suiteName: string;
    readonly suiteSpec: string;
  } | null;
  gate: {
    readonly digest: Digest;
    readonly definition: GateDefinition;
    /** Its chain for what a configuration holds, and for a change of the gate itself. */
    readonly chain: readonly ChainStep[];
    readonly gateChain: readonly ChainStep[];
    readonly revision: number;
  } | null;
  readonly gates: Digest[];
  epoch: Epoch | null;
  epochs: number;
  /** Digests of the item sets that were ever opened, held out or sealed. */
  readonly openedItems: Digest[];
  /** Sealed sets of which somebody other than the gate saw results. */
  readonly sealedSeen: Digest[];
  sealed: {
    readonly items: Digest;
    readonly baseline: Digest;
    readonly champion: Digest;
    verdict: string | null;
  } | null;
  baseline: SlotContents;
  working: SlotContents;
  certified: SlotContents;
  /** Their digests. */
  readonly digests: { baseline: Digest; working: Digest; certified: Digest };
  readonly history: Partial<Record<SlotKind, SlotChange[]>>;
  readonly proposals: Record<string, Proposal>;
  proposalCount: number;
  examinationCount: number;
  /** By gate, certified configuration and `comparedWith`, the proposal whose examination settled the comparison. */
  readonly compared: Map<Digest, Map<Digest, Map<Digest, string>>>;
  /** The proposal under examination; there is never more than one. */
  judging: string | null;
  sitting: Sitting | null;
  /** Runs that read held-out or sealed items for a gate, to the epoch they read (0: the sealed split). */
  readonly sealedRuns: Record<StreamName, number>;
  readonly refused: Refusal[];
}

export function initialGovernance(): Governance {
  const nothing = configurationDigest({});
  return {
    digests: { baseline: nothing, working: nothing, certified: nothing },
    opened: null,
    gate: null,
    gates: [],
    epoch: null,
    epochs: 0,
    openedItems: [],
    sealedSeen: [],
    sealed: null,
    baseline: {},
    working: {},
    certified: {},
    history: {},
    proposals: {},
    proposalCount: 0,
    examinationCount: 0,
    compared: new Map(),
    judging: null,
    sitting: null,
    sealedRuns: {},
    refused: [],
  };
}

/** Names a configuration: SHA-256 of the canonical JSON of what each slot holds. */
export function configurationDigest(slots: SlotContents): Digest {
  return digestOf(slots);
}

/** What `slots` would be with `challenger` in a slot; a gate is in no configuration. */
export function withChallenger(slots: SlotContents, slot: SlotKind, challenger: Digest): SlotContents {
  return slot === 'gate' ? slots : { ...slots, [slot]: challenger };
}

/** What the slot holds on the working track. */
export function workingContent(state: Governance, slot: SlotKind): Digest | null {
  return slot === 'gate' ? (state.gate?.digest ?? null) : (state.working[slot] ?? null);
}

export function sameSlots(left: SlotContents, right: SlotContents): boolean {
  return (['strategy', 'generator', 'prompt', 'scorer'] as const).every((slot) => left[slot] === right[slot]);
}

/** What a certified configuration is compared with: another configuration, or a gate that is proposed. */
export function comparedWith(slot: SlotKind, challenger: Digest, configuration: Digest): Digest {
  return slot === 'gate' ? challenger : configuration;
}
