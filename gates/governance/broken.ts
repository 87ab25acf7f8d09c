import type { GovernanceRule } from './rules.ts';

/** A rule that an event breaks, and how. */
export interface RuleBroken {
  readonly rule: GovernanceRule;
  readonly message: string;
}

export function broken(rule: GovernanceRule, message: string): RuleBroken {
  return { rule, message };
}
