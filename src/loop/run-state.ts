import type { PawlEvent } from '../events/catalogue.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { EventId, StreamName } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';

export type RunData<Type extends PawlEvent['type']> = Extract<PawlEvent, { type: Type }>['data'];

/** What the runner must know of a run to go on with it; a fold of the run's own stream. */
export interface RunState {
  readonly run: StreamName;
  readonly revision: number;
  readonly lastId: EventId | null;
  readonly started: RunData<'RunStarted'>;
  readonly granted: RunData<'BudgetGranted'>;
  readonly episodes: readonly RunData<'EpisodeScheduled'>[];
  readonly finished: RunData<'RunFinished'> | null;
  /** When each session began, and how long it took where it said so at its end; null where it was killed. */
  readonly sessions: readonly { readonly at: number; readonly wallMs: number | null }[];
}

/** @throws PawlError `RUN_NOT_FOUND` */
export async function readRunState(ledger: Ledger, run: StreamName): Promise<RunState> {
  let started: RunData<'RunStarted'> | undefined;
  let granted: RunData<'BudgetGranted'> | undefined;
  let finished: RunData<'RunFinished'> | null = null;
  let last: AnyRecordedEvent | undefined;
  const episodes: RunData<'EpisodeScheduled'>[] = [];
  const sessions: { at: number; wallMs: number | null }[] = [];
  for await (const event of ledger.readStream(run)) {
    last = event;
    if (event.type === 'RunStarted') {
      started = event.data;
      sessions.push({ at: event.at, wallMs: null });
    } else if (event.type === 'BudgetGranted') granted = event.data;
    else if (event.type === 'EpisodeScheduled') episodes.push(event.data);
    else if (event.type === 'RunResumed') sessions.push({ at: event.at, wallMs: null });
    else if (event.type === 'RunPaused' || event.type === 'RunFinished') {
      sessions.push({ ...endOf(sessions), wallMs: event.data.volatile.wallMs });
      if (event.type === 'RunFinished') finished = event.data;
    }
  }
  if (started === undefined || granted === undefined || last === undefined) {
    throw new PawlError('RUN_NOT_FOUND', `The ledger has no run "${run}". \`pawl runs\` lists them.`, {
      context: { run },
    });
  }
  return { run, revision: last.revision, lastId: last.id, started, granted, episodes, finished, sessions };
}

function endOf(sessions: { at: number; wallMs: number | null }[]): { at: number; wallMs: number | null } {
  return sessions.pop() ?? { at: 0, wallMs: null };
}
