import { evolveGovernance } from '../../../gates/governance/evolve-governance.ts';
import { initialGovernance, type Proposal } from '../../../gates/governance/governance.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import { suiteStream } from '../../loop/stream-names.ts';
import type { ProposalHeader } from './bundle-format.ts';
import { proposalRuns } from './proposal-runs.ts';
import { RunParts } from './run-parts.ts';
import { counted, type EventsByStream, type ScopeParts } from './scope-parts.ts';

/**
 * A line of improvement from its first record to the end of one proposal, its suite, and every run that the proposal rests on.
 */
export class ProposalParts implements ScopeParts {
  readonly #header: ProposalHeader;
  readonly #line: readonly AnyRecordedEvent[];
  readonly #events: EventsByStream;
  readonly #runs: readonly RunParts[];
  readonly #proposal: Proposal | undefined;

  constructor(header: ProposalHeader, events: EventsByStream) {
    this.#header = header;
    this.#events = events;
    this.#line = events.get(header.improvement) ?? [];
    const named: readonly StreamName[] = proposalRuns(this.#line, header.proposal);
    this.#runs = named.map((run) => new RunParts({ run, episode: null }, events));
    this.#proposal = proposalIn(this.#line, header.proposal);
  }

  missing(): string | null {
    const { improvement, proposal } = this.#header;
    const [first] = this.#line;
    if (first?.type !== 'ImprovementOpened') return `${improvement} does not begin with ImprovementOpened.`;
    if (!this.#events.has(suiteStream(first.data.suite))) return `The suite of ${improvement} is not here.`;
    const isProposed = this.#line.some(
      (event) => event.type === 'ChangeProposed' && event.data.proposal === proposal,
    );
    if (!isProposed) return `Nothing in ${improvement} proposes ${proposal}.`;
    for (const run of this.#runs) {
      const missing = run.missing();
      if (missing !== null) return missing;
    }
    return null;
  }

  open(): string | null {
    for (const run of this.#runs) {
      const open = run.open();
      if (open !== null) return open;
    }
    return this.#proposal === undefined ? null : unsettled(this.#proposal);
  }

  summary(texts: string): string {
    const episodes = this.#runs.reduce((sum, run) => sum + run.episodes().length, 0);
    const rest = `${counted(this.#runs.length, 'run')} and ${counted(episodes, 'episode')}`;
    return `The line is here from its first record to the end of the proposal, and with it the ${rest} that the proposal rests on, with ${texts}.`;
  }
}

/** As the fold has it at the end; a history that no fold takes is for another claim to speak of. */
function proposalIn(line: readonly AnyRecordedEvent[], id: string): Proposal | undefined {
  const state = initialGovernance();
  try {
    for (const event of line) evolveGovernance(state, event);
  } catch {
    return undefined;
  }
  return state.proposals[id];
}

/** Why a proposal is not at its end, as far as these records go; null where it is. */
function unsettled({ slot, decision, promoted, discarded }: Proposal): string | null {
  if (discarded) return null;
  if (decision === null) return 'No gate has decided about the proposal in here.';
  const wanted = [
    ...(decision.keep && slot !== 'gate' ? (['working'] as const) : []),
    ...(decision.verdict === 'promote' ? (['certified'] as const) : []),
  ];
  // With one track there is nothing to be kept on.
  const isDone = wanted.length > 0 && wanted.every((track) => promoted.includes(track));
  return isDone || promoted.includes('certified')
    ? null
    : 'What followed from the decision, a promotion or a discard, is not in here.';
}
