import type { CheckVerdict } from '../../src/events/examination.ts';
import type { JsonObject } from '../../src/kernel/json.ts';

/** What a check came to. */
export interface CheckResult {
  readonly verdict: CheckVerdict;
  /** The statistical method, null where none was used. */
  readonly method: string | null;
  /** The level it was tested at, as a fraction; null where it has none. */
  readonly level: string | null;
  /** What was compared with the level: an exact p-value as a fraction, or `capital 12.5` for bets; null where neither is. */
  readonly statistic: string | null;
  /** Items that the verdict rests on. */
  readonly itemsUsed: number;
  /** What a person wants to read. */
  readonly numbers: JsonObject;
  /** One plain sentence with the numbers that matter. */
  readonly sentence: string;
}
