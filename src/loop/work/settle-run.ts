import type { PawlEvent } from '../../events/catalogue.ts';
import type { EventDraft } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import { isPawlError } from '../../kernel/pawl-error.ts';
import { appendSurely } from '../append-surely.ts';
import { lookBack } from '../look-back.ts';
import { type RunState, readRunState } from '../run-state.ts';
import type { EnqueueServices } from './enqueue-run.ts';
import { takeOut } from './take-out.ts';

/** `unfinished` where episodes have not ended: which. */
export type Settled =
  | { readonly kind: 'finished' }
  | { readonly kind: 'unfinished'; readonly episodes: readonly StreamName[] };

/**
 * Ends a queued run of which every episode has ended, and takes it out of the queue. Any number of workers may find that at the
 * same time: the revision of the run lets one of them say it, and the others see that it was said.
 *
 * @throws PawlError what the ledger and the queue throw; the signal's reason
 */
export async function settleRun(
  run: StreamName,
  { ledger, writer, clock, log, queue }: EnqueueServices,
  signal: AbortSignal,
): Promise<Settled> {
  for (;;) {
    const state = await readRunState(ledger, run);
    if (state.finished !== null) break;
    const { endings, lastSessionMs } = await lookBack(ledger, state);
    const open = state.episodes.filter(({ episode }) => !endings.has(episode));
    if (open.length > 0) return { kind: 'unfinished', episodes: open.map(({ episode }) => episode) };
    const totals = [...endings.values()];
    const ending: PawlEvent = {
      type: 'RunFinished',
      data: {
        episodes: totals.length,
        publicPass: totals.filter(({ publicPass }) => publicPass).length,
        hiddenPass: totals.filter(({ hiddenPass }) => hiddenPass).length,
        volatile: { wallMs: lastSessionMs },
      },
    };
    // A session that was stopped while the run was queued left it paused, and a paused run does not end.
    const resumed: PawlEvent = { type: 'RunResumed', data: { unfinished: 0 } };
    const drafts: EventDraft[] = [];
    for (const event of isPaused(state) ? [resumed, ending] : [ending])
      drafts.push(ledger.draft(event, writer, drafts.at(-1)?.id ?? state.lastId));
    try {
      await appendSurely(ledger, run, state.revision, drafts, [], { clock, signal });
      break;
    } catch (error) {
      if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
    }
  }
  await takeOut(run, 'finished', { log, queue }, signal);
  return { kind: 'finished' };
}

function isPaused({ sessions }: RunState): boolean {
  return sessions.at(-1)?.wallMs != null;
}
