import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { toNumber } from '../../gates/policy/math/rational.ts';
import { mcnemarPValue } from '../../gates/policy/mcnemar.ts';
import { mcnemarDetectable, mcnemarItems } from '../../gates/policy/mcnemar-planning.ts';

const markdown = readFileSync(
  resolve(import.meta.dirname, '../../docs/explanation/a-real-improvement.md'),
  'utf8',
);
const page = markdown.replaceAll(/\s+/g, ' ');
const ruleRow =
  /^\| \S+ \| (pawl|mean higher|p < 0\.05 each time) \| (.+) \| \S+ \| \S+ \| (\d+) of (\d+) \|$/gm;

test('each row counts its own promotions, and those that the other draws do not confirm', () => {
  const rows = [...markdown.matchAll(ruleRow)];
  expect(rows.length).toBeGreaterThanOrEqual(9);
  for (const [row, , promoted = '', unconfirmed, count] of rows) {
    const checks = [...promoted.matchAll(/then (\d+):(\d+)/g)].map(
      ([, wins, losses]) => Number(wins) - Number(losses),
    );
    expect([checks.filter((lead) => lead <= 0).length, checks.length], row).toEqual([
      Number(unconfirmed),
      Number(count),
    ]);
  }
});

test('every promotion was decided as its rule says', () => {
  for (const [row, rule, promoted = ''] of markdown.matchAll(ruleRow)) {
    for (const [, wins, losses] of promoted.matchAll(/\((\d+):(\d+), then/g)) {
      const outcome = { wins: Number(wins), losses: Number(losses) };
      const p = toNumber(mcnemarPValue(outcome));
      if (rule === 'mean higher') expect(outcome.wins, row).toBeGreaterThan(outcome.losses);
      else expect(p, row).toBeLessThanOrEqual(rule === 'pawl' ? 1 / 60 : 0.05);
    }
  }
});

test('the p-values and the plan of the text are what the code of the gate comes to', () => {
  const p = (wins: number, losses: number) => mcnemarPValue({ wins, losses });
  expect(page).toContain(`9 wins, 0 losses: p = 1/${p(9, 0).denominator}`);
  expect(page).toContain(`12 wins, 1 loss: p = ${p(12, 1).numerator}/${p(12, 1).denominator}`);
  expect(page).toContain(`wins 15 and loses 1 against the baseline, p = ${toNumber(p(15, 1)).toFixed(4)}`);
  expect(page).toContain(`better on 6, worse on 0, p = ${toNumber(p(6, 0)).toFixed(3)}`);
  const level = { numerator: 1n, denominator: 60n };
  const items = mcnemarItems({ delta: 0.05, discordance: 0.15 }, level, 0.8);
  expect(page).toContain(`1/60 ${items} +${mcnemarDetectable(100, 0.15, level, 0.8)?.toFixed(3)}`);
});
