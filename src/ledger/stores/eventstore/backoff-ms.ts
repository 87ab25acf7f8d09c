import type { Random } from '../../../kernel/random.ts';

/** The pause in front of another attempt: twice as long each time, up to a limit, and spread by chance over its upper half. */
export function backoffMs(
  failures: number,
  { minMs, maxMs }: { readonly minMs: number; readonly maxMs: number },
  random: Random,
): number {
  return Math.min(maxMs, minMs * 2 ** Math.min(failures, 20)) * (0.5 + random.float() / 2);
}
