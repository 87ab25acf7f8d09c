import type { StreamName } from '../../kernel/brand.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { isPawlError } from '../../kernel/pawl-error.ts';
import { appendSurely } from '../append-surely.ts';
import type { Environment } from '../current-environment.ts';
import type { QueueLogServices } from './queue-log.ts';

/**
 * Writes down what a worker's part of a run executes on, unless the run says so already: a thousand equal machines are one entry.
 *
 * @throws PawlError what the ledger throws; the signal's reason
 */
export async function recordEnvironment(
  run: StreamName,
  environment: Environment,
  { ledger, writer, clock }: QueueLogServices,
  signal: AbortSignal,
): Promise<void> {
  const wanted = canonicalJson(environment);
  for (;;) {
    let last = null;
    for await (const event of ledger.readStream(run)) {
      // Nothing stands behind the end of a run.
      if (event.type === 'RunFinished') return;
      if (event.type === 'EnvironmentCaptured' && canonicalJson(event.data) === wanted) return;
      last = event;
    }
    const draft = ledger.draft({ type: 'EnvironmentCaptured', data: environment }, writer, last?.id ?? null);
    try {
      await appendSurely(ledger, run, last?.revision ?? -1, [draft], [], { clock, signal });
      return;
    } catch (error) {
      // Somebody else wrote to the run; it may have been this very entry.
      if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
    }
  }
}
