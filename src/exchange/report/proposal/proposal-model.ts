import { z } from 'zod';
import { evidenceSchema, finalEvidenceSchema } from '../../../../gates/checks/evidence.ts';
import type { ItemOutcome } from '../../../../gates/checks/item-outcome.ts';
import { type GateDefinition, parseGateDefinition } from '../../../../gates/definition/gate-definition.ts';
import { evolveGovernance } from '../../../../gates/governance/evolve-governance.ts';
import {
  type Governance,
  initialGovernance,
  type Proposal,
} from '../../../../gates/governance/governance.ts';
import { type RunsState, runProjection } from '../../../../projections/run.ts';
import type { AnyRecordedEvent } from '../../../events/record.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import type { ProposalBundle } from '../../bundle/bundle.ts';
import { blobUsesOf, type Redactable } from '../../bundle/redaction.ts';
import { contentOf, of, type Recorded } from '../report-model.ts';

/** What a check decided from, as far as the bundle has it. */
export interface ShownEvidence {
  /** Null for a check without items. */
  readonly outcomes: readonly ItemOutcome[] | null;
  readonly numbers: ShownNumbers;
}

const shownNumbersSchema = z.object({
  challengerMean: z.number().optional(),
  championMean: z.number().optional(),
  wins: z.number().optional(),
  losses: z.number().optional(),
  gain: z.number().optional(),
  gainLower: z.number().nullish(),
  gainUpper: z.number().nullish(),
  confidence: z.number().optional(),
  p: z.number().optional(),
});
export type ShownNumbers = z.infer<typeof shownNumbersSchema>;

export interface ShownCheck {
  readonly event: Recorded<'CheckFinished'>;
  /** Null where it is withheld. */
  readonly evidence: ShownEvidence | null;
}

/** What a report tells of a proposal: one pass over the records of a bundle. */
export interface ProposalModel {
  readonly bundle: ProposalBundle;
  readonly ledger: Ledger;
  readonly opened: Recorded<'ImprovementOpened'>;
  readonly line: readonly AnyRecordedEvent[];
  /** At the last record of the line that is here. */
  readonly state: Governance;
  readonly proposal: Proposal;
  readonly change: Recorded<'ChangeProposed'>;
  readonly examined: Recorded<'GateOpened'> | null;
  /** The gate that examined it; else the one that holds. */
  readonly gate: { readonly digest: Digest; readonly definition: GateDefinition } | null;
  readonly checks: readonly ShownCheck[];
  readonly decided: Recorded<'GateDecided'> | null;
  readonly final: {
    readonly event: Recorded<'FinalTestFinished'>;
    readonly evidence: ShownEvidence | null;
  } | null;
  readonly runs: RunsState;
  readonly erasures: readonly Recorded<'BlobErased'>[];
  readonly findings: readonly Recorded<'FindingRaised'>[];
  readonly replays: readonly Recorded<'ReplayFinished'>[];
  readonly kinds: ReadonlyMap<Digest, ReadonlySet<Redactable>>;
}

/** @throws PawlError `BUNDLE_INVALID` when the records do not tell of the proposal that the header names */
export async function proposalModel(bundle: ProposalBundle, ledger: Ledger): Promise<ProposalModel> {
  const { improvement, proposal: id } = bundle.header;
  const line: AnyRecordedEvent[] = [];
  const about: AnyRecordedEvent[] = [];
  const kinds = new Map<Digest, Set<Redactable>>();
  const state = initialGovernance();
  let runs = runProjection.initialState();
  for await (const event of ledger.readAll()) {
    if (event.stream === improvement) {
      line.push(event);
      evolveGovernance(state, event);
    }
    if (event.stream.startsWith('audit-')) about.push(event);
    runs = runProjection.evolve(runs, event);
    for (const use of blobUsesOf(event)) {
      const known = kinds.get(use.ref.digest) ?? new Set();
      for (const kind of use.kinds) known.add(kind);
      kinds.set(use.ref.digest, known);
    }
  }
  const [opened] = of(line, 'ImprovementOpened');
  const mine = ofProposal(line, id);
  const [change] = of(mine, 'ChangeProposed');
  const proposal = state.proposals[id];
  if (opened === undefined || change === undefined || proposal === undefined) {
    throw new PawlError('BUNDLE_INVALID', `The bundle is of ${id} and has no record that proposes it.`, {
      context: { proposal: id },
    });
  }
  const examined = of(mine, 'GateOpened').at(-1) ?? null;
  const from = examined?.revision ?? 0;
  const checks: ShownCheck[] = [];
  for (const event of of(mine, 'CheckFinished')) {
    if (event.revision < from) continue;
    checks.push({ event, evidence: await evidenceAt(bundle, ledger, event.data.evidence.digest) });
  }
  const finished = of(line, 'FinalTestFinished').at(-1);
  return {
    ...{ bundle, ledger, opened, line, state, proposal, change, examined, checks, runs, kinds },
    gate: gateOf(line, examined, state),
    decided: of(mine, 'GateDecided').at(-1) ?? null,
    final:
      finished === undefined
        ? null
        : { event: finished, evidence: await evidenceAt(bundle, ledger, finished.data.evidence.digest) },
    erasures: of(about, 'BlobErased'),
    findings: of(about, 'FindingRaised'),
    replays: of(about, 'ReplayFinished'),
  };
}

/** Events of a line that name a proposal. */
export function ofProposal(line: readonly AnyRecordedEvent[], id: string): readonly AnyRecordedEvent[] {
  return line.filter(({ data }) => 'proposal' in data && data.proposal === id);
}

function gateOf(
  line: readonly AnyRecordedEvent[],
  examined: Recorded<'GateOpened'> | null,
  { gate }: Governance,
): ProposalModel['gate'] {
  const registered = of(line, 'GateRegistered').find(({ data }) => data.gate === examined?.data.gate);
  if (registered === undefined) return gate;
  return { digest: registered.data.gate, definition: parseGateDefinition(registered.data.definition) };
}

async function evidenceAt(
  bundle: ProposalBundle,
  ledger: Ledger,
  digest: Digest,
): Promise<ShownEvidence | null> {
  const content = await contentOf({ bundle, ledger }, digest);
  if ('withheld' in content) return null;
  const value = parsedJson(content.text);
  const evidence = evidenceSchema.safeParse(value).data ?? finalEvidenceSchema.safeParse(value).data;
  if (evidence === undefined) return null;
  const { input } = evidence;
  return {
    outcomes: 'outcomes' in input ? input.outcomes : null,
    numbers: shownNumbersSchema.safeParse(evidence.numbers).data ?? {},
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
