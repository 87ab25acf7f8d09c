import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { holm } from '../../gates/policy/holm.ts';
import { certifiedAccount } from '../../gates/policy/level-policy.ts';
import {
  parseRational,
  type Rational,
  rational,
  rationalText,
  toNumber,
} from '../../gates/policy/math/rational.ts';
import {
  type Discordance,
  mcnemarPValue,
  mcnemarRejects,
  mcnemarTwoSided,
} from '../../gates/policy/mcnemar.ts';
import { mcnemarDetectable, mcnemarItems } from '../../gates/policy/mcnemar-planning.ts';

const page = readFileSync(
  resolve(import.meta.dirname, '../../docs/explanation/regimes-redecided.md'),
  'utf8',
).replaceAll(/\s+/g, ' ');
const [alpha, share] = [parseRational('1/20'), parseRational('1/3')];
const questions = 100;
/** As published, arXiv 2606.10241. */
const splits: readonly Discordance[] = [
  { wins: 11, losses: 1 },
  { wins: 10, losses: 2 },
  { wins: 8, losses: 2 },
  { wins: 7, losses: 2 },
  { wins: 7, losses: 6 },
];

const twoSidedExact = (outcome: Discordance): Rational => {
  const { numerator, denominator } = mcnemarPValue(outcome);
  return rational(2n * numerator, denominator);
};

function decided(
  order: readonly Discordance[],
): readonly { readonly level: string; readonly promoted: boolean }[] {
  let account = certifiedAccount(alpha, share);
  return order.map((outcome) => {
    const { level } = account;
    const promoted = mcnemarRejects(outcome, level);
    account = account.after(promoted ? 'promote' : 'discard', 1);
    return { level: rationalText(level), promoted };
  });
}

test('every row of the page is what the code of the gate comes to', () => {
  const stays = holm(splits.map(twoSidedExact), alpha);
  const ledger = decided(splits);
  for (const [index, outcome] of splits.entries()) {
    const twoSided = mcnemarTwoSided(outcome);
    const { level, promoted } = ledger[index] ?? { level: '', promoted: false };
    const cells = [
      index + 1,
      `${outcome.wins} / ${outcome.losses}`,
      `+${((outcome.wins - outcome.losses) / questions).toFixed(2)}`,
      toNumber(mcnemarPValue(outcome)).toFixed(3),
      twoSided.toFixed(3),
      twoSided <= 0.05 ? 'yes' : '–',
      stays[index] === true ? '**stays**' : '–',
      `${level}, ${promoted ? '**promote**' : 'discard'}`,
    ];
    expect(page).toContain(`| ${cells.join(' | ')} |`);
  }
  expect(holm(splits.map(mcnemarPValue), alpha)).toEqual([true, false, false, false, false]);
});

test('in each of the 120 orders the first split is promoted and nothing else is', () => {
  const orders = permutations(splits);
  expect(orders).toHaveLength(120);
  for (const order of orders) {
    const promoted = order.filter((_, index) => decided(order)[index]?.promoted);
    expect(promoted).toEqual([splits[0]]);
  }
});

test('what 100 questions find, and what it would take, is on the page as computed', () => {
  const level = parseRational('1/60');
  const middle = splits.slice(1, 4).map(({ wins, losses }) => {
    const [discordance, delta] = [(wins + losses) / questions, (wins - losses) / questions];
    return {
      found: mcnemarDetectable(questions, discordance, level, 0.8),
      items: mcnemarItems({ delta, discordance }, level, 0.8),
    };
  });
  const found = middle.map(({ found }, index) => `+${found?.toFixed(3)} on split ${index + 2}`);
  expect(page).toContain(found.join(', '));
  const [a, b, c] = middle.map(({ items }) => items);
  expect(page).toContain(`it takes ${a}, ${b} and ${c} questions`);
});

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
