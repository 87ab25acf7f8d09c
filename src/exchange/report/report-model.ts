import { type BudgetState, budgetProjection } from '../../../projections/budget.ts';
import { type RunSummary, runProjection } from '../../../projections/run.ts';
import type { PawlEvent } from '../../events/catalogue.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Bundle, RunBundle } from '../bundle/bundle.ts';
import { blobUsesOf, type Redactable } from '../bundle/redaction.ts';
import type { WhyWithheld } from './withheld-note.ts';

export type Recorded<Type extends PawlEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>;

/** What a report tells of a run before it comes to the episodes: one pass over the records of a bundle. */
export interface ReportModel {
  readonly bundle: RunBundle;
  readonly ledger: Ledger;
  readonly run: RunSummary;
  readonly started: Recorded<'RunStarted'>;
  readonly granted: Recorded<'BudgetGranted'> | null;
  readonly budget: BudgetState;
  /** Sessions, pauses and the end of the run, in order. */
  readonly course: readonly AnyRecordedEvent[];
  readonly environments: readonly Recorded<'EnvironmentCaptured'>[];
  readonly erasures: readonly Recorded<'BlobErased'>[];
  readonly findings: readonly Recorded<'FindingRaised'>[];
  readonly replays: readonly Recorded<'ReplayFinished'>[];
  /** Streams of which there are records here. */
  readonly present: ReadonlySet<StreamName>;
  readonly kinds: ReadonlyMap<Digest, ReadonlySet<Redactable>>;
}

/** @throws PawlError `BUNDLE_INVALID` when the records do not tell of the run that the header names */
export async function reportModel(bundle: RunBundle, ledger: Ledger): Promise<ReportModel> {
  const { run } = bundle.header;
  let runs = runProjection.initialState();
  let budget = budgetProjection.initialState();
  const ofRun: AnyRecordedEvent[] = [];
  const about: AnyRecordedEvent[] = [];
  const present = new Set<StreamName>();
  const kinds = new Map<Digest, Set<Redactable>>();
  for await (const event of ledger.readAll()) {
    present.add(event.stream);
    if (event.stream === run) ofRun.push(event);
    if (event.stream.startsWith('audit-')) about.push(event);
    runs = runProjection.evolve(runs, event);
    budget = budgetProjection.evolve(budget, event);
    for (const use of blobUsesOf(event)) {
      const known = kinds.get(use.ref.digest) ?? new Set();
      for (const kind of use.kinds) known.add(kind);
      kinds.set(use.ref.digest, known);
    }
  }
  const [started] = of(ofRun, 'RunStarted');
  const summary = runs.runs[run];
  if (started === undefined || summary === undefined) {
    throw new PawlError('BUNDLE_INVALID', `The bundle is of ${run} and has no record that starts it.`, {
      context: { run },
    });
  }
  return {
    ...{ bundle, ledger, run: summary, started, budget, present, kinds },
    granted: of(ofRun, 'BudgetGranted')[0] ?? null,
    course: ofRun.filter(({ type }) => /^Run(Started|Paused|Resumed|Finished)$/.test(type)),
    environments: of(ofRun, 'EnvironmentCaptured'),
    erasures: of(about, 'BlobErased'),
    findings: of(about, 'FindingRaised').filter((finding) => finding.data.run === run),
    replays: of(about, 'ReplayFinished'),
  };
}

export function of<Type extends PawlEvent['type']>(
  events: readonly AnyRecordedEvent[],
  type: Type,
): readonly Recorded<Type>[] {
  return events.filter((event): event is Recorded<Type> => event.type === type);
}

/** The content of a blob as text, or why there is none. */
export async function contentOf(
  { bundle, ledger }: { readonly bundle: Bundle; readonly ledger: Ledger },
  digest: Digest,
): Promise<{ readonly text: string } | { readonly withheld: WhyWithheld }> {
  const standing = bundle.blobs.get(digest)?.standing ?? 'missing';
  if (standing !== 'stored') return { withheld: standing };
  return { text: await ledger.getText(digest) };
}
