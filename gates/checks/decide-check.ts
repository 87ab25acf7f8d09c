import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { ChainStep } from '../definition/chain.ts';
import type { GateDefinition } from '../definition/gate-definition.ts';
import type { CheckInput } from './check-input.ts';
import type { CheckResult } from './check-result.ts';
import { decideDev } from './decide-dev.ts';
import { decideHeldOut } from './decide-held-out.ts';
import { decideOwn } from './decide-own.ts';
import { decideResource } from './decide-resource.ts';
import { decideSlices } from './decide-slices.ts';
import { decideStatic } from './decide-static.ts';
import { decideTrigger } from './decide-trigger.ts';

/**
 * Decides one check of a chain from its inputs, and from nothing else: the gate calls it when it decides, and whoever decides
 * again calls it with the recorded inputs.
 *
 * @throws PawlError `INTERNAL` for the input of another kind of check
 */
export function decideCheck(step: ChainStep, definition: GateDefinition, input: CheckInput): CheckResult {
  if (step.kind !== input.kind) {
    throw new PawlError(
      'INTERNAL',
      `The check ${step.name} (${step.kind}) was given the input of ${input.kind}.`,
    );
  }
  switch (input.kind) {
    case 'static':
      return decideStatic(input);
    case 'own':
      return decideOwn(input);
    case 'dev':
      return decideDev(definition, input);
    case 'cost':
    case 'latency':
      return decideResource(definition, input);
    case 'trigger':
      return decideTrigger(definition, input);
    case 'heldout':
      return decideHeldOut(definition, input);
    case 'slices':
      return decideSlices(definition, input);
  }
}
