import { type SlotKind, slotKinds } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { gateOf } from './line-gate.ts';

/** `working`: where proposals begin; `certified`: what may be deployed. */
export type Track = 'working' | 'certified';

/**
 * Hash of what a slot holds. Of the gate's slot there is one, registered or not.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`, `SLOT_EMPTY` naming the slots that are not
 */
export function championOf(line: ImprovementLine, slot: SlotKind, track: Track): Digest {
  const { digest } = gateOf(line);
  const held = slot === 'gate' ? digest : line.state[track][slot];
  if (held !== undefined) return held;
  const filled = slotKinds
    .filter((kind) => kind === 'gate' || line.state[track][kind] !== undefined)
    .join(', ');
  throw new PawlError(
    'SLOT_EMPTY',
    `The slot ${slot} of the line "${line.name}" holds nothing. Slots that hold something: ${filled}.`,
    { context: { line: line.name, slot } },
  );
}
