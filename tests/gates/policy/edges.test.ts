import { describe, expect, it } from 'vitest';
import { bootstrapIntervals } from '../../../gates/policy/bootstrap.ts';
import { clusteredError } from '../../../gates/policy/clustered-error.ts';
import { deadlineBet } from '../../../gates/policy/deadline-bet.ts';
import { ladderFixed } from '../../../gates/policy/ladder.ts';
import { eLond, lordPlusPlus } from '../../../gates/policy/lord.ts';
import { toNumber } from '../../../gates/policy/math/rational.ts';
import { mcnemarMidP, mcnemarPValue, mcnemarTwoSided } from '../../../gates/policy/mcnemar.ts';
import { tangoNonInferiority } from '../../../gates/policy/non-inferiority.ts';
import { runOnline } from '../../../gates/policy/online-tests.ts';
import { passAtK } from '../../../gates/policy/pass-at-k.ts';
import { mcnemarPower } from '../../../gates/policy/planning.ts';
import { addis, saffron } from '../../../gates/policy/saffron.ts';

/** Equal to ten digits, whatever the size. */
function expectClose(got: number, expected: number): void {
  expect(Math.abs(got - expected), `${got} against ${expected}`).toBeLessThanOrEqual(
    1e-9 * Math.abs(expected),
  );
}

