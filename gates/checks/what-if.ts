import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { chainOf } from '../definition/chain.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { decideGate } from '../governance/decide-gate.ts';
import { epochAlpha, openedAccount } from '../governance/epoch-account.ts';
import { evolveGovernance } from '../governance/evolve-governance.ts';
import { type Examination, type FinishedCheck, initialGovernance } from '../governance/governance.ts';
import { rationalText } from '../policy/math/rational.ts';
import type { CheckInput } from './check-input.ts';
import { decideCheck } from './decide-check.ts';
import { type EvidenceFound, evidenceSchema } from './evidence.ts';
import { otherInput } from './other-input.ts';
import type { OtherEpoch, Recorded } from './recorded.ts';
import { pValueOf } from './statistic-text.ts';

export interface WhatIfRow {
  readonly proposal: string;
  readonly recorded: 'promote' | 'discard' | 'inconclusive';
  readonly other: 'promote' | 'discard' | 'inconclusive' | 'unknown';
  /** The sentence of the check that settles it, or what was never recorded. */
  readonly why: string;
  /** Of the held-out test, where the other gate comes to one; as a fraction. */
  readonly level: string | null;
  /** False from where the other gate's champions or budget may differ from the recorded ones. */
  readonly isCertain: boolean;
}

/**
 * The history of a line under another gate, without running anything. Examinations are walked in their order with the other
 * gate's chain and alpha account, on the recorded outcomes:
 *
 * - where the other gate asks for outcomes that were never recorded, the verdict is `unknown`;
 * - up to and including the first row that is unknown, or whose effect on a champion is not the recorded one, everything is
 *   certain;
 *   from there on champions or budget might have been others, so the rows say what would come of the *recorded* comparisons,
 *   marked as not certain. An unknown test counts as a discard for the budget.
 *
 * Approvals are taken as they were. A gate that evaluates other items, families or repeats has no recorded outcomes at all.
 */
export async function whatIf(
  events: Iterable<AnyRecordedEvent> | AsyncIterable<AnyRecordedEvent>,
  lookup: (digest: Digest) => EvidenceFound | Promise<EvidenceFound>,
  other: GateDefinition,
): Promise<readonly WhatIfRow[]> {
  const state = initialGovernance();
  const rows: WhatIfRow[] = [];
  let inputs = new Map<string, CheckInput>();
  let epoch: OtherEpoch = null;
  let isCertain = true;
  for await (const event of events) {
    const before = state.refused.length;
    evolveGovernance(state, event);
    if (state.refused.length > before) continue;
    if (event.type === 'HeldOutOpened') {
      const alpha = epochAlpha(other, event.data.epoch);
      epoch = { alpha: rationalText(alpha), account: openedAccount(other, alpha) };
    }
    if (event.type === 'GateOpened') inputs = new Map();
    if (event.type === 'CheckFinished') {
      const found = await lookup(event.data.evidence.digest);
      const parsed = typeof found === 'string' ? null : evidenceSchema.safeParse(found.value);
      if (parsed?.success === true) inputs.set(event.data.check, parsed.data.input);
    }
    if (event.type !== 'GateDecided') continue;
    const proposal = state.proposals[event.data.proposal];
    const examination = proposal?.examination ?? null;
    if (state.gate === null || proposal === undefined || examination === null) continue;
    const recorded: Recorded = { id: proposal.id, examination, definition: state.gate.definition, inputs };
    const row = judge(recorded, chainOf(other, proposal.slot), other, epoch);
    rows.push({
      ...{ proposal: proposal.id, recorded: event.data.verdict, isCertain },
      ...{ other: row.verdict, why: row.why, level: row.level },
    });
    if (row.symbol !== null && epoch !== null)
      epoch = { ...epoch, account: epoch.account.after(row.symbol, row.p) };
    const isSame =
      row.verdict !== 'unknown' &&
      row.keep === event.data.keep &&
      row.symbol === event.data.symbol &&
      (row.verdict === 'promote') === (event.data.verdict === 'promote');
    if (!isSame) isCertain = false;
  }
  return rows;
}

interface Judged {
  readonly verdict: WhatIfRow['other'];
  readonly why: string;
  readonly level: string | null;
  readonly keep: boolean;
  readonly symbol: 'promote' | 'discard' | null;
  readonly p: number;
}

function judge(
  recorded: Recorded,
  chain: Examination['chain'],
  other: GateDefinition,
  epoch: OtherEpoch,
): Judged {
  const checks: FinishedCheck[] = [];
  const unknown = (why: string, level: string | null, isTested: boolean): Judged => ({
    ...{ verdict: 'unknown', why, level, keep: false },
    ...{ symbol: isTested ? 'discard' : null, p: 1 },
  });
  if (!isComparable(recorded.definition, other)) {
    return unknown(
      'It evaluates other items, families or repeats: nothing of that was recorded.',
      null,
      false,
    );
  }
  let level: string | null = null;
  let heldOutRead = false;
  let p = 1;
  for (const step of chain) {
    if (step.kind === 'heldout' && epoch !== null) level = rationalText(epoch.account.level);
    const input = otherInput(step, recorded, other, epoch);
    if ('missing' in input) return unknown(input.missing, level, step.sealed);
    const result = decideCheck(step, other, input);
    const { verdict, statistic } = result;
    checks.push({ check: step.name, verdict, sealed: step.sealed, statistic, revision: 0 });
    if (input.kind === 'heldout') {
      heldOutRead ||= input.outcomes.length > 0;
      p = pValueOf(statistic);
    }
    const decided = decideGate({ ...recorded.examination, chain, checks, heldOutRead }, other);
    if (decided === null) continue;
    return {
      verdict: decided.verdict,
      why: result.sentence,
      level,
      keep: decided.keep,
      symbol: decided.symbol,
      p,
    };
  }
  return unknown('The chain has no end.', level, false);
}

function isComparable(recorded: GateDefinition, other: GateDefinition): boolean {
  const evaluated = ({ evaluation, cluster, metric, repeats }: GateDefinition): string =>
    digestOf({ evaluation, cluster, metric, repeats });
  return evaluated(recorded) === evaluated(other);
}
