import type { RunSlot } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { championOf } from './champion-of.ts';

/** A slot that is to hold again what it held before. */
export interface Rollback {
  readonly slot: RunSlot;
  readonly to: Digest;
  readonly reason: string;
  /** As `person:ada`. */
  readonly by: string;
}

/**
 * Puts a slot back, on both tracks; nothing else changes, and nothing is forgotten.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`, `SLOT_EMPTY`; `GOVERNANCE_REFUSED` for what the slot never held
 */
export async function rollBack(
  line: ImprovementLine,
  { slot, to, reason, by }: Rollback,
): Promise<{ readonly from: Digest }> {
  const from = championOf(line, slot, 'certified');
  await line.append([{ type: 'ChampionRolledBack', data: { slot, from, to, reason, by } }]);
  return { from };
}
