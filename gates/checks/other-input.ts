import { digestOf } from '../../src/kernel/digest.ts';
import type { ChainStep } from '../definition/chain.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { disclosedShare } from '../governance/epoch-account.ts';
import { compare, rationalText, zero } from '../policy/math/rational.ts';
import type { CheckInput } from './check-input.ts';
import { isHeldOutSettled, variancePriorOf } from './held-out-plan.ts';
import type { ItemOutcome } from './item-outcome.ts';
import type { OtherEpoch, Recorded } from './recorded.ts';

type Found = CheckInput | { readonly missing: string };

/** What another gate's check would have been given, from what was recorded; or what was never recorded. */
export function otherInput(
  step: ChainStep,
  recorded: Recorded,
  other: GateDefinition,
  epoch: OtherEpoch,
): Found {
  switch (step.kind) {
    case 'static':
      return recorded.inputs.get(step.name) ?? missing('the static check');
    case 'own':
      return ownInput(step, recorded, other);
    case 'dev': {
      const outcomes = devOutcomes(recorded);
      return outcomes === null ? missing('dev items') : { kind: 'dev', outcomes };
    }
    case 'cost':
    case 'latency': {
      const outcomes = devOutcomes(recorded);
      const same = recorded.inputs.get(step.kind);
      const seed = same !== undefined && 'seed' in same ? same.seed : `what-if ${recorded.id}`;
      return outcomes === null ? missing('dev items') : { kind: step.kind, outcomes, seed };
    }
    case 'trigger':
      return triggerInput(recorded, other, epoch);
    case 'heldout':
      return heldOutInput(recorded, other, epoch);
    case 'slices':
      return slicesInput(recorded, other, epoch);
  }
}

function missing(what: string): { readonly missing: string } {
  return { missing: `Nothing was recorded of ${what}.` };
}

function outcomesIn({ inputs }: Recorded, name: string): ItemOutcome[] | null {
  const input = inputs.get(name);
  return input !== undefined && 'outcomes' in input ? input.outcomes : null;
}

/** Challenger against working champion; any of three checks may have kept them. */
function devOutcomes(recorded: Recorded): ItemOutcome[] | null {
  return (
    outcomesIn(recorded, 'dev') ?? outcomesIn(recorded, 'cost') ?? outcomesIn(recorded, 'latency') ?? null
  );
}

function ownInput(step: ChainStep, { definition, inputs }: Recorded, other: GateDefinition): Found {
  const same = (check: GateDefinition['checks'][number] | undefined): string | null =>
    check === undefined ? null : digestOf({ digest: check.digest, config: check.config });
  const named = ({ name }: GateDefinition['checks'][number]): boolean => name === step.name;
  const isSame = same(definition.checks.find(named)) === same(other.checks.find(named));
  const input = isSame ? inputs.get(step.name) : undefined;
  return input ?? missing(`the check ${step.name}`);
}

function triggerInput(recorded: Recorded, other: GateDefinition, epoch: OtherEpoch): Found {
  const { examination, inputs } = recorded;
  const { configuration, certified, working } = examination;
  const before = inputs.get('trigger');
  const known = outcomesIn(recorded, 'trigger') ?? (working === certified ? devOutcomes(recorded) : null);
  const outcomes = configuration === certified ? [] : known;
  if (epoch === null) return missing('held-out items');
  const units = before?.kind === 'trigger' ? before.heldOutUnits : null;
  const heldOutUnits = units ?? (other.cluster === null ? other.evaluation.heldout.count : null);
  if (outcomes === null || heldOutUnits === null) return missing('dev items against the certified champion');
  const level = rationalText(epoch.account.level);
  return { kind: 'trigger', configuration, certified, outcomes, level, heldOutUnits };
}

function heldOutInput(recorded: Recorded, other: GateDefinition, epoch: OtherEpoch): Found {
  if (epoch === null) return missing('held-out items');
  const level = rationalText(epoch.account.level);
  // At level zero nothing is executed.
  if (compare(epoch.account.level, zero) <= 0)
    return { kind: 'heldout', outcomes: [], level, variancePrior: null };
  const before = recorded.inputs.get('heldout');
  if (before?.kind !== 'heldout') return missing('held-out items for it');
  const dev = outcomesIn(recorded, 'trigger') ?? devOutcomes(recorded);
  const variancePrior = before.variancePrior ?? (dev === null ? null : variancePriorOf(other, dev));
  const input: CheckInput = { kind: 'heldout', outcomes: before.outcomes, level, variancePrior };
  const { count } = other.evaluation.heldout;
  return isHeldOutSettled(other, input) || input.outcomes.length === count
    ? input
    : {
        missing: `Only ${input.outcomes.length} of ${count} held-out items were read, and it would have read on.`,
      };
}

/** Outcomes say to which of the recorded gate's guardrails they belong; the other gate may list them in another order. */
function slicesInput(recorded: Recorded, other: GateDefinition, epoch: OtherEpoch): Found {
  const outcomes = outcomesIn(recorded, 'heldout') ?? outcomesIn(recorded, 'slices');
  if (outcomes === null || epoch === null) return missing('held-out items for it');
  const places = other.guardrails.map(({ tag, value }) =>
    recorded.definition.guardrails.findIndex(
      (guardrail) => guardrail.tag === tag && guardrail.value === value,
    ),
  );
  const unknown = places.indexOf(-1);
  const guardrail = other.guardrails[unknown];
  if (guardrail !== undefined)
    return missing(`which items are in the slice ${guardrail.tag}=${guardrail.value}`);
  return {
    kind: 'slices',
    outcomes: outcomes.map((outcome) => ({
      ...outcome,
      slices: places.flatMap((place, index) => (outcome.slices.includes(place) ? [index] : [])),
    })),
    disclosedShare: rationalText(disclosedShare(epoch)),
  };
}
