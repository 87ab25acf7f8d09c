import { type GateDefinition, parseGateDefinition } from '../../../../gates/definition/gate-definition.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { digestOf } from '../../../kernel/digest.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { suiteStream } from '../../stream-names.ts';
import { readingOrder } from './make-gate-definition.ts';

/**
 * A gate that holds out all of another split of its suite. Items that were to be sealed and are held out now are sealed no
 * more.
 *
 * @throws PawlError `SPLIT_INVALID` for a split that this ledger did not freeze; `GATE_INVALID` where proposers look at it
 */
export async function withHeldOut(
  ledger: Ledger,
  definition: GateDefinition,
  split: string,
): Promise<{ readonly definition: GateDefinition; readonly lists: readonly (readonly string[])[] }> {
  const { evaluation } = definition;
  const members = await membersOf(ledger, evaluation.suite as Digest, split);
  const seen = [evaluation.optimize, evaluation.dev].some((part) => part.split === split);
  if (seen) {
    throw new PawlError(
      'GATE_INVALID',
      `Proposers see results on "${split}"; it cannot be held out any more.`,
    );
  }
  const items = readingOrder({ items: members }, evaluation.seed);
  const heldout = { split, items: digestOf(items), count: items.length };
  const sealed = evaluation.sealed?.split === split ? null : evaluation.sealed;
  return {
    definition: parseGateDefinition({ ...definition, evaluation: { ...evaluation, heldout, sealed } }),
    lists: [items],
  };
}

async function membersOf(ledger: Ledger, suite: Digest, split: string): Promise<readonly string[]> {
  for await (const event of ledger.readStream(suiteStream(suite))) {
    if (event.type === 'SplitFrozen' && event.data.split === split)
      return JSON.parse(await ledger.getText(event.data.members.digest)) as string[];
  }
  throw new PawlError('SPLIT_INVALID', `This ledger has no split "${split}" of the suite of the line.`, {
    context: { suite, split },
  });
}
