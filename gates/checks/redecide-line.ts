import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import { decideGate } from '../governance/decide-gate.ts';
import { evolveGovernance } from '../governance/evolve-governance.ts';
import { type Examination, type Governance, initialGovernance } from '../governance/governance.ts';
import type { CheckInput } from './check-input.ts';
import { type EvidenceFound, evidenceSchema } from './evidence.ts';
import { inputDifferences, type KnownRead } from './input-differences.ts';
import { type Difference, redecideCheck } from './redecide-check.ts';
import { redecideFinal } from './redecide-final.ts';

export interface Disagreement extends Difference {
  /** Null for the sealed test. */
  readonly proposal: string | null;
  /** Null where it is about the decision as a whole. */
  readonly check: string | null;
  readonly revision: number;
}

/** Evidence that is not there, or cannot be read: what rests on it cannot be decided again. */
export interface EvidenceGap {
  readonly proposal: string | null;
  readonly check: string;
  readonly why: 'missing' | 'erased' | 'unreadable';
  readonly revision: number;
}

/** One decision, made again. */
export interface Redecision {
  readonly proposal: string;
  readonly revision: number;
  readonly recorded: 'promote' | 'discard' | 'inconclusive';
  /** `inconclusive` also where evidence is not there, or goes on where the recorded chain ended. */
  readonly recomputed: 'promote' | 'discard' | 'inconclusive';
}

export interface RedecidedLine {
  readonly checks: number;
  readonly decisions: readonly Redecision[];
  readonly disagreements: readonly Disagreement[];
  readonly gaps: readonly EvidenceGap[];
}

/**
 * Makes every decision of a line again: each check from its recorded inputs, the inputs against the history, the verdict from the
 * checks. Events that break a rule changed nothing and are left to whoever lists those.
 *
 * @param lookup what is kept under the digest of evidence, parsed
 */
export async function redecideLine(
  events: Iterable<AnyRecordedEvent> | AsyncIterable<AnyRecordedEvent>,
  lookup: (digest: Digest) => EvidenceFound | Promise<EvidenceFound>,
): Promise<RedecidedLine> {
  const told: Told = { checks: 0, decisions: [], disagreements: [], gaps: [] };
  const state = initialGovernance();
  let open: OpenExamination = { inputs: new Map(), reads: [], verdicts: new Map(), isComplete: true };
  for await (const event of events) {
    const before = state.refused.length;
    if (event.type === 'CheckFinished') {
      const found = await lookup(event.data.evidence.digest);
      // The inputs are compared with the history as it was; whether the event counts at all is known after it is folded.
      const again = againstHistory(state, event, found, open);
      evolveGovernance(state, event);
      if (state.refused.length === before) noteCheck(told, event, again, open);
      continue;
    }
    const final = event.type === 'FinalTestFinished' ? await lookup(event.data.evidence.digest) : 'missing';
    evolveGovernance(state, event);
    if (state.refused.length > before) continue;
    if (event.type === 'GateOpened')
      open = { inputs: new Map(), reads: [], verdicts: new Map(), isComplete: true };
    if (event.type === 'HeldOutUsed' && event.data.reader === 'gate' && event.data.side === 'challenger') {
      open.reads.push(event.data);
    }
    if (event.type === 'GateDecided') noteDecision(told, event, state, open);
    if (event.type === 'FinalTestFinished' && state.gate !== null) {
      const { gap, differences } = redecideFinal(state.gate.definition, event.data, final);
      const at = { proposal: null, check: 'sealed', revision: event.revision };
      if (gap !== null) told.gaps.push({ ...at, why: gap });
      told.disagreements.push(...differences.map((difference) => ({ ...at, ...difference })));
    }
  }
  return told;
}

interface Told {
  checks: number;
  readonly decisions: Redecision[];
  readonly disagreements: Disagreement[];
  readonly gaps: EvidenceGap[];
}

interface OpenExamination {
  readonly inputs: Map<CheckInput['kind'], CheckInput>;
  readonly reads: KnownRead[];
  /** Verdicts as recomputed, by check. */
  readonly verdicts: Map<string, Examination['checks'][number]['verdict']>;
  isComplete: boolean;
}

type CheckFinished = Extract<AnyRecordedEvent, { type: 'CheckFinished' }>;
type GateDecided = Extract<AnyRecordedEvent, { type: 'GateDecided' }>;

interface Again {
  readonly gap: EvidenceGap['why'] | null;
  readonly differences: readonly Difference[];
  readonly verdict: CheckFinished['data']['verdict'] | null;
  readonly input: CheckInput | null;
}

function againstHistory(
  state: Governance,
  { data }: CheckFinished,
  found: EvidenceFound,
  { inputs, reads }: OpenExamination,
): Again {
  const nothing = { differences: [], verdict: null, input: null };
  const proposal = state.proposals[data.proposal];
  const step = proposal?.examination?.chain.find(({ name }) => name === data.check);
  if (typeof found === 'string') return { ...nothing, gap: found };
  const parsed = evidenceSchema.safeParse(found.value);
  if (!parsed.success || proposal === undefined || step === undefined || state.gate === null) {
    return { ...nothing, gap: 'unreadable' };
  }
  const { input } = parsed.data;
  const { result, differences } = redecideCheck(step, state.gate.definition, parsed.data, data);
  if (result === null) return { ...nothing, gap: null, differences };
  const foreign = inputDifferences(state, proposal, input, inputs, reads);
  return { gap: null, differences: [...differences, ...foreign], verdict: result.verdict, input };
}

function noteCheck(told: Told, { data, revision }: CheckFinished, again: Again, open: OpenExamination): void {
  const at = { proposal: data.proposal, check: data.check, revision };
  told.checks += 1;
  told.disagreements.push(...again.differences.map((difference) => ({ ...at, ...difference })));
  if (again.gap !== null) told.gaps.push({ ...at, why: again.gap });
  if (again.input !== null) open.inputs.set(again.input.kind, again.input);
  if (again.verdict === null) open.isComplete = false;
  else open.verdicts.set(data.check, again.verdict);
}

function noteDecision(told: Told, event: GateDecided, state: Governance, open: OpenExamination): void {
  const { proposal, verdict: recorded } = event.data;
  const { revision } = event;
  const examination = state.proposals[proposal]?.examination ?? null;
  const recomputed =
    open.isComplete && examination !== null && state.gate !== null
      ? verdictOf(examination, state.gate.definition, open.verdicts)
      : 'inconclusive';
  told.decisions.push({ proposal, revision, recorded, recomputed });
  if (open.isComplete && recomputed !== recorded) {
    told.disagreements.push({ proposal, check: null, what: 'verdict', recorded, recomputed, revision });
  }
}

/** What the checks come to with their recomputed verdicts, up to the first that ends the chain. */
function verdictOf(
  examination: Examination,
  definition: GateDefinition,
  verdicts: OpenExamination['verdicts'],
): Redecision['recomputed'] {
  const checks = examination.checks.map((check) => ({
    ...check,
    verdict: verdicts.get(check.check) ?? check.verdict,
  }));
  const end = checks.findIndex(({ verdict }) => verdict === 'block' || verdict === 'inconclusive');
  const considered = end === -1 ? checks : checks.slice(0, end + 1);
  return decideGate({ ...examination, checks: considered }, definition)?.verdict ?? 'inconclusive';
}
