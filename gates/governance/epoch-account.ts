import type { GateDefinition } from '../definition/gate-definition.ts';
import {
  certifiedAccount,
  everyCandidateAccount,
  exploreAccount,
  freshShardAccount,
  type LevelAccount,
} from '../policy/level-policy.ts';
import {
  multiply,
  one,
  parseRational,
  type Rational,
  rational,
  rationalText,
} from '../policy/math/rational.ts';
import type { Epoch } from './governance.ts';

/** What an epoch starts with: alpha each, or alpha·2^-e so that all epochs together keep it. */
export function epochAlpha(definition: GateDefinition, epoch: number): Rational {
  const alpha = parseRational(definition.alpha);
  return definition.epochs === 'same' ? alpha : multiply(alpha, rational(1n, 2n ** BigInt(epoch)));
}

/** The alpha account of an epoch after all that was disclosed of it. */
export function epochAccount(
  definition: GateDefinition,
  epoch: Pick<Epoch, 'alpha' | 'symbols'>,
): LevelAccount {
  let account = openedAccount(definition, parseRational(epoch.alpha));
  for (const { symbol, p } of epoch.symbols) account = account.after(symbol, p);
  return account;
}

/** The account of an epoch before anything was disclosed. */
export function openedAccount(
  { policy, promoteShare, tests }: GateDefinition,
  alpha: Rational,
): LevelAccount {
  switch (policy) {
    case 'certified':
      return certifiedAccount(alpha, parseRational(promoteShare));
    case 'every-candidate':
      return everyCandidateAccount(alpha, tests);
    case 'fresh-shard':
      return freshShardAccount(alpha, tests);
    case 'explore':
      return exploreAccount(alpha);
  }
}

/** Product of the shares of what was disclosed, 2^-L for L bits; 1 for a policy that does not count them. */
export function disclosedShare({ alpha, account }: Pick<Epoch, 'alpha' | 'account'>): Rational {
  const { numerator, denominator } = parseRational(alpha);
  return account.budget === null ? one : multiply(account.budget, rational(denominator, numerator));
}

/** As it is recorded: null for a policy without a budget. */
export function budgetText(account: LevelAccount): string | null {
  return account.budget === null ? null : rationalText(account.budget);
}
