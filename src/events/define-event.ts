import type { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';

/**
 * Brings data of one version to the next, without looking at anything else. It runs after reading and is never written back:
 * what was hashed stays as it was.
 */
export type Upcast = (data: JsonObject) => JsonObject;

/** One event type: its literal name in past tense, its current version, and the shape of its `data`. */
export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly version: number;
  readonly schema: Schema;
  /** From version 1 to 2, from 2 to 3, and so on: always one fewer than `version`. */
  readonly upcasts: readonly Upcast[];
}

export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type,
  version: number,
  schema: Schema,
  upcasts: readonly Upcast[] = [],
): EventDefinition<Type, Schema> {
  return { type, version, schema, upcasts };
}

/** The event as strategies and folds see it: its type and its validated data. */
export type EventOf<Definition> =
  Definition extends EventDefinition<infer Type, infer Schema>
    ? { readonly type: Type; readonly data: z.infer<Schema> }
    : never;
