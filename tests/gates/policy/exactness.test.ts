import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codedLevel,
  discloseBit,
  discloseSymbol,
  horizonShare,
  isSpent,
  openCodedLedger,
} from '../../../gates/policy/coded-ledger.ts';
import { binomialUpperTail } from '../../../gates/policy/math/beta.ts';
import { choose, lowerTailCount, upperTailCount } from '../../../gates/policy/math/binomial-tail.ts';
import {
  add,
  compare,
  multiply,
  parseRational,
  rational,
  rationalText,
  subtract,
  toNumber,
} from '../../../gates/policy/math/rational.ts';
import { mcnemarCriticalWins, mcnemarPValue, mcnemarRejects } from '../../../gates/policy/mcnemar.ts';
import { mcnemarPower } from '../../../gates/policy/planning.ts';
import { signMixture } from '../../../gates/policy/sign-mixture.ts';

const level = fc.integer({ min: 1, max: 200 }).map((denominator) => rational(1n, BigInt(denominator)));

describe('fractions', () => {
  it.each([
    ['0.05', '1/20'],
    ['1/20', '1/20'],
    ['2/40', '1/20'],
    ['5e-2', '1/20'],
    ['3', '3'],
    ['-1.50', '-3/2'],
    ['1e3', '1000'],
  ])('%s is %s', (text, exact) => {
    expect(rationalText(parseRational(text))).toBe(exact);
  });

  it.each(['', '1/0', 'a', '1/2/3', '0x10', '1.', ' 1', 'Infinity'])('"%s" is refused', (text) => {
    expect(() => parseRational(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('become the nearest double, also where both parts are huge', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1n << 900n }), fc.integer({ min: 1, max: 2 ** 31 }), (n, d) => {
        const denominator = n * BigInt(d) + 1n;
        const exact = toNumber(rational(n, denominator));
        expect(Math.abs(exact * d - 1)).toBeLessThan(1e-9 + 1 / Number(n > 1n << 53n ? 1n << 53n : n));
      }),
    );
    expect(toNumber(rational(1n, 3n))).toBe(1 / 3);
    expect(toNumber(rational(2n ** 1200n, 2n ** 1201n))).toBe(0.5);
    expect(toNumber(rational(1n, 2n ** 1070n))).toBe(2 ** -1070);
  });

  it('add and multiply exactly', () => {
    expect(rationalText(add(parseRational('1/6'), parseRational('1/10')))).toBe('4/15');
    expect(rationalText(subtract(parseRational('1/6'), parseRational('1/6')))).toBe('0');
    expect(rationalText(multiply(parseRational('2/3'), parseRational('9/4')))).toBe('3/2');
    expect(compare(parseRational('0.1'), parseRational('1/10'))).toBe(0);
  });
});

describe('binomial tails', () => {
  it('are the sums of the coefficients, and make 2^n together', () => {
    for (let n = 0; n <= 40; n += 1) {
      for (let k = 0; k <= n + 1; k += 1) {
        let sum = 0n;
        for (let term = k; term <= n; term += 1) sum += choose(n, term);
        expect(upperTailCount(k, n)).toBe(sum);
        if (k > 0) expect(lowerTailCount(k - 1, n) + sum).toBe(1n << BigInt(n));
      }
    }
  });

  it('agree with the incomplete beta function at one half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const k = Math.round(share * n);
          const exact = toNumber(rational(upperTailCount(k, n), 1n << BigInt(n)));
          expect(Math.abs(binomialUpperTail(k, n, 0.5) - exact)).toBeLessThanOrEqual(1e-9 * exact + 1e-300);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the McNemar decision', () => {
  it('is the comparison of the exact p-value with the level', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), level, (wins, losses, alpha) => {
        const rejects = mcnemarRejects({ wins, losses }, alpha);
        expect(rejects).toBe(compare(mcnemarPValue({ wins, losses }), alpha) <= 0);
        const critical = mcnemarCriticalWins(wins + losses, alpha);
        expect(rejects).toBe(critical !== null && wins >= critical);
      }),
    );
  });

  it('is made at the level itself: 5 of 5 at 1/32 and not a hair below', () => {
    expect(mcnemarRejects({ wins: 5, losses: 0 }, parseRational('1/32'))).toBe(true);
    expect(mcnemarRejects({ wins: 5, losses: 0 }, parseRational('0.03124999999999999999'))).toBe(false);
  });

  it('never rejects more often than its level when wins and losses are equally likely', () => {
    for (const text of ['1/20', '1/60', '1/180']) {
      const alpha = parseRational(text);
      for (let discordant = 0; discordant <= 60; discordant += 1) {
        const critical = mcnemarCriticalWins(discordant, alpha);
        const size = critical === null ? 0n : upperTailCount(critical, discordant);
        expect(compare(rational(size, 1n << BigInt(discordant)), alpha)).toBeLessThanOrEqual(0);
      }
    }
  });

  it('has the power that the planner says, by enumeration', () => {
    // Three items, discordance 1/2, effect 1/4: wins have 3/8, losses 1/8, ties 1/2; only 3 of 3 wins reject at 1/8.
    expect(mcnemarPower(3, { delta: 0.25, discordance: 0.5 }, parseRational('1/8'))).toBeCloseTo(
      (3 / 8) ** 3,
      12,
    );
  });
});

describe('the sign mixture', () => {
  it('is a fair game: its mean over a next fair item is what it was', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), (wins, losses) => {
        const mean = multiply(
          add(signMixture({ wins: wins + 1, losses }), signMixture({ wins, losses: losses + 1 })),
          parseRational('1/2'),
        );
        expect(compare(mean, signMixture({ wins, losses }))).toBe(0);
      }),
    );
  });
});

describe('the coded ledger', () => {
  it('never spends more than alpha along any path, whatever the shares', () => {
    const alpha = parseRational('1/20');
    const step = fc.record({ part: fc.integer({ min: 1, max: 9 }), promoted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        // The sum over all leaves of what could be spent: at each node f·B here, and (1 - f)·B or f·B below.
        let ledger = openCodedLedger(alpha);
        for (const { part, promoted } of steps) {
          const f = rational(BigInt(part), 10n);
          const here = codedLevel(ledger, f);
          const onDiscard = discloseBit(ledger, f, false).budget;
          expect(compare(add(here, onDiscard), ledger.budget)).toBe(0);
          ledger = discloseBit(ledger, f, promoted);
        }
        expect(compare(ledger.budget, multiply(alpha, ledger.disclosedShare))).toBe(0);
      }),
    );
  });

  it('is Bonferroni on the path of discards of a horizon, and then spent', () => {
    let ledger = openCodedLedger(parseRational('1/20'));
    for (let test = 1; test <= 7; test += 1) {
      const f = horizonShare(ledger, 7);
      expect(rationalText(codedLevel(ledger, f))).toBe('1/140');
      ledger = discloseBit(ledger, f, false);
    }
    expect(isSpent(ledger)).toBe(true);
  });

  it('pays for every further symbol', () => {
    const ledger = discloseSymbol(openCodedLedger(parseRational('1/20')), parseRational('1/4'));
    expect(rationalText(ledger.budget)).toBe('1/80');
  });
});

it('decides 10,000 discordant items exactly, and soon', () => {
  const started = performance.now();
  expect(mcnemarRejects({ wins: 5117, losses: 4883 }, parseRational('1/60'))).toBe(true);
  expect(mcnemarRejects({ wins: 5090, losses: 4910 }, parseRational('1/60'))).toBe(false);
  // Some 10 ms each on the machine this was written on; the bound only catches a change of the order.
  expect(performance.now() - started).toBeLessThan(2000);
});
