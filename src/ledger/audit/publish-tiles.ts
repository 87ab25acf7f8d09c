import type { Ledger } from '../ledger.ts';
import { newestCheckpoint, readClaimedCheckpoints, readVerifierKeys } from './signed-checkpoints.ts';
import type { TilesProgress, TilesUpdate, TilesWriter } from './tiles-writer.ts';

/**
 * Publishes the newest checkpoint of a ledger, and partial tiles for those before it that were never published.
 *
 * @throws PawlError `SIGNING_KEY_NOT_FOUND` and `LEDGER_POSITION` when there is no checkpoint, and those of `TilesWriter.update`
 */
export async function publishTiles(
  ledger: Ledger,
  writer: TilesWriter,
  onProgress?: TilesProgress,
): Promise<TilesUpdate> {
  const signed = await newestCheckpoint(
    ledger,
    () => true,
    'The ledger has no signed checkpoint yet, and tiles are published under one.',
  );
  const verifierKeys = await readVerifierKeys(ledger);
  const sizes = (await Array.fromAsync(readClaimedCheckpoints(ledger))).map(({ size }) => size);
  return writer.update({ signed, verifierKeys, sizes }, onProgress);
}
