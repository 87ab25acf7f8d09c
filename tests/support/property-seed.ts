import { configureGlobal } from 'fast-check';

/**
 * Every property prints its seed and path when it fails; `PAWL_SEED=<seed> npx vitest run <file>` starts it there again.
 * Without it each run explores anew.
 */
const text = process.env['PAWL_SEED'];

if (text !== undefined) {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`PAWL_SEED is not an integer: ${text}`);
  configureGlobal({ seed });
}
