import type { Decision } from './governance.ts';

/**
 * The verdict as anybody may be told it. An examination that broke off after held-out items were read is a discard: that it broke
 * off there, and on which items, would be more than the symbol that was paid for.
 */
export function toldVerdict({ verdict, symbol }: Pick<Decision, 'verdict' | 'symbol'>): Decision['verdict'] {
  return symbol === 'discard' ? 'discard' : verdict;
}
