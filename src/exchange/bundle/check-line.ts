import { redecideLine } from '../../../gates/checks/redecide-line.ts';
import { evolveGovernance } from '../../../gates/governance/evolve-governance.ts';
import { type Governance, initialGovernance } from '../../../gates/governance/governance.ts';
import { governanceRules } from '../../../gates/governance/rules.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { evidenceFromRuns } from '../../loop/improve/evidence-from-runs.ts';
import { evidenceIn } from '../../loop/improve/evidence-in.ts';
import type { StreamReplay } from '../../loop/replay-verdict.ts';
import type { ProposalHeader } from './bundle-format.ts';

/**
 * Decides a proposal again: every event of its line against the rules, its checks from their evidence, the evidence from its
 * runs, the verdict from the checks. Checks of other proposals, whose evidence is not in the bundle, count as they were
 * recorded; what was disclosed of them, and the alpha that is left, follows from events alone.
 */
export async function checkLine(ledger: Ledger, header: ProposalHeader): Promise<StreamReplay> {
  const { improvement: stream, proposal } = header;
  const events = await Array.fromAsync(ledger.readStream(stream));
  const at = { stream, kind: 'improvement' as const, events: events.length };
  const diverged = (revision: number, reason: string): StreamReplay => ({
    ...at,
    verdict: 'diverged',
    divergence: {
      ...{ stream, revision, layer: 'history', reason },
      ...{ asked: null, recorded: null, members: [], texts: [] },
    },
  });
  const state = folded(events);
  const [refused] = state.refused;
  if (refused !== undefined) {
    const { type, rule, message, revision } = refused;
    return diverged(revision, `${type} breaks the rule ${rule}: ${governanceRules[rule]} Here: ${message}`);
  }
  const { disagreements, gaps, checks } = await redecideLine(events, (digest) => evidenceIn(ledger, digest));
  const [wrong] = disagreements;
  if (wrong !== undefined) {
    const of = wrong.check === null ? 'the decision' : `the check "${wrong.check}"`;
    return diverged(wrong.revision, `the ${wrong.what} of ${of} comes out otherwise than it was recorded`);
  }
  const own = events.filter((event) => event.type !== 'CheckFinished' || event.data.proposal === proposal);
  const [untrue] = await evidenceFromRuns(ledger, own);
  if (untrue !== undefined) {
    const { check, side, item, why, position } = untrue;
    const revision = events.find((event) => event.position === position)?.revision ?? 0;
    return diverged(
      revision,
      `the check "${check}" decided from an outcome of the ${side} on "${item}" that did not happen: ${why}`,
    );
  }
  const gap = gaps.find((each) => each.proposal === proposal || each.proposal === null);
  if (gap !== undefined) {
    return {
      ...at,
      verdict: 'inconclusive',
      missing: `evidence of the check "${gap.check}": it is ${gap.why}`,
    };
  }
  const finals = events.filter(({ type }) => type === 'FinalTestFinished').length;
  const decisions = checks - gaps.length + finals + 1;
  return { ...at, verdict: 'pass', decisions, finished: true };
}

function folded(events: readonly AnyRecordedEvent[]): Governance {
  let state = initialGovernance();
  for (const event of events) state = evolveGovernance(state, event);
  return state;
}
