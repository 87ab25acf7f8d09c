/**
 * What an edit of the event catalogue may not do, by number. A number is never used twice;
 * `docs/reference/schema-evolution.md` says of each what to do instead, and is compared with this table.
 */
export const evolutionRules = {
  E1: 'type-removed',
  E2: 'version-backwards',
  E3: 'shape-changed',
  E4: 'member-removed',
  E5: 'member-required',
  E6: 'narrowed',
  E7: 'upcast-count',
  E8: 'version-skipped',
  E9: 'upcast-unsatisfying',
  E10: 'upcast-impure',
  E11: 'upcast-changed',
  E12: 'not-locked',
} as const;

export type RuleNumber = keyof typeof evolutionRules;

/** One broken rule: which, of which event (and member), and what is the matter. */
export interface BrokenRule {
  readonly rule: RuleNumber;
  /** `RunStarted`, or `RunStarted.sandbox[].driver`. */
  readonly at: string;
  readonly what: string;
}

export function brokenRuleText({ rule, at, what }: BrokenRule): string {
  return `${rule} ${evolutionRules[rule]}: ${at}: ${what}`;
}
