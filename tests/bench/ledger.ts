import type { BenchRow } from './bench-row.ts';
import { benchLedgerGroup } from './ledger-group.ts';
import { benchLedgerGrowth } from './ledger-growth.ts';
import { benchLedgerSequential } from './ledger-sequential.ts';

export async function benchLedger(): Promise<BenchRow[]> {
  return [...(await benchLedgerSequential()), ...(await benchLedgerGroup()), ...(await benchLedgerGrowth())];
}
