import type { GateDefinition } from '../definition/gate-definition.ts';

/**
 * Whether an epoch goes on under another gate. What is left of its alpha was computed for those items and those shares; it
 * cannot be carried over to others.
 */
export function keepsEpoch(before: GateDefinition, after: GateDefinition): boolean {
  return (
    before.evaluation.heldout.items === after.evaluation.heldout.items &&
    before.policy === after.policy &&
    before.promoteShare === after.promoteShare &&
    before.tests === after.tests &&
    before.alpha === after.alpha
  );
}
