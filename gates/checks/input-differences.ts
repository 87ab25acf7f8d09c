import { digestOf } from '../../src/kernel/digest.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { disclosedShare } from '../governance/epoch-account.ts';
import type { Governance, Proposal } from '../governance/governance.ts';
import { rationalText } from '../policy/math/rational.ts';
import type { CheckInput } from './check-input.ts';
import { examinedBefore } from './examined-before.ts';
import { variancePriorOf } from './held-out-plan.ts';
import type { ItemOutcome } from './item-outcome.ts';
import { type Difference, unequal } from './redecide-check.ts';

/** Inputs of the checks of one examination so far, by kind. */
export type KnownInputs = ReadonlyMap<CheckInput['kind'], CheckInput>;

/** A read of held-out items on the challenger's side: where, and the digest of their ids. */
export interface KnownRead {
  readonly from: number;
  readonly to: number;
  readonly items: string;
}

/**
 * Where the inputs of a check are not those that the history gives: right arithmetic from wrong numbers is still wrong.
 *
 * @param state the line as it was when the check was recorded
 */
export function inputDifferences(
  state: Governance,
  proposal: Proposal,
  input: CheckInput,
  known: KnownInputs,
  reads: readonly KnownRead[],
): readonly Difference[] {
  const { gate, epoch } = state;
  if (gate === null) return [];
  const { definition } = gate;
  const level = epoch === null ? null : rationalText(epoch.account.level);
  switch (input.kind) {
    case 'static':
      return [
        ...unequal('challenger', input.challenger, proposal.challenger),
        ...unequal('parent', input.parent, proposal.parent),
        ...unequal('examined before', input.examinedBefore, examinedBefore(state, proposal.id)),
      ];
    case 'own':
      return [];
    case 'dev':
      return wholeSet('dev items', input.outcomes, definition.evaluation.dev);
    case 'cost':
    case 'latency': {
      const dev = outcomesIn(known, 'dev');
      return dev === null ? [] : unequal('outcomes', digestOf(input.outcomes), digestOf(dev));
    }
    case 'trigger': {
      const { count } = definition.evaluation.heldout;
      return [
        ...unequal('configuration', input.configuration, proposal.examination?.configuration),
        ...unequal('certified', input.certified, proposal.examination?.certified),
        ...unequal('level', input.level, level),
        ...(definition.cluster === null ? unequal('held-out units', input.heldOutUnits, count) : []),
        ...wholeSet('dev items', input.outcomes, definition.evaluation.dev),
      ];
    }
    case 'heldout':
      return [
        ...unequal('level', input.level, level),
        ...wholeSet('held-out items', input.outcomes, definition.evaluation.heldout),
        ...readItems(input.outcomes, reads),
        ...prior(definition, input.variancePrior, known),
      ];
    case 'slices': {
      const tested = outcomesIn(known, 'heldout');
      const share = epoch === null ? null : rationalText(disclosedShare(epoch));
      return [
        ...(tested === null ? [] : unequal('outcomes', digestOf(input.outcomes), digestOf(tested))),
        ...unequal('disclosed share', input.disclosedShare, share),
      ];
    }
  }
}

function outcomesIn(known: KnownInputs, kind: CheckInput['kind']): readonly ItemOutcome[] | null {
  const input = known.get(kind);
  return input !== undefined && 'outcomes' in input ? input.outcomes : null;
}

/** All items, in the fixed order; a part of them cannot be checked against the digest of all. */
function wholeSet(
  what: string,
  outcomes: readonly ItemOutcome[],
  { items, count }: { readonly items: string; readonly count: number },
): readonly Difference[] {
  return outcomes.length === count ? unequal(what, digestOf(outcomes.map(({ item }) => item)), items) : [];
}

function readItems(outcomes: readonly ItemOutcome[], reads: readonly KnownRead[]): readonly Difference[] {
  return reads
    .filter(({ to }) => to <= outcomes.length)
    .flatMap(({ from, to, items }) =>
      unequal(`items ${from} to ${to}`, digestOf(outcomes.slice(from, to).map(({ item }) => item)), items),
    );
}

/** A prior that dev gives was fixed before held-out items were read; any other may have been chosen after. */
function prior(
  definition: GateDefinition,
  recorded: number | null,
  known: KnownInputs,
): readonly Difference[] {
  if (recorded === null) return [];
  const given = (['trigger', 'dev'] as const).flatMap((kind) => {
    const outcomes = outcomesIn(known, kind);
    return outcomes === null ? [] : [variancePriorOf(definition, outcomes)];
  });
  return given.includes(recorded) ? [] : unequal('variance prior', recorded, given[0] ?? null);
}
