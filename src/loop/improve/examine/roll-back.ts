import { governanceRules } from '../../../../gates/governance/rules.ts';
import type { RunSlot } from '../../../events/slots.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
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
  if (from === to) {
    throw new PawlError(
      'GOVERNANCE_REFUSED',
      `${governanceRules['rollback-known']} Here: the slot ${slot} holds exactly that on its certified track.`,
      { context: { rule: 'rollback-known', slot } },
    );
  }
  await line.append([{ type: 'ChampionRolledBack', data: { slot, from, to, reason, by } }]);
  return { from };
}
