import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { governanceRules } from '../../gates/governance/rules.ts';
import { type Symbol as Answer, certifiedAccount } from '../../gates/policy/level-policy.ts';
import { parseRational, type Rational, rationalText, toNumber } from '../../gates/policy/math/rational.ts';
import { mcnemarCriticalWins, mcnemarPValue } from '../../gates/policy/mcnemar.ts';
import { mcnemarDetectable, mcnemarItems } from '../../gates/policy/mcnemar-planning.ts';
import { mcnemarPower } from '../../gates/policy/planning.ts';

const explanation = resolve(import.meta.dirname, '../../docs/explanation');
const markdown = readFileSync(resolve(explanation, 'what-a-gate-guarantees.md'), 'utf8');
const page = markdown.replaceAll(/\s+/g, ' ');
const opened = () => certifiedAccount(parseRational('1/20'), parseRational('1/3'));
const answers: readonly Answer[] = ['discard', 'discard', 'promote', 'discard'];
const text = (value: Rational | null): string => (value === null ? '' : rationalText(value));

test('the worked example is what the alpha ledger does, in the table and in the picture', () => {
  const picture = readFileSync(resolve(explanation, 'alpha-ledger.svg'), 'utf8');
  let account = opened();
  expect(picture).toContain(`>${text(account.budget)}<`);
  for (const [index, answer] of answers.entries()) {
    const [before, level] = [text(account.budget), text(account.level)];
    account = account.after(answer, 1);
    const after = text(account.budget);
    expect(page).toContain(`| ${index + 1} | ${before} | ${level} | ${answer} | ${after} |`);
    expect(picture).toContain(`>${after}<`);
  }
  // Bars of one scale: 3,800 units for a budget of 1, a third of it for the level.
  const heights = [...picture.matchAll(/width="96" height="(\d+)"/g)].map(([, height]) => Number(height));
  const budgets = [1 / 20, 1 / 30, 1 / 45, 1 / 135, 2 / 405];
  expect(heights).toEqual(budgets.flatMap((budget) => [3800 * budget, (3800 * budget) / 3].map(Math.round)));
});

test('an answer tells as many bits as the page says', () => {
  const bits = (answer: Answer): string => (opened().after(answer, 1).bits() ?? Number.NaN).toFixed(3);
  expect(page).toContain(`a discard ${bits('discard')}, a promotion ${bits('promote')}`);
});

test('the other numbers of the page are what the code of the gate comes to', () => {
  const [first, third] = [parseRational('1/60'), parseRational('1/135')];
  const wins = mcnemarCriticalWins(40, third) ?? Number.NaN;
  expect(page).toContain(`takes ${wins} wins to ${40 - wins}`);
  const effect = { delta: 0.05, discordance: 0.15 };
  expect(page).toContain(`with probability ${mcnemarPower(100, effect, first).toFixed(2)}`);
  expect(page).toContain(`it takes ${mcnemarItems(effect, first, 0.8)} of them`);
  expect(page).toContain(`questions find is +${mcnemarDetectable(100, 0.15, first, 0.8)?.toFixed(3)}`);
  const coins = toNumber(mcnemarPValue({ wins: 11, losses: 6 }));
  expect(page).toContain(`in ${Math.round(100 * coins)} of 100 tries`);
  expect(page).toContain(`= ${Math.round(100 * (1 - 0.95 ** 50))} %`);
});

test('every rule that the page names is one, and what is said to be enforced names how', () => {
  const rows = markdown.split('\n').filter((line) => /\*\*enforced\*\*: rules? /.test(line));
  expect(rows.length).toBeGreaterThan(6);
  for (const row of rows) {
    const rules = [...(row.split('**enforced**: rule')[1] ?? '').matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(
      ([, rule]) => rule,
    );
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) expect(Object.keys(governanceRules)).toContain(rule);
  }
});
