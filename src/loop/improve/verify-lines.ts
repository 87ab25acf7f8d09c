import { evolveGovernance } from '../../../gates/governance/evolve-governance.ts';
import { type Governance, initialGovernance } from '../../../gates/governance/governance.ts';
import { governanceRules } from '../../../gates/governance/rules.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { runsOutsideGates } from './runs-outside-gates.ts';

/** Something in a line of improvement that no rule allows, or that its own evidence does not bear out. */
export interface LineProblem {
  readonly position: number;
  readonly code: 'RULE_BROKEN' | 'DECISION_DIFFERS';
  readonly message: string;
}

export interface VerifiedLines {
  readonly lines: number;
  readonly proposals: number;
  readonly decisions: number;
  readonly promotions: number;
  readonly problems: readonly LineProblem[];
}

/**
 * Checks every line of improvement against its rules, event by event, as if nothing had been checked when it was written: what
 * somebody forced into the ledger is found here.
 */
export async function verifyLines(ledger: Ledger): Promise<VerifiedLines> {
  const told = { lines: 0, proposals: 0, decisions: 0, promotions: 0 };
  const problems: LineProblem[] = [];
  for await (const line of ledger.streams('improvement-')) {
    const read = await readGoverned(ledger, line);
    told.lines += 1;
    for (const { type } of read.events) {
      if (type === 'ChangeProposed') told.proposals += 1;
      if (type === 'GateDecided') told.decisions += 1;
      if (type === 'ChallengerPromoted') told.promotions += 1;
    }
    problems.push(...refusalsOf(line, read), ...(await runsOutsideGates(ledger, line, read.events)));
  }
  return { ...told, problems };
}

interface GovernedRead {
  readonly state: Governance;
  readonly events: readonly AnyRecordedEvent[];
}

async function readGoverned(ledger: Ledger, line: StreamName): Promise<GovernedRead> {
  let state = initialGovernance();
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(line)) {
    events.push(event);
    state = evolveGovernance(state, event);
  }
  return { state, events };
}

function refusalsOf(line: StreamName, { state, events }: GovernedRead): readonly LineProblem[] {
  return state.refused.map(({ rule, message, revision, type }) => ({
    position: events[revision]?.position ?? 0,
    code: 'RULE_BROKEN',
    message: `${type} in ${line}, revision ${revision}, breaks the rule ${rule}: ${governanceRules[rule]} Here: ${message}.`,
  }));
}
