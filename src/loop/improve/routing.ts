import type { Governance, Proposal } from '../../../gates/governance/governance.ts';
import { workingContent } from '../../../gates/governance/governance.ts';
import type { SlotKind } from '../../events/slots.ts';
import type { LineMemory } from './line-memory.ts';

/** Where a change may help against a class of failures, the likeliest slot first. */
export const routes: Readonly<Record<string, readonly SlotKind[]>> = {
  /** Public tests cannot see it: what is tried and when the search stops matters more than how feedback is read. */
  'over-accepted': ['strategy', 'generator', 'prompt'],
  'wrong-answer': ['generator', 'strategy', 'prompt'],
  syntax: ['prompt', 'generator', 'strategy'],
  'runtime-error': ['generator', 'prompt', 'strategy'],
  timeout: ['generator', 'prompt', 'strategy'],
  /** Who does not listen needs other words, or another search. */
  friction: ['generator', 'prompt', 'strategy'],
  repetition: ['generator', 'strategy', 'prompt'],
  /** Rising still when it ended: spend the same budget in another way. */
  budget: ['strategy', 'generator', 'prompt'],
  'generator-error': ['generator', 'strategy', 'prompt'],
  /** A fault of the sandbox; no change of ours helps. */
  ungraded: [],
};
/** For classes of one's own taxonomy. */
const otherRoute: readonly SlotKind[] = ['strategy', 'generator', 'prompt'];

/** Who proposes next, for which slot, against which failures. */
export interface Route {
  readonly slot: SlotKind;
  readonly targetFailure: string;
  readonly proposer: { readonly name: string; readonly version: number };
}

type Classes = readonly { readonly name: string; readonly count: number }[];
type Asked = { readonly name: string; readonly version: number; readonly slots: readonly SlotKind[] };

/**
 * The pair of class and slot that is most owed a proposal: of the largest `count · (1 + kept + 2 · promoted) / (1 + tried)`, so
 * that classes get turns in proportion to how often they occur, what has worked gets more of them, and what never works less and
 * less. (Highest quotients, as seats are given out by Jefferson's method.) Of equals the more frequent class, then the slot that
 * stands first for it. Several proposers for a slot take turns. Null when nobody is left to ask.
 *
 * A pure function of the history.
 */
export function route(
  state: Governance,
  memory: LineMemory,
  classes: Classes,
  proposers: readonly Asked[],
): Route | null {
  let best: (Route & { readonly weight: number; readonly tries: number }) | null = null;
  for (const { name: targetFailure, count } of classes) {
    for (const slot of routes[targetFailure] ?? otherRoute) {
      const proposer = whoseTurn(state, memory, slot, proposers);
      if (proposer === null || workingContent(state, slot) === null) continue;
      const { tried, kept, promoted } = pastOf(state, targetFailure, slot);
      const [weight, tries] = [count * (1 + kept + 2 * promoted), 1 + tried];
      // Compared as fractions of whole numbers: the same on every machine.
      if (best === null || weight * best.tries > best.weight * tries)
        best = { slot, targetFailure, proposer, weight, tries };
    }
  }
  if (best === null) return null;
  const { slot, targetFailure, proposer } = best;
  return { slot, targetFailure, proposer };
}

function pastOf(
  { proposals }: Governance,
  targetFailure: string,
  slot: SlotKind,
): { readonly tried: number; readonly kept: number; readonly promoted: number } {
  const past = Object.values(proposals).filter(
    (known) => known.slot === slot && known.targetFailure === targetFailure,
  );
  const promoted = past.filter(isPromoted).length;
  const kept = past.filter((known) => known.decision?.keep === true && !isPromoted(known)).length;
  return { tried: past.length, kept, promoted };
}

function isPromoted({ decision }: Proposal): boolean {
  return decision?.verdict === 'promote';
}

/** The proposer for the slot that was asked least often for it, of those that have something left. */
function whoseTurn(
  { proposals }: Governance,
  { requests, exhausted }: LineMemory,
  slot: SlotKind,
  proposers: readonly Asked[],
): Route['proposer'] | null {
  const asked = (name: string): number =>
    Object.keys(proposals).filter((id) => requests[id]?.slot === slot && requests[id]?.proposer.name === name)
      .length;
  const able = proposers.filter(
    ({ name, slots }) =>
      slots.includes(slot) && !exhausted.some((out) => out.slot === slot && out.proposer === name),
  );
  let next: Asked | null = null;
  for (const proposer of able) if (next === null || asked(proposer.name) < asked(next.name)) next = proposer;
  return next === null ? null : { name: next.name, version: next.version };
}
