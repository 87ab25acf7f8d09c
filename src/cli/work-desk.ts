import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { EnqueueServices } from '../loop/work/enqueue-run.ts';
import { QueueLog } from '../loop/work/queue-log.ts';
import type { QueueState } from '../loop/work/queue-state.ts';
import { shortId } from './find-run.ts';
import type { OpenedForCli } from './open-for-cli.ts';

/** What commands about the queue work with. */
export function workDesk({ ledger, writer }: Pick<OpenedForCli, 'ledger' | 'writer'>): EnqueueServices {
  const services = { ledger, writer, clock: systemClock };
  return { ...services, queue: ledger.store.workQueue(), log: new QueueLog(services) };
}

/**
 * The queued run that a person means by the end of its id, or by `latest`. Runs are looked for in the queue alone: whoever knows
 * only streams cannot list the others.
 *
 * @throws PawlError `RUN_NOT_QUEUED`, also where several fit
 */
export function findQueuedRun(state: QueueState, text: string): StreamName {
  const id = text.replace(/^run-/, '').toUpperCase();
  const runs = [...state.keys()];
  const fitting = id === 'LATEST' ? runs.slice(-1) : runs.filter((run) => id !== '' && run.endsWith(id));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const known =
    runs.length === 0
      ? 'Nothing is queued'
      : `Queued: ${runs.slice(-10).map(shortId).join(', ')}${runs.length > 10 ? ' …' : ''}`;
  throw new PawlError(
    'RUN_NOT_QUEUED',
    fitting.length > 1
      ? `"${text}" fits ${fitting.length} queued runs; give more of its end.`
      : `No run "${text}" is queued. ${known}. \`pawl queue add RUN\` queues one that has not finished.`,
    { context: { wanted: text, fitting: fitting.length } },
  );
}
