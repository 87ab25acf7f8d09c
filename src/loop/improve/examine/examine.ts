import { PawlError } from '../../../kernel/pawl-error.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { GateServices } from './gate-services.ts';

/** What became of a proposal as far as it has come. */
export type Standing = 'promoted' | 'kept' | 'discarded' | 'inconclusive' | 'awaits-approval';

/**
 * Leads a proposal through the gate to its end: opening, checks, decision, promotion or discard. Whatever was recorded before is
 * not done again.
 *
 * @throws PawlError `PROPOSAL_NOT_FOUND`, `INTERRUPTED` after a pause, `HELD_OUT_EXHAUSTED`, `GATE_CHECK_INVALID`,
 * `WRONG_EXPECTED_REVISION` when another process judges at the same time
 */
export async function examine(
  _line: ImprovementLine,
  _services: GateServices,
  _proposal: string,
  _signals: RunSignals,
): Promise<Standing> {
  throw new PawlError('INTERNAL', 'not yet');
}
