import type { z } from 'zod';
import type { SlotKind } from '../../src/events/slots.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import { ownReturnSchema } from './check-input.ts';

/**
 * A module with a check of one's own exports `check`, from `OwnCheckRequest` to `OwnCheckReturn` (or a promise of it). The gate's
 * definition pins its source by digest, so it must not import anything that may change; the same request must always give the
 * same answer.
 *
 * What it is given: the change, and nothing that was executed. It stands before the dev screen in the chain, and may never see
 * anything of held-out items, because it may write down what it sees.
 */
export interface OwnCheckRequest {
  readonly slot: SlotKind;
  /** Canonical JSON of what is proposed for the slot, parsed; and of what it was made from. */
  readonly challenger: Json;
  readonly parent: Json;
  /** `config` of the check in the gate's definition. */
  readonly config: JsonObject;
}

/**
 * What it must return: `pass` or `block`, `skip` where it does not apply, `inconclusive` where it could not find out; one
 * sentence for people, and the numbers behind it.
 */
export type OwnCheckReturn = z.infer<typeof ownReturnSchema>;

/** What a check returned, or null and why it is not usable. */
export function readOwnReturn(
  value: unknown,
): { readonly returned: OwnCheckReturn } | { readonly returned: null; readonly why: string } {
  const parsed = ownReturnSchema.safeParse(value);
  if (parsed.success) return { returned: parsed.data };
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'it is not usable' };
  return { returned: null, why: `${path.length === 0 ? 'the value' : path.join('.')}: ${message}` };
}
