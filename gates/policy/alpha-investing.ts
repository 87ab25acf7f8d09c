import { mustBePositive, mustBeShare } from './math/domain.ts';
import type { OnlineProcedure } from './online-tests.ts';

/**
 * Alpha-investing (Foster & Stine 2008): wealth falls by a/(1 - a) at an acceptance and rises by `payout` at a rejection. Each
 * test bets so that an acceptance costs W/(1 + t - τ) of the wealth W, with τ the last rejection: a = b/(1 + b) for that cost b.
 * Controls the marginal FDR where p-values are valid given the past.
 */
export function alphaInvesting(wealth: number, payout: number): OnlineProcedure {
  mustBePositive(wealth, 'the wealth');
  mustBePositive(payout, 'the payout');
  let current = wealth;
  let sinceRejection = 1;
  const level = (): number => {
    const cost = current / (1 + sinceRejection);
    return cost / (1 + cost);
  };
  return {
    level,
    observe(p) {
      mustBeShare(p, 'a p-value');
      const spent = level();
      const rejected = p <= spent;
      current += rejected ? payout : -spent / (1 - spent);
      sinceRejection = rejected ? 1 : sinceRejection + 1;
      return rejected;
    },
  };
}
