import { redecideLine } from '../../../gates/checks/redecide-line.ts';
import { evolveGovernance } from '../../../gates/governance/evolve-governance.ts';
import { type Governance, initialGovernance } from '../../../gates/governance/governance.ts';
import { governanceRules } from '../../../gates/governance/rules.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { evidenceFromRuns } from './evidence-from-runs.ts';
import { evidenceIn } from './evidence-in.ts';
import type { LineProblem } from './line-problem.ts';
import { type OpenedItems, openedAgain, openedItems } from './opened-items.ts';
import { runsOutsideGates } from './runs-outside-gates.ts';

export interface VerifiedLines {
  readonly lines: number;
  readonly proposals: number;
  readonly decisions: number;
  readonly promotions: number;
  /** Checks whose evidence was erased or is missing: nobody can decide them again. */
  readonly undecided: number;
  readonly problems: readonly LineProblem[];
}

/**
 * Checks every line of improvement against its rules, event by event, as if nothing had been checked when it was written, and
 * makes every decision again, from the evidence, and the evidence from the runs: what somebody forced into the ledger is found.
 */
export async function verifyLines(ledger: Ledger): Promise<VerifiedLines> {
  const told = { lines: 0, proposals: 0, decisions: 0, promotions: 0, undecided: 0 };
  const problems: LineProblem[] = [];
  const opened: OpenedItems[] = [];
  const reads = new Map<StreamName, GovernedRead>();
  const gateRuns = new Set<StreamName>();
  for await (const line of ledger.streams('improvement-')) {
    const read = await readGoverned(ledger, line);
    reads.set(line, read);
    for (const event of read.events) if (event.type === 'HeldOutUsed') gateRuns.add(event.data.run);
  }
  for (const [line, read] of reads) {
    told.lines += 1;
    for (const { type } of read.events) {
      if (type === 'ChangeProposed') told.proposals += 1;
      if (type === 'GateDecided') told.decisions += 1;
      if (type === 'ChallengerPromoted') told.promotions += 1;
    }
    problems.push(
      ...refusalsOf(line, read),
      ...(await runsOutsideGates(ledger, line, read.events, gateRuns)),
    );
    problems.push(...(await openedTwice(ledger, read, opened)));
    const again = await redecided(ledger, line, read);
    problems.push(...again.problems);
    told.undecided += again.undecided;
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

/** The same items under another list, or in another line: the fold, which sees digests of one line, cannot find that. */
async function openedTwice(
  ledger: Ledger,
  { state, events }: GovernedRead,
  before: OpenedItems[],
): Promise<readonly LineProblem[]> {
  const refused = new Set(state.refused.map(({ revision }) => revision));
  const problems: LineProblem[] = [];
  for (const opening of await openedItems(ledger, events)) {
    if (refused.has(opening.revision)) continue;
    const first = openedAgain(before, opening);
    before.push(opening);
    if (first === null) continue;
    const { position, line, revision, what } = opening;
    const where = `${first.line}, revision ${first.revision}`;
    problems.push({
      position,
      code: 'RULE_BROKEN',
      message: `${line}, revision ${revision}, breaks the rule items-once: ${governanceRules['items-once']} Here: some of its ${what} items were opened in ${where}.`,
    });
  }
  return problems;
}

async function redecided(
  ledger: Ledger,
  line: StreamName,
  { state, events }: GovernedRead,
): Promise<{ readonly problems: readonly LineProblem[]; readonly undecided: number }> {
  const refused = new Set(state.refused.map(({ revision }) => revision));
  const allowed = events.filter(({ revision }) => !refused.has(revision));
  const { disagreements, gaps } = await redecideLine(events, (digest) => evidenceIn(ledger, digest));
  const differences = await evidenceFromRuns(ledger, allowed);
  const problems = [
    ...disagreements.map(({ revision, proposal, check, what, recorded, recomputed }): LineProblem => {
      const where = `${line}, revision ${revision}${proposal === null ? '' : `, proposal ${proposal}`}`;
      return {
        position: events[revision]?.position ?? 0,
        code: 'DECISION_DIFFERS',
        message: `${where}: the ${what} of ${check ?? 'the decision'} is recorded as ${text(recorded)} and comes out as ${text(recomputed)}.`,
      };
    }),
    ...differences.map(({ position, check, item, side, why }): LineProblem => {
      const message = `${line}: ${check} decided from an outcome of the ${side} on "${item}" that did not happen: ${why}.`;
      return { position, code: 'DECISION_DIFFERS', message };
    }),
  ];
  return { problems, undecided: gaps.length };
}

function text(value: unknown): string {
  const shown = JSON.stringify(value) ?? 'nothing';
  return shown.length > 100 ? `${shown.slice(0, 100)} …` : shown;
}
