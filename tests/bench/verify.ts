import type { BenchRow } from './bench-row.ts';
import { benchSealedAppends } from './verify-appends.ts';
import { benchVerifyCommand } from './verify-command.ts';

export async function benchVerify(): Promise<BenchRow[]> {
  return [...(await benchSealedAppends()), ...(await benchVerifyCommand())];
}
