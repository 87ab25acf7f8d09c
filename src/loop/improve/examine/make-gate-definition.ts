import {
  type GateDefinition,
  type GateDefinitionInput,
  parseGateDefinition,
} from '../../../../gates/definition/gate-definition.ts';
import { digestOf } from '../../../kernel/digest.ts';
import { seededRandom } from '../../../kernel/random.ts';
import type { SplitName } from '../../../tasks/split.ts';
import type { Suite } from '../../../tasks/suite.ts';
import type { SlotContent } from '../slot-content.ts';

/** A named part of a suite. */
export interface LinePart {
  readonly split: SplitName;
  /** Task ids in the order of the suite. */
  readonly items: readonly string[];
}

/** What a line searches on, screens on, tests on, and keeps for the end. `optimize` and `dev` may be the same part. */
export interface LineSplits {
  readonly optimize: LinePart;
  readonly dev: LinePart;
  readonly heldout: LinePart;
  readonly sealed: LinePart | null;
}

/** A gate's settings, and what the rest of its definition follows from; what is left out has its default. */
export interface GateOptions extends Omit<GateDefinitionInput, 'evaluation' | 'format'> {
  readonly suite: Suite;
  readonly splits: LineSplits;
  readonly scorer: SlotContent<'scorer'>;
  /** Everything random in evaluations is drawn from it, on both sides the same; also the order of held-out items. */
  readonly seed: string;
  readonly budget: GateDefinition['evaluation']['budget'];
}

/**
 * The whole definition of a gate: digests and counts of its items filled in.
 *
 * @throws PawlError `GATE_INVALID` naming the field that is not usable
 */
export function makeGateDefinition({
  suite,
  splits,
  scorer,
  seed,
  budget,
  ...settings
}: GateOptions): GateDefinition {
  const part = ({ split, items }: LinePart) => ({ split, items: digestOf(items), count: items.length });
  return parseGateDefinition({
    ...settings,
    evaluation: {
      suite: suite.digest,
      ...{ scorer, seed, budget },
      optimize: part(splits.optimize),
      dev: part(splits.dev),
      heldout: part({ ...splits.heldout, items: readingOrder(splits.heldout, seed) }),
      sealed: splits.sealed === null ? null : part(splits.sealed),
    },
  });
}

/** The order in which held-out items are read: random, so that a part of them stands for all, and fixed before any is read. */
export function readingOrder(
  { items }: { readonly items: readonly string[] },
  seed: string,
): readonly string[] {
  return seededRandom(`${seed}/held-out order`).shuffle(items);
}
