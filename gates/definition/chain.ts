import type { SlotKind } from '../../src/events/slots.ts';
import type { CheckKind } from './check-kinds.ts';
import type { GateDefinition } from './gate-definition.ts';

/** One link of a gate's chain. */
export interface ChainStep {
  readonly name: string;
  readonly kind: CheckKind;
  /** True where held-out items are read. */
  readonly sealed: boolean;
}

const step = (kind: CheckKind, name: string = kind): ChainStep => ({
  name,
  kind,
  sealed: kind === 'heldout' || kind === 'slices',
});

/**
 * The checks of a policy, in order, the cheap ones first; the first that blocks ends the chain. `every-candidate` and
 * `fresh-shard` have no dev screen: each challenger meets the held-out items. A change of the gate itself has nothing to measure,
 * because it changes what measuring means: people decide about it.
 */
export function chainOf(definition: GateDefinition, slot: SlotKind): readonly ChainStep[] {
  const { policy, cost, latency, checks, guardrails } = definition;
  const own = checks.map(({ name }) => step('own', name));
  if (slot === 'gate') return [step('static'), ...own];
  const screens = policy === 'certified' || policy === 'explore';
  return [
    step('static'),
    ...own,
    ...(screens ? [step('dev')] : []),
    ...(cost === null ? [] : [step('cost')]),
    ...(latency === null ? [] : [step('latency')]),
    ...(policy === 'certified' ? [step('trigger')] : []),
    step('heldout'),
    ...(guardrails.length === 0 ? [] : [step('slices')]),
  ];
}

/** Whether working champion and certified champion are two: one track that moves freely, one that only the gate moves. */
export function hasTwoTracks({ policy }: GateDefinition): boolean {
  return policy === 'certified';
}
