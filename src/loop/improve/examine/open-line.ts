import type { GateDefinition, GateDefinitionInput } from '../../../../gates/definition/gate-definition.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { SplitName } from '../../../tasks/split.ts';
import type { Suite } from '../../../tasks/suite.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import type { SlotContent } from '../slot-content.ts';
import type { GateServices } from './gate-services.ts';

/** Task ids of each part; `held` in the order in which they are read. */
export interface LineSplits {
  readonly optimize: { readonly split: SplitName; readonly items: readonly string[] };
  readonly dev: { readonly split: SplitName; readonly items: readonly string[] };
  readonly heldout: { readonly split: SplitName; readonly items: readonly string[] };
  readonly sealed: { readonly split: SplitName; readonly items: readonly string[] } | null;
}

/** What a gate is made from: overrides of the defaults, without what follows from suite and splits. */
export interface GateOptions extends Omit<GateDefinitionInput, 'evaluation' | 'format'> {
  readonly suite: Suite;
  readonly splits: LineSplits;
  readonly scorer: SlotContent<'scorer'>;
  readonly seed: string;
  readonly budget: GateDefinition['evaluation']['budget'];
}

/** @throws PawlError `GATE_INVALID` */
export function makeGateDefinition(_options: GateOptions): GateDefinition {
  throw new PawlError('INTERNAL', 'not yet');
}

export interface NewLine {
  readonly name: string;
  readonly suite: Suite;
  /** As `loadSuite` takes it. */
  readonly suiteSpec: string;
  readonly splits: LineSplits;
  readonly definition: GateDefinition;
  readonly baseline: {
    readonly strategy: SlotContent<'strategy'>;
    readonly generator: SlotContent<'generator'>;
    readonly scorer: SlotContent<'scorer'>;
    readonly prompt: SlotContent<'prompt'> | null;
  };
  readonly author: string;
}

/** Opens a line with its gate, its held-out items and its baseline; goes on with one whose opening was interrupted. */
export async function openLine(_options: NewLine, _services: GateServices): Promise<ImprovementLine> {
  throw new PawlError('INTERNAL', 'not yet');
}
