import { expect, it } from 'vitest';
import {
  addis,
  alphaInvesting,
  alphaSpending,
  averageE,
  bootstrapIntervals,
  clusteredError,
  codedLevel,
  conditionalPower,
  deadlineBet,
  eBenjaminiHochberg,
  eLond,
  empiricalBernsteinSequence,
  fixedBetPath,
  gridMixturePath,
  hedgedCapital,
  ladderFixed,
  ladderFree,
  lordPlusPlus,
  mcnemarPower,
  mcnemarPValue,
  mcnemarSampleSize,
  mcnemarTwoSided,
  mixtureSprt,
  nonInferiorityDifferences,
  onlineFallback,
  openCodedLedger,
  parseRational,
  passAtK,
  saffron,
  signFlipExact,
  signFlipMonteCarlo,
  signMixture,
  tangoNonInferiority,
  thresholdout,
} from '../../../src/index.ts';

const effect = { delta: 0.05, discordance: 0.15 };
const bet = { level: 0.05, items: 1, cap: 0.9, variancePrior: 0.15, priorItems: 50 };
const level = parseRational('1/20');
const quiet = { gamma0: 0, gammas: [], etas: [0], xis: [0] };

/** Each of these gave a number, or NaN, that means nothing. */
const refused: Readonly<Record<string, () => unknown>> = {
  'wins below zero': () => mcnemarPValue({ wins: -1, losses: 3 }),
  'half a win': () => mcnemarTwoSided({ wins: 0.5, losses: 0.5 }),
  'wins that are no number': () => signMixture({ wins: Number.NaN, losses: 3 }),
  'a difference that is no number': () => signFlipExact([1, Number.NaN]),
  'more exceeding resamples than there are': () => signFlipMonteCarlo(11, 10),
  'a level of one': () => bootstrapIntervals([1, 2], [[0, 1]], 1),
  'a resample of an item that is not there': () => bootstrapIntervals([1, 2], [[0, 2]], 0.9),
  'no resample': () => bootstrapIntervals([1, 2], [], 0.9),
  'scores without clusters': () => clusteredError([1, 2], ['a']),
  'more passes than samples': () => passAtK(5, 6, 1),
  'k above the samples': () => passAtK(5, 0, 6),
  'more losses than items': () => tangoNonInferiority({ wins: 0, losses: 11 }, 10, 0.1),
  'a margin below zero': () => tangoNonInferiority({ wins: 1, losses: 1 }, 10, -0.1),
  'a difference above one': () => nonInferiorityDifferences([1.1], 0.1),
  'a step of zero': () => ladderFixed([0.5], 0),
  'losses of another length': () => ladderFree([[0, 1], [1]]),
  'a query without noise': () =>
    thresholdout(
      [
        [0, 0],
        [0, 0],
      ],
      0.1,
      1,
      quiet,
    ),
  'a bet of everything': () => fixedBetPath([0.5], 1),
  'no bets': () => gridMixturePath([0.5], []),
  'a variance of zero': () => mixtureSprt(1, 10, 0, 1),
  'more items than planned': () => deadlineBet([0, 0], bet),
  'a level of zero': () => deadlineBet([0], { ...bet, level: 0 }),
  'a value above one': () => empiricalBernsteinSequence([2], 0.05),
  'a mean above one': () => hedgedCapital([0.5], 1.5, 0.05),
  'no e-value': () => averageE([]),
  'an e-value below zero': () => eBenjaminiHochberg([-1], 0.05),
  'alpha above one': () => alphaSpending(5),
  'a p-value above one': () => onlineFallback(0.05).observe(1.5),
  'a p-value that is no number': () => lordPlusPlus(0.05).observe(Number.NaN),
  'more wealth than alpha': () => saffron(0.05, 0.1),
  'tau below lambda': () => addis(0.05, 0.025, 0.5, 0.25),
  'an e-value that is no number': () => eLond(0.05).observe(Number.NaN),
  'a payout below zero': () => alphaInvesting(0.05, -1),
  'a budget above one': () => openCodedLedger(parseRational('3/2')),
  'a share above one': () => codedLevel(openCodedLedger(level), parseRational('2')),
  'a difference above the discordance': () => mcnemarPower(10, { delta: 0.3, discordance: 0.2 }, level),
  'a difference of zero to be found': () => mcnemarSampleSize({ ...effect, delta: 0 }, 0.05, 0.8),
  'more seen than there is': () =>
    conditionalPower({ wins: 1, losses: 1, seen: 11, items: 10 }, effect, 0.05),
};

it.each(Object.entries(refused))('%s is refused', (_, call) => {
  expect(call).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
