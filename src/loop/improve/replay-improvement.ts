import { evolveGovernance } from '../../../gates/governance/evolve-governance.ts';
import { type Governance, initialGovernance } from '../../../gates/governance/governance.ts';
import { refuse } from '../../../gates/governance/refuse.ts';
import { governanceRules } from '../../../gates/governance/rules.ts';
import { examinationEvents } from '../../events/examination.ts';
import { heldOutEvents } from '../../events/held-out.ts';
import { improvementEvents } from '../../events/improvement.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import { replayBlobs } from '../replay-blobs.ts';
import type { ReplayReads } from '../replay-reads.ts';
import { checkShape, cutShort, refuted, verdictOf } from '../replay-stops.ts';
import type { ReplayVerdict } from '../replay-verdict.ts';
import { deriveLineEvent } from './derive-line-event.ts';
import { evolveLineMemory, initialLineMemory } from './line-memory.ts';

const lineTypes: ReadonlySet<string> = new Set(
  [...improvementEvents, ...examinationEvents, ...heldOutEvents].map(({ type }) => type),
);

/**
 * A line of improvement: no event breaks a rule, and what follows from history is derived again and held against what was
 * recorded. That is: which proposer was asked for which slot, with which seed and view; what a deterministic proposer answered;
 * how failures were classified; what each check came to; the decisions, promotions and totals. What people, models and other
 * programs answered are facts. Nothing is performed: runs are replayed by themselves.
 */
export async function replayImprovementStream(
  reads: ReplayReads,
  stream: StreamName,
): Promise<ReplayVerdict> {
  const events = await reads.events(stream);
  try {
    if (events.length === 0) throw cutShort(stream, 0, 'the line of improvement was never opened');
    const { state, decisions } = await check(reads, events);
    await replayBlobs(reads.ledger, events);
    return { verdict: 'pass', events: events.length, decisions, finished: state.sitting === null };
  } catch (error) {
    return verdictOf(error, events.length);
  }
}

async function check(
  { ledger }: ReplayReads,
  events: readonly AnyRecordedEvent[],
): Promise<{ readonly state: Governance; readonly decisions: number }> {
  const state = initialGovernance();
  const memory = initialLineMemory();
  let decisions = 0;
  for (const event of events) {
    if (!lineTypes.has(event.type)) throw refuted(event, 'kind', 'a line of improvement holds no such event');
    checkShape(event);
    const broken = refuse(state, event);
    if (broken !== null)
      throw refuted(event, 'history', `${governanceRules[broken.rule]} Here: ${broken.message}`);
    if (await deriveLineEvent(ledger, state, memory, event)) decisions += 1;
    evolveGovernance(state, event);
    evolveLineMemory(memory, event);
  }
  return { state, decisions };
}
