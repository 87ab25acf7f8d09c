import { type KeptItem, untouchedItem } from './kept-item.ts';

/** What the holder of a lease says became of its item. */
export type Settlement =
  | { readonly kind: 'finish' }
  | { readonly kind: 'release' }
  | { readonly kind: 'fail'; readonly reason: string };

/** As much of a reason as an event of the ledger takes. */
const reasonCharactersMax = 4000;

/**
 * The item after its holder has settled it, or null when nothing changes: the grant is not the last one, or the item was settled
 * before. A worker that was taken for lost may still say that it finished, as long as nobody else has begun.
 */
export function settleItem(
  item: KeptItem,
  grant: string,
  how: Settlement,
  attemptsMax: number,
): KeptItem | null {
  if (item.grant !== grant) return null;
  if (how.kind === 'finish' && item.state === 'parked') return { ...item, state: 'finished', reason: null };
  if (item.state !== 'taken') return null;
  if (how.kind === 'finish') return { ...item, state: 'finished', reason: null };
  if (how.kind === 'release')
    return { ...item, state: 'waiting', why: 'released', attempts: item.attempts - 1 };
  const state = item.attempts < attemptsMax ? 'waiting' : 'parked';
  return { ...item, state, why: 'failed', reason: how.reason.slice(0, reasonCharactersMax) };
}

/** The item after a person said that it may be tried again, or null when it is not parked. */
export function unparkItem(item: KeptItem): KeptItem | null {
  return item.state === 'parked' ? untouchedItem : null;
}
