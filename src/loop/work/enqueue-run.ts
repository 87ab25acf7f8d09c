import type { PawlEvent } from '../../events/catalogue.ts';
import type { StreamName } from '../../kernel/brand.ts';
import { isPawlError, PawlError } from '../../kernel/pawl-error.ts';
import { newBlob } from '../../ledger/ledger.ts';
import type { WorkQueue, WorkTerms } from '../../ledger/work-queue.ts';
import { lookBack } from '../look-back.ts';
import { type RunState, readRunState } from '../run-state.ts';
import { needsOf } from './capabilities.ts';
import type { QueueLog, QueueLogServices } from './queue-log.ts';

/** A file that a generator is made of. */
export interface GeneratorFile {
  /** As the generator's specification names it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface EnqueueServices extends QueueLogServices {
  readonly queue: WorkQueue;
  readonly log: QueueLog;
}

/**
 * Lets workers take the episodes of a run: says so in the queue's stream, with what its generator is made of, and offers those
 * that have not ended. A run that was paused goes on with that. A run that is queued already is only offered again.
 *
 * @throws PawlError `RUN_NOT_FOUND`, `USAGE` for a run that has ended, that is another tool's, or whose wall time is limited
 */
export async function enqueueRun(
  run: StreamName,
  files: readonly GeneratorFile[],
  terms: WorkTerms,
  services: EnqueueServices,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, queue, log } = services;
  const state = await readRunState(ledger, run);
  checkQueueable(state);
  const { begun, endings } = await lookBack(ledger, state);
  await goOn(state, state.episodes.length - endings.size, services);
  const contents = files.map(({ name, bytes }) => ({ name, ...newBlob(bytes) }));
  const queued: PawlEvent = {
    type: 'RunQueued',
    data: {
      run,
      needs: [...needsOf(state.started)],
      ...terms,
      files: contents.map(({ name, ref }) => ({ name, content: ref })),
    },
  };
  const blobs = contents.map(({ blob }) => blob);
  await log.append((known) => (known.has(run) ? [] : [queued]), blobs, signal);
  const open = state.episodes.filter(({ episode }) => !endings.has(episode));
  // What has begun comes first, as in a session.
  const ordered = [
    ...open.filter(({ episode }) => begun.has(episode)),
    ...open.filter(({ episode }) => !begun.has(episode)),
  ];
  await queue.offer(
    run,
    ordered.map(({ episode }) => ({ run, episode })),
    terms,
  );
}

function checkQueueable({ run, started, granted, finished }: RunState): void {
  const refuse = (why: string): PawlError => new PawlError('USAGE', why, { context: { run } });
  if (finished !== null) throw refuse(`${run} has finished; there is nothing to be queued.`);
  if (started.imported !== null)
    throw refuse(`${run} is an import of ${started.imported.name}; only its file has the rest.`);
  if (granted.runWallMs !== null)
    throw refuse(
      `${run} has a limit of wall time, and one clock over several machines means nothing. Go on with it by \`pawl resume\`.`,
    );
}

/** For the record: a session of this run was stopped, and now it is worked on again. */
async function goOn(
  { run, revision, lastId, sessions }: RunState,
  unfinished: number,
  { ledger, writer }: EnqueueServices,
): Promise<void> {
  if (sessions.at(-1)?.wallMs == null) return;
  const draft = ledger.draft({ type: 'RunResumed', data: { unfinished } }, writer, lastId);
  try {
    await ledger.append(run, revision, [draft]);
  } catch (error) {
    // Somebody else goes on with it at the same moment, and has said so.
    if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
  }
}