describe('at the edges the methods give what an independent computation gives', () => {
  // Python: fractions.Fraction over math.comb.
  it.each([
    [0, 0, 1.0, 1.0, 0.5],
    [0, 1, 1.0, 1.0, 0.75],
    [1000, 0, 9.332636185032189e-302, 1.8665272370064378e-301, 4.6663180925160944e-302],
    [0, 1000, 1.0, 1.8665272370064378e-301, 1.0],
    [5100, 4900, 0.023292763852473693, 0.04658552770494739, 0.022752831687757016],
    [5000, 5000, 0.5039893230696911, 1.0, 0.5],
  ] as const)('McNemar of %i wins and %i losses', (wins, losses, p, two, mid) => {
    expectClose(toNumber(mcnemarPValue({ wins, losses })), p);
    expectClose(mcnemarTwoSided({ wins, losses }), two);
    expectClose(mcnemarMidP({ wins, losses }), mid);
  });

  // Python: fractions.Fraction over math.comb.
  it.each([
    [10, 0, 1, 0.0],
    [10, 0, 10, 0.0],
    [10, 10, 10, 1.0],
    [10, 3, 7, 0.9916666666666667],
    [10, 3, 8, 1.0],
    [10, 1, 1, 0.1],
    [200, 1, 100, 0.5],
    [200, 7, 10, 0.3055988116177335],
    [1, 1, 1, 1.0],
    [1, 0, 1, 0.0],
  ] as const)('pass@k of %i samples, %i passes, k = %i', (samples, passes, k, expected) => {
    expectClose(passAtK(samples, passes, k), expected);
  });

  it('ties are those of exact arithmetic: these means of tenths', () => {
    // Python: fractions.Fraction for the means, mpmath with 50 digits for the rest.
    const values = [-0.1, -0.9, 1.0, 0.3, 1.0, 0.4, -0.9, -1.0, 0.6, -0.6, -0.4, -0.7];
    const drawn = [
      '6248b7715778 612112a0a8aa 4799457091a3 75197621588a 7875771606ba 674a15581438 4181b8192649 30657abb988b',
      'a78b2597b902 6954051a0273 44198655935a b542a4689639 3356a3b23a90 aa29190b798a 953506821383 09a03011b6a1',
      '23b42947a592 5a1b94163a2a 150902064124 0257676a1250 35b84529ab20 40a78ab89067 1720a6a09477 6449959b1293',
      '97a1108285b6 6b9a2513a737 34089271262b 83a58b1b1785 a012115022a0 52a5844124a4 42720a049192 1289b7188457',
      '669b14a346b2 a845768ba884 3452a2093476 80bb1bb7054b aa7049551709 bb4a74417728 6ba51066a051 32a01177b4b7',
      '229647819029 8b31153a4015 385015599484 9050ab1ab250 5b69a9726805 a6223a544857 46386a02aa59 02b502b42a88',
      '4b74556bb975 63693b06893a 742a64105940 a6a8a01a704b 28b705311556 5b0766b7ba4b 58802850b666 5a7324173582',
      'a90524361866 975822a86662 708002a662b8 44b79a768797 a04710a8a2a2 8670ba7b4bba a3b0b1272736 36427357984b',
      '99b209479b66 b499a3374804 765488595a92 1aa54a837439 5a984a955a1a 902947989544 5783318b5381 5927249b5044',
      '87853736511a 10b8958774b6 297634524862 9003120b421b 0573906bb930 b4579806b898 aa4aa5a672b7 899105564605',
      '2908461aa09a b21332352425 5334b1276777 34978a267a70 910175174115 51285009876a 395244685372 7041770bab03',
      '104194346046 34033a07b204 ab787a382734 524b92624964 35560ba47699 271303726162 9b33276ba2a4 7526865931b0',
      '743075b901b3 04404a64ab02 ba017aa61471',
    ].join(' ');
    const resamples = drawn.split(' ').map((items) => [...items].map((item) => Number.parseInt(item, 12)));
    const { z0, bcaLevels } = bootstrapIntervals(values, resamples, 0.99);
    expectClose(z0, -0.012660076940314065);
    for (const [index, expected] of [0.005975852221566037, 0.9958862332680716].entries())
      expectClose(bcaLevels[index] as number, expected);
  });

  it('equal values have no spread and no skew, and one resample is its own interval', () => {
    const values = Array.from({ length: 7 }, () => 0.1);
    const all = [...values.keys()];
    const equal = bootstrapIntervals(values, [all, all], 0.9);
    expect([equal.acceleration, equal.z0]).toEqual([0, 0]);
    const one = bootstrapIntervals([0, 0, 1], [[0, 1, 2]], 0.9);
    expect([one.percentile, one.bca]).toEqual([
      [1 / 3, 1 / 3],
      [1 / 3, 1 / 3],
    ]);
    const below = bootstrapIntervals([0, 0, 1], [[0, 1, 0]], 0.9);
    expect([below.z0, below.bcaLevels, below.bca]).toEqual([Number.POSITIVE_INFINITY, [1, 1], [0, 0]]);
  });

  it('one cluster, or one score, tells nothing of the spread', () => {
    expect(clusteredError([0, 1], ['a', 'a'])).toMatchObject({
      mean: 0.5,
      cr0: 0,
      cr1: Number.POSITIVE_INFINITY,
    });
    expect(clusteredError([1], ['a'])).toMatchObject({ iid: Number.POSITIVE_INFINITY });
    const { cr1, iid } = clusteredError([1, 0, 1, 1, 0, 1], [...'abcdef']);
    expectClose(cr1, iid);
  });

  it('without a margin and without an item that differs, non-inferiority is a toss', () => {
    expect(tangoNonInferiority({ wins: 0, losses: 0 }, 100, 0)).toEqual({ z: 0, p: 0.5 });
  });

  it('the Ladder decides ties as exact decimals do', () => {
    // Python: fractions.Fraction of the decimals as written, rounded half up.
    expect(ladderFixed([0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], 0.1).map((loss) => loss.toFixed(12))).toEqual(
      [0.7, 0.7, 0.5, 0.5, 0.3, 0.3, 0.1].map((loss) => loss.toFixed(12)),
    );
    expect(ladderFixed([0.35, 0.25, 0.15], 0.1).map((loss) => loss.toFixed(12))).toEqual(
      [0.4, 0.3, 0.2].map((loss) => loss.toFixed(12)),
    );
  });

  // Python: the definitions of the papers, with mpmath at 50 digits; rejections at the first test, and repeated.
  it.each([
    [
      'lord',
      [1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9],
      [
        0.00026758385456300435, 0.002466445719981748, 0.0032491202998347255, 0.0037450293108226996,
        0.004159280395700436, 0.004510282716077517, 0.004813660299383793, 0.005080393696992245,
        0.005318204678408281, 0.005532660009653747,
      ],
    ],
    [
      'saffron',
      [1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9],
      [
        0.0054686270725, 0.010937254145, 0.02187450829, 0.032811762435, 0.04374901658, 0.054686270725,
        0.06562352487, 0.07656077901500001, 0.08749803316, 0.09843528730500001,
      ],
    ],
    [
      'addis',
      [1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9],
      [
        0.00273431353625, 0.0054686270725, 0.010937254145, 0.0164058812175, 0.02187450829, 0.0273431353625,
        0.032811762435, 0.038280389507500005, 0.04374901658, 0.049217643652500004,
      ],
    ],
    [
      'eLond',
      [
        999999999.9999999, 999999999.9999999, 999999999.9999999, 999999999.9999999, 999999999.9999999,
        999999999.9999999, 999999999.9999999, 999999999.9999999, 999999999.9999999, 999999999.9999999,
      ],
      [
        0.0026758385456300436, 0.0011638205782941741, 0.0014868748191691073, 0.0016487212117934668,
        0.0017472174273369962, 0.001813770102499457, 0.0018618054765059038, 0.0018980901725277474,
        0.001926426876328697, 0.001949125952631946,
      ],
    ],
  ] as const)('%s', (name, p, levels) => {
    const procedure = {
      lord: lordPlusPlus(0.05),
      saffron: saffron(0.05),
      addis: addis(0.05),
      eLond: eLond(0.05),
    }[name];
    const outcome = runOnline(procedure as NonNullable<typeof procedure>, p);
    for (const [index, level] of levels.entries()) expectClose(outcome.levels[index] as number, level);
  });

  it('a deadline of one item bets as much as it may', () => {
    expect(
      deadlineBet([-1], { level: 0.05, items: 1, cap: 0.9, variancePrior: 0.15, priorItems: 50 }),
    ).toEqual({
      bets: [0.9],
      path: [1 - 0.9],
      rejects: false,
    });
  });

  // Python: enumeration of m and of the critical wins, with mpmath at 50 digits.
  it.each([
    [1, 0.1, 0.2, 20, 0.0],
    [5, 0.5, 0.5, 20, 0.03125],
    [60, 0.1, 0.2, 60, 0.2323307590536249],
    [50, 0, 0.3, 20, 0.0300821722085019],
    [50, -0.1, 0.3, 20, 0.0007215210196761021],
    [100, 1, 1, 60, 1.0],
    [800, 0.05, 0.15, 180, 0.856845242311851],
    [0, 0.1, 0.2, 20, 0.0],
  ] as const)(
    'the power with %i items, difference %f, discordance %f, level 1/%i',
    (items, delta, discordance, inverse, power) => {
      expectClose(
        mcnemarPower(items, { delta, discordance }, { numerator: 1n, denominator: BigInt(inverse) }),
        power,
      );
    },
  );
});
