import { messageOf } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ProblemList } from '../ledger/verify/problem.ts';
import { type VerifiedLines, verifyLines } from '../loop/improve/verify-lines.ts';
import { counted } from './branch-text.ts';
import type { Output } from './output.ts';

/** Decides every decision of every line of improvement again; null where the ledger is too damaged to read them. */
export async function verifyDecisions(ledger: Ledger, problems: ProblemList): Promise<VerifiedLines | null> {
  try {
    const verified = await verifyLines(ledger);
    for (const { position, code, message } of verified.problems) problems.at(position, code, message);
    return verified;
  } catch (error) {
    problems.at(null, 'UNREADABLE', `The decisions cannot be decided again: ${messageOf(error)}`);
    return null;
  }
}

/** One line beside the two claims; nothing for a ledger in which nothing was ever proposed. */
export function tellDecisions(verified: VerifiedLines | null, output: Output): void {
  if (verified === null || verified.lines === 0) return;
  const { lines, proposals, decisions, promotions, undecided, problems } = verified;
  output.record({
    type: 'decisions',
    lines,
    proposals,
    decisions,
    promotions,
    undecided,
    problems: problems.length,
  });
  const what = `${counted(decisions, 'decision')} on ${counted(proposals, 'proposal')}`;
  if (problems.length === 0 && undecided > 0) {
    output.text(
      `Decisions: unknown. ${what} break no rule, but the evidence of ${undecided} ${undecided === 1 ? 'check is' : 'checks are'} gone: nobody can decide them again.`,
    );
    return;
  }
  output.text(
    problems.length === 0
      ? `Decisions: yes. ${what} are what their gate and their evidence come to, and no held-out item was read outside of a gate.`
      : `Decisions: no. ${what} were looked at; ${problems.length} ${problems.length === 1 ? 'thing breaks' : 'things break'} a rule.`,
  );
}
