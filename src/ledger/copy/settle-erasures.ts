import type { CopyWork } from './copy-work.ts';

/**
 * What the source's records say is erased is erased in the target, once these records are there: never before, so that no bytes
 * go missing without a word.
 *
 * @param size records that the target has
 * @throws PawlError those of `EventStore.eraseBlob`
 */
export async function settleErasures({ target, erasures, counts }: CopyWork, size: number): Promise<void> {
  for (const [digest, { position, bytes }] of erasures) {
    if (position >= size) continue;
    const { kind } = await target.blobStanding(digest);
    if (kind === 'erased') continue;
    await target.markErased(digest, bytes);
    counts.erased += 1;
  }
}
