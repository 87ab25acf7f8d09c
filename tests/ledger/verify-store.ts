import type { EventStore } from '../../src/ledger/event-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';

/**
 * The number of records and the codes of all problems, without that of erasures that no event explains: a store erases what it is
 * told to, and the event is its caller's.
 */
export async function verifyStore(store: EventStore): Promise<[number, string[]]> {
  const { records, problems } = await verifyLedger(store, { deep: true, problemsMax: 1000 });
  const codes = problems.map(({ code }) => code as string);
  return [records, codes.filter((code) => code !== 'ERASURE_UNEXPLAINED')];
}
