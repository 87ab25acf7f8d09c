import type { PawlEvent } from '../events/catalogue.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import { pawlVersion } from '../kernel/pawl-version.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';

/** What a replay or a rerun came to; the size of the ledger and the version are added here. */
export type FinishedReplay = Omit<Extract<PawlEvent, { type: 'ReplayFinished' }>['data'], 'size' | 'pawl'>;

const attemptsMax = 5;

/**
 * Writes down that a replay was made and what it came to. Another replay that is recorded at the same moment comes before it.
 *
 * @throws PawlError those of `Ledger.append`
 */
export async function recordReplay(
  ledger: Ledger,
  finished: FinishedReplay,
  writer: WriterContext,
): Promise<void> {
  const stream = auditStreams.replays;
  const { size } = await ledger.head();
  const data = { ...finished, size, pawl: pawlVersion };
  const draft = ledger.draft({ type: 'ReplayFinished', data }, writer, null);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ledger.append(stream, await ledger.lastRevision(stream), [draft]);
      return;
    } catch (error) {
      if (attempt >= attemptsMax || !isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
    }
  }
}
