import type { PawlEvent } from '../events/catalogue.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { type Ledger, newBlob, type WriterContext } from '../ledger/ledger.ts';
import type { SplitName, Splits } from '../tasks/split.ts';
import { suiteStream } from './stream-names.ts';

/**
 * Writes down which tasks a split of a registered suite holds, once. From then on the name means these tasks in this ledger.
 *
 * @throws PawlError `SPLIT_INVALID` when the ledger froze other tasks under that name
 */
export async function freezeSplit(
  ledger: Ledger,
  splits: Splits,
  split: SplitName,
  writer: WriterContext,
): Promise<void> {
  for (;;) {
    try {
      return await freeze(ledger, splits, split, writer);
    } catch (error) {
      // Somebody else wrote to the suite meanwhile; it may have been this very split.
      if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
    }
  }
}

async function freeze(
  ledger: Ledger,
  { suite, plan, parts }: Splits,
  split: SplitName,
  writer: WriterContext,
): Promise<void> {
  const { blob, ref } = newBlob(canonicalJson(parts[split]));
  let last: AnyRecordedEvent | undefined;
  for await (const event of ledger.readStream(suiteStream(suite))) {
    last = event;
    if (event.type !== 'SplitFrozen' || event.data.split !== split) continue;
    if (event.data.members.digest === ref.digest) return;
    throw new PawlError('SPLIT_INVALID', `This ledger froze other tasks as "${split}" of the suite.`, {
      context: { suite, split },
    });
  }
  const data = { suite, split, seed: plan.seed, tasks: parts[split].length, members: ref };
  const event: PawlEvent = { type: 'SplitFrozen', data };
  const draft = ledger.draft(event, writer, last?.id ?? null);
  await ledger.append(suiteStream(suite), last?.revision ?? -1, [draft], [blob]);
}
