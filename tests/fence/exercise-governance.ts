import { decideFinal } from '../../gates/checks/decide-final.ts';
import { unitsOf } from '../../gates/checks/differences.ts';
import { finalEvidenceOf } from '../../gates/checks/evidence.ts';
import { heldOutChunks, isHeldOutSettled, variancePriorOf } from '../../gates/checks/held-out-plan.ts';
import { readOwnReturn } from '../../gates/checks/own-check.ts';
import { redecideLine } from '../../gates/checks/redecide-line.ts';
import { statisticText } from '../../gates/checks/statistic-text.ts';
import { whatIf } from '../../gates/checks/what-if.ts';
import { awaitsApproval } from '../../gates/governance/approvals.ts';
import { epochAccount } from '../../gates/governance/epoch-account.ts';
import { toldVerdict } from '../../gates/governance/told-verdict.ts';
import { heldOutUseProjection, sealedRuns } from '../../projections/held-out-use.ts';
import { fold } from '../../projections/projection.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { improvementStream } from '../../src/loop/stream-names.ts';
import { examinedLine } from '../gates/checks/examined-line.ts';
import { outcomes } from '../gates/checks/outcomes.ts';
import { examinationCases } from '../gates/governance/examination-cases.ts';
import { promotionCases } from '../gates/governance/promotion-cases.ts';
import { registrationCases } from '../gates/governance/registration-cases.ts';
import { gateDefinition, named } from '../support/gate-definition.ts';
import { ImprovementHistory } from '../support/improvement-history.ts';

const guardrails = [
  { tag: 'kind', value: 'loop', itemsMin: 2 },
  { tag: 'kind', value: 'text', itemsMin: 2, mode: 'prove' },
] as const;

/** Judges, folds, decides again and asks what if, with everything that a line of improvement can hold. */
export async function exerciseGovernance(): Promise<void> {
  const cases = { ...registrationCases, ...examinationCases, ...promotionCases };
  for (const [, given, broken] of Object.values(cases).flat()) {
    const line = new ImprovementHistory();
    given(line);
    broken(line);
  }
  const check = { name: 'short', file: 'short.ts', digest: named('own') };
  const definitions = [
    gateDefinition({ guardrails: [...guardrails], checks: [check] }),
    gateDefinition({
      metric: 'graded',
      test: 'deadline-bet',
      cluster: 'family',
      trigger: { powerMin: 0, shrink: 1 },
    }),
    gateDefinition({ policy: 'explore' }),
  ];
  const slices = (letters: string) => outcomes(letters).map((outcome) => ({ ...outcome, slices: [0, 1] }));
  for (const definition of definitions) {
    const shown = [
      { dev: outcomes('wwwwwwwwwn', 'dev'), heldout: slices('wwwwwwwwwn') },
      { dev: outcomes('llllllllln', 'dev'), heldout: slices('llllllllln') },
    ];
    const line = examinedLine(definition, shown);
    awaitsApproval(line.state, line.proposal('p0'));
    if (line.state.epoch !== null) epochAccount(definition, line.state.epoch);
    line.openSealed();
    const input = { kind: 'final', outcomes: outcomes('wwwwwbbbbb', 'sealed'), variancePrior: null } as const;
    const evidence = finalEvidenceOf(input, decideFinal(definition, input));
    line.evidence.set(digestOf(evidence), evidence);
    line.finishSealed({ evidence: { digest: digestOf(evidence), bytes: 2 } });
    await redecideLine(line.events, line.lookup);
    for (const other of definitions) await whatIf(line.events, line.lookup, other);
    await whatIf(line.events, line.lookup, { ...definition, alpha: '1/1000' });
    heldOutChunks(definition);
    isHeldOutSettled(definition, { outcomes: outcomes('w'), level: '1/60', variancePrior: null });
    variancePriorOf(definition, outcomes('wln'));
  }
  readOwnReturn({ verdict: 'pass', sentence: 'Fine.', numbers: {} });
  readOwnReturn(7);
  improvementStream('starter');
  const use = fold(heldOutUseProjection, new ImprovementHistory().begin().events);
  sealedRuns(use);
  toldVerdict({ verdict: 'inconclusive', symbol: 'discard' });
  unitsOf(['a', null], true);
  statisticText({ capital: 2 });
}
