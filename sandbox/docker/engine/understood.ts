import type { z } from 'zod';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from './engine.ts';

/**
 * An engine's answer in the form that it should have.
 *
 * @param what it describes, for the message
 * @throws PawlError `SANDBOX_FAILED` for any other form; the next answer may be whole again
 */
export function understood<T>(engine: Engine, what: string, schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PawlError('SANDBOX_FAILED', `The engine at ${engine.at} describes ${what} in an unknown form.`);
}
