import { describe, expect, it } from 'vitest';
import type { Governance } from '../../../gates/governance/governance.ts';
import { governanceRules } from '../../../gates/governance/rules.ts';
import { ImprovementHistory } from '../../support/improvement-history.ts';
import { examinationCases } from './examination-cases.ts';
import { promotionCases } from './promotion-cases.ts';
import { registrationCases } from './registration-cases.ts';

const cases = { ...registrationCases, ...examinationCases, ...promotionCases };

describe('a history of improvement may not contain', () => {
  for (const [rule, ways] of Object.entries(cases)) {
    for (const [what, given, broken] of ways) {
      it(`${rule}: ${what}`, () => {
        const line = new ImprovementHistory();
        given(line);
        expect(line.state.refused, 'what comes before is in order').toEqual([]);
        const before = snapshot(line.state);
        broken(line);
        expect(line.state.refused.map((refusal) => refusal.rule)).toEqual([rule]);
        expect(snapshot(line.state), 'a refused event changes nothing').toEqual(before);
      });
    }
  }

  it('anything else: every rule of the table is broken by some event above', () => {
    expect(Object.keys(cases).toSorted()).toEqual(Object.keys(governanceRules).toSorted());
  });
});

/** All of a state but what it refused. */
function snapshot({ refused: _, ...state }: Governance): string {
  return JSON.stringify(state, (_key, value) => {
    if (typeof value === 'bigint') return `${value}`;
    return value instanceof Map ? [...value] : value;
  });
}
