import type { AnyRecordedEvent } from '../../events/record.ts';
import type { BlobRef } from '../../events/shapes.ts';
import type { SlotKind } from '../../events/slots.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ImprovementLine } from './improvement-line.ts';

type Data<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>['data'];

/** Failures of one configuration under one gate. */
export interface KnownFailures {
  readonly gate: Digest;
  readonly configuration: Digest;
  readonly run: StreamName;
  readonly data: Data<'FailuresClassified'>;
}

/**
 * What the loop remembers of a line beside its governance: who was asked what, and what failures it knows. A fold of the same
 * stream, kept in place like the other.
 */
export interface LineMemory {
  sitting: Data<'ImprovementStarted'> | null;
  /** Gate under which a run on `optimize` was requested, by run. */
  readonly optimizeRuns: Record<StreamName, Digest>;
  readonly failures: KnownFailures[];
  readonly requests: Record<string, Data<'ProposalRequested'>>;
  readonly changes: Record<string, Data<'ChangeProposed'>>;
  /** Evidence of the dev screen, by proposal. */
  readonly devEvidence: Record<string, BlobRef>;
  /** Proposers that have nothing left for a slot, until what they start from changes. */
  exhausted: { readonly slot: SlotKind; readonly proposer: string }[];
}

export function initialLineMemory(): LineMemory {
  return {
    ...{ sitting: null, optimizeRuns: {}, failures: [], requests: {}, changes: {} },
    ...{ devEvidence: {}, exhausted: [] },
  };
}

/** @param event one that no rule refused; a refused one changes nothing */
export function evolveLineMemory(memory: LineMemory, event: AnyRecordedEvent): LineMemory {
  switch (event.type) {
    case 'ImprovementStarted':
      memory.sitting = event.data;
      // Another sitting may come with another seed.
      memory.exhausted = [];
      return memory;
    case 'ImprovementFinished':
      memory.sitting = null;
      return memory;
    case 'EvaluationRequested':
      if (event.data.purpose === 'optimize') memory.optimizeRuns[event.data.run] = event.data.gate;
      return memory;
    case 'FailuresClassified': {
      const { configuration, run } = event.data;
      const gate = memory.optimizeRuns[run];
      if (gate !== undefined) memory.failures.push({ gate, configuration, run, data: event.data });
      return memory;
    }
    case 'ProposalRequested':
      memory.requests[event.data.proposal] = event.data;
      return memory;
    case 'ChangeProposed':
      memory.changes[event.data.proposal] = event.data;
      return memory;
    case 'ProposalFailed': {
      const asked = memory.requests[event.data.proposal];
      if (event.data.kind === 'nothing_left' && asked !== undefined)
        memory.exhausted.push({ slot: asked.slot, proposer: asked.proposer.name });
      return memory;
    }
    case 'CheckFinished': {
      const { check, sealed, proposal, evidence } = event.data;
      if (check === 'dev' && !sealed) memory.devEvidence[proposal] = evidence;
      return memory;
    }
    case 'GateRegistered':
    case 'ChampionInstalled':
    case 'ChallengerPromoted':
    case 'ChampionRolledBack':
      memory.exhausted = [];
      return memory;
    default:
      return memory;
  }
}

/** What is known of a configuration under a gate by a taxonomy; the latest. */
export function failuresOf(
  { failures, sitting }: LineMemory,
  gate: Digest,
  configuration: Digest,
): KnownFailures | null {
  const found = failures.findLast(
    (known) =>
      known.gate === gate &&
      known.configuration === configuration &&
      (sitting === null ||
        (known.data.taxonomy.name === sitting.taxonomy.name &&
          known.data.taxonomy.version === sitting.taxonomy.version)),
  );
  return found ?? null;
}

/** The memory of a line as it stands; events that a rule refused are left out. */
export async function readLineMemory(
  ledger: Ledger,
  { stream, state }: Pick<ImprovementLine, 'stream' | 'state'>,
): Promise<LineMemory> {
  const refused = new Set(state.refused.map(({ revision }) => revision));
  const memory = initialLineMemory();
  for await (const event of ledger.readStream(stream)) {
    if (!refused.has(event.revision)) evolveLineMemory(memory, event);
  }
  return memory;
}
