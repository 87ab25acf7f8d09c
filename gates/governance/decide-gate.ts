import { hasTwoTracks } from '../definition/chain.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import type { Decision, Examination } from './governance.ts';

export type DerivedDecision = Pick<Decision, 'verdict' | 'keep' | 'symbol' | 'decidedBy'>;

/**
 * What the finished checks come to, or null while the chain goes on. A pure function of the checks' verdicts, so that whoever
 * reads the ledger comes to the same decision:
 *
 * - every check passed (or was skipped): promote;
 * - the trigger blocked: inconclusive, and the challenger is kept as the working champion, no held-out item was read;
 * - the held-out test or a slice blocked: discard; with two tracks the working champion stays, because it was chosen before, and
 *   without a look at held-out items;
 * - anything else blocked: discard, and not kept;
 * - a check could not be completed: inconclusive. Once held-out items were read this costs as much as a discard, so that nobody
 *   gains a second try by making evaluations fail.
 */
export function decideGate(examination: Examination, definition: GateDefinition): DerivedDecision | null {
  const { checks, chain, heldOutRead } = examination;
  const symbol = heldOutRead ? 'discard' : null;
  const last = checks.at(-1);
  if (last === undefined) return null;
  const step = chain.find(({ name }) => name === last.check);
  const kept =
    hasTwoTracks(definition) && checks.some(({ check, verdict }) => check === 'dev' && verdict === 'pass');
  const decidedBy = last.check;
  if (last.verdict === 'inconclusive') {
    return { verdict: 'inconclusive', keep: kept && step?.sealed === true, symbol, decidedBy };
  }
  if (last.verdict === 'block') {
    if (step?.kind === 'trigger') return { verdict: 'inconclusive', keep: kept, symbol: null, decidedBy };
    return { verdict: 'discard', keep: kept && step?.sealed === true, symbol, decidedBy };
  }
  if (checks.length < chain.length) return null;
  return { verdict: 'promote', keep: true, symbol: heldOutRead ? 'promote' : null, decidedBy };
}
