import type { Digest } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readRunState } from '../run-state.ts';
import { emptyQueue, evolveQueue } from '../work/queue-state.ts';
import { queueStream } from '../work/work-streams.ts';

/**
 * For whoever is about to hold items out. A worker sees single streams and no line of improvement, so it could not tell that what
 * was queued before must not be executed any more.
 *
 * @throws PawlError `HELD_OUT_PROTECTED` when a queued run would execute something on one of the items
 */
export async function refuseQueued(ledger: Ledger, suite: Digest, items: ReadonlySet<string>): Promise<void> {
  let queued = emptyQueue;
  for await (const event of ledger.readStream(queueStream)) queued = evolveQueue(queued, event);
  for (const run of queued.keys()) {
    const { started, episodes } = await readRunState(ledger, run);
    if (started.suite !== suite || !episodes.some(({ task }) => items.has(task))) continue;
    throw new PawlError(
      'HELD_OUT_PROTECTED',
      `${run} is queued, and workers would execute it on items that are to be held out. Let it finish, or take it out of the queue (\`pawl queue remove\`), and try again.`,
      { context: { run } },
    );
  }
}
