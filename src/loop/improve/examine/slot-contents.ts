import type { RunSlot, SlotContents } from '../../../events/slots.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { parseSlotContent, type SlotContent } from '../slot-content.ts';

/** What a run is made of. */
export interface RunContents {
  readonly strategy: SlotContent<'strategy'>;
  readonly generator: SlotContent<'generator'>;
  readonly scorer: SlotContent<'scorer'>;
  readonly prompt: SlotContent<'prompt'> | null;
}

/** @throws PawlError `SLOT_EMPTY`, `PROPOSAL_INVALID`, and what reading blobs throws */
export async function readContents(ledger: Ledger, slots: SlotContents): Promise<RunContents> {
  return {
    strategy: await contentOf(ledger, slots, 'strategy'),
    generator: await contentOf(ledger, slots, 'generator'),
    scorer: await contentOf(ledger, slots, 'scorer'),
    prompt: slots.prompt === undefined ? null : await contentOf(ledger, slots, 'prompt'),
  };
}

async function contentOf<Slot extends RunSlot>(
  ledger: Ledger,
  slots: SlotContents,
  slot: Slot,
): Promise<SlotContent<Slot>> {
  const digest = slots[slot];
  if (digest === undefined) {
    const message = `The slot ${slot} holds nothing, and nothing can be run without it. Open a line with a ${slot} in it.`;
    throw new PawlError('SLOT_EMPTY', message, { context: { slot } });
  }
  return parseSlotContent(slot, JSON.parse(await ledger.getText(digest)));
}
