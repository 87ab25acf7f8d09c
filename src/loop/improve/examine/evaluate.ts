import type { SlotContents } from '../../../events/slots.ts';
import type { Digest, StreamName } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { RunSignals } from '../../execute-run.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { GateServices } from './gate-services.ts';

/** What one configuration made of one item; averaged where items are repeated. */
export interface ItemOutcome {
  readonly item: string;
  /** In [0, 1]; null where grading failed, which is nobody's fault and no result. */
  readonly score: number | null;
  readonly uses: ItemUses;
}

/** What an item took, in the units that a gate may bound. */
export interface ItemUses {
  readonly candidates: number;
  readonly executions: number;
  readonly tokens: number;
  readonly steps: number;
  readonly wallMs: number;
}

/** A configuration on items that proposers may see. */
export interface EvaluationRequest {
  readonly purpose: 'optimize' | 'dev';
  readonly slots: SlotContents;
  /** The proposal it is for; null where it is about a champion. */
  readonly proposal: string | null;
}

export interface Evaluation {
  readonly configuration: Digest;
  /** One run per repeat. */
  readonly runs: readonly StreamName[];
  /** In the order of the split. */
  readonly outcomes: readonly ItemOutcome[];
}

/**
 * Runs a configuration over a split of the registered gate, unless the gate has seen it there before. Interrupted at any point it
 * goes on where it was.
 *
 * @throws PawlError `INTERRUPTED` after a pause; `SLOT_EMPTY`, and what runs throw
 */
export async function evaluate(
  _line: ImprovementLine,
  _services: GateServices,
  _request: EvaluationRequest,
  _signals: RunSignals,
): Promise<Evaluation> {
  throw new PawlError('INTERNAL', 'not yet');
}
