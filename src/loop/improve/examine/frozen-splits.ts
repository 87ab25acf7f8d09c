import type { Digest } from '../../../kernel/brand.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { type SplitName, type Splits, splitNames } from '../../../tasks/split.ts';
import { suiteStream } from '../../stream-names.ts';

/** The splits of a suite as this ledger froze them; parts that were not are empty. */
export async function frozenSplits(ledger: Ledger, suite: Digest): Promise<Splits> {
  const parts: Record<SplitName, readonly string[]> = { optimize: [], select: [], heldout: [], final: [] };
  let seed = '';
  for await (const event of ledger.readStream(suiteStream(suite))) {
    if (event.type !== 'SplitFrozen') continue;
    const name = splitNames.find((known) => known === event.data.split);
    if (name === undefined) continue;
    seed = event.data.seed;
    parts[name] = JSON.parse(await ledger.getText(event.data.members.digest)) as string[];
  }
  const fractions = { optimize: 0, select: 0, heldout: 0, final: 0 };
  return { suite, plan: { seed, fractions, groupBy: null, stratifyBy: null }, parts };
}
