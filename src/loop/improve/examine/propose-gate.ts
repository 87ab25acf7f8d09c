import { type GateDefinition, gateDigest } from '../../../../gates/definition/gate-definition.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { newBlob } from '../../../ledger/ledger.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { examine } from './examine.ts';
import { gateChangeProblems } from './gate-change-problems.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf } from './line-gate.ts';
import type { Standing } from './settle-proposal.ts';

/** Another definition for the slot `gate`, and why. */
export interface GateChange {
  readonly definition: GateDefinition;
  /** Lists of item ids that the definition names and the ledger does not have. */
  readonly lists: readonly (readonly string[])[];
  readonly hypothesis: string;
  /** As `person:ada`. */
  readonly author: string;
}

/**
 * Proposes a gate and has it examined. It takes effect when somebody else approves, and everything is compared anew from then
 * on.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`; `PROPOSAL_INVALID` for one that the line could not go on with, or that changes
 * nothing; what `examine` throws
 */
export async function proposeGate(
  line: ImprovementLine,
  services: GateServices,
  { definition, lists, hypothesis, author }: GateChange,
  signals: RunSignals,
): Promise<{ readonly proposal: string; readonly standing: Standing }> {
  const { digest: parent } = gateOf(line);
  const challenger = gateDigest(definition);
  if (challenger === parent) throw invalid('It is the gate that is registered: nothing would change.');
  await services.ledger.putBlobs(lists.map((items) => newBlob(canonicalJson(items)).blob));
  const problems = await gateChangeProblems(line, services, definition);
  if (problems.length > 0) throw invalid(problems.join(' '));
  const { blob, ref } = newBlob(canonicalJson(definition));
  const proposal = services.ids.next();
  const data = {
    ...({ proposal, slot: 'gate', challenger, content: ref, parent, author, hypothesis } as const),
    targetFailure: 'gate',
    predictedGain: 0,
    falsifiedBy: 'People decide about it: a change of what is measured cannot be measured.',
    usage: { inputTokens: 0, outputTokens: 0 },
  };
  await line.append([{ type: 'ChangeProposed', data }], [blob], signals.abort);
  return { proposal, standing: await examine(line, services, proposal, signals) };
}

function invalid(why: string): PawlError {
  return new PawlError('PROPOSAL_INVALID', `This gate cannot be proposed. ${why}`);
}
