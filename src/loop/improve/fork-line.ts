import { evolveGovernance } from '../../../gates/governance/evolve-governance.ts';
import { initialGovernance } from '../../../gates/governance/governance.ts';
import type { PawlEvent } from '../../events/catalogue.ts';
import type { AnyRecordedEvent, EventDraft } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { Ledger, WriterContext } from '../../ledger/ledger.ts';
import { improvementStream } from '../stream-names.ts';

/** A branch of a line of improvement. */
export interface LineFork {
  readonly parent: StreamName;
  /** The last revision to share; null for the last there is. */
  readonly at: number | null;
  readonly name: string;
}

export interface ForkedLine {
  readonly line: StreamName;
  /** The last revision that was shared. */
  readonly revision: number;
  /** True where the parent's held-out items were in use: the branch may not test on them. */
  readonly retired: boolean;
}

/**
 * Begins a line of improvement with the events of another up to a revision, in one append; the runs that they name stay where
 * they are. Alpha is not shared: two lines that test on the same held-out items would each spend it. So the branch retires the
 * items that its parent has in use, and certifies again when a gate with other held-out items takes effect in it.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`; `FORK_INVALID` for a revision that is not there or lies within an examination, and
 * for a name that is taken
 */
export async function forkLine(
  ledger: Ledger,
  writer: WriterContext,
  { parent, at, name }: LineFork,
): Promise<ForkedLine> {
  const line = improvementStream(name);
  if ((await ledger.lastRevision(line)) >= 0)
    throw invalid(`There is a line of improvement "${name}" already; give the branch another name (--line).`);
  const shared: AnyRecordedEvent[] = [];
  const state = initialGovernance();
  let between = -1;
  for await (const event of ledger.readStream(parent)) {
    if (at !== null && event.revision > at) break;
    shared.push(event);
    evolveGovernance(state, event);
    if (state.judging === null) between = event.revision;
  }
  const revision = shared.length - 1;
  if (revision < 0) {
    const message = `The ledger has no line of improvement "${parent}".`;
    throw new PawlError('IMPROVEMENT_NOT_FOUND', message, { context: { line: parent } });
  }
  if (at !== null && revision < at)
    throw invalid(`${parent} ends at revision ${revision}; it has no revision ${at}.`);
  if (between < revision)
    throw invalid(
      `Revision ${revision} of ${parent} lies within an examination. The last one before it is ${between}.`,
    );
  const drafts: EventDraft[] = shared.map((event) => ledger.draft(copyOf(event, name), writer, event.id));
  const { epoch } = state;
  const retired = epoch !== null && epoch.exhausted === null;
  if (retired) {
    const note = `Branched off ${parent} at revision ${revision}: what these items may still decide is decided there.`;
    const data = { epoch: epoch.number, reason: 'replaced' as const, detectable: null, note };
    drafts.push(ledger.draft({ type: 'HeldOutExhausted', data }, writer, drafts.at(-1)?.id ?? null));
  }
  await ledger.append(line, -1, drafts);
  return { line, revision, retired };
}

function copyOf({ type, data }: AnyRecordedEvent, name: string): PawlEvent {
  return (type === 'ImprovementOpened' ? { type, data: { ...data, name } } : { type, data }) as PawlEvent;
}

function invalid(message: string): PawlError {
  return new PawlError('FORK_INVALID', message);
}
