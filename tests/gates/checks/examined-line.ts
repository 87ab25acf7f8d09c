import type { CheckInput } from '../../../gates/checks/check-input.ts';
import type { ItemOutcome } from '../../../gates/checks/item-outcome.ts';
import type { ChainStep } from '../../../gates/definition/chain.ts';
import type { GateDefinition } from '../../../gates/definition/gate-definition.ts';
import { disclosedShare } from '../../../gates/governance/epoch-account.ts';
import { rationalText } from '../../../gates/policy/math/rational.ts';
import { named } from '../../support/gate-definition.ts';
import { ImprovementHistory } from '../../support/improvement-history.ts';

/** What one proposal would show: on dev, and on held-out items where it comes to that. */
export interface Shown {
  readonly dev: ItemOutcome[];
  readonly heldout: ItemOutcome[];
}

/** A line whose checks are decided from outcomes, with the evidence of each: proposals `p0`, `p1` … in turn. */
export function examinedLine(definition: GateDefinition, shown: readonly Shown[]): ImprovementHistory {
  const line = new ImprovementHistory().begin(definition);
  for (const [index, outcomes] of shown.entries()) {
    const id = `p${index}`;
    line.propose(id).openGate(id);
    while (line.state.judging !== null) {
      const step = line.step(id);
      if (step.kind === 'heldout') line.readHeldOut(id, { to: outcomes.heldout.length });
      line.checkWith(id, inputOf(line, id, step, outcomes));
      if (line.hasEnded(id)) line.decide(id);
    }
    line.promote(id);
  }
  return line;
}

function inputOf(
  line: ImprovementHistory,
  id: string,
  { kind }: ChainStep,
  { dev, heldout }: Shown,
): CheckInput {
  const { challenger, parent, examination } = line.proposal(id);
  const { epoch } = line.state;
  const level = epoch === null ? '0' : rationalText(epoch.account.level);
  const [configuration, certified] = [examination?.configuration, examination?.certified];
  switch (kind) {
    case 'static': {
      const hashes = { challenger: challenger ?? named(''), parent: parent ?? named('') };
      return { kind, ...hashes, problems: [], examinedBefore: null };
    }
    case 'own':
      return { kind, returned: { verdict: 'pass', sentence: 'Fine.', numbers: {} } };
    case 'dev':
      return { kind, outcomes: dev };
    case 'cost':
    case 'latency':
      return { kind, outcomes: dev, seed: `${id} ${kind}` };
    case 'trigger': {
      const compared = { configuration: configuration ?? named(''), certified: certified ?? named('') };
      return {
        kind,
        ...compared,
        outcomes: dev,
        level,
        heldOutUnits: line.definition.evaluation.heldout.count,
      };
    }
    case 'heldout':
      return { kind, outcomes: heldout, level, variancePrior: null };
    case 'slices': {
      const share = epoch === null ? '0' : rationalText(disclosedShare(epoch));
      return { kind, outcomes: heldout, disclosedShare: share };
    }
  }
}
