import { alphaSpending, onlineFallback } from '../../../gates/policy/alpha-spending.ts';
import { fixedBetPath, gridMixturePath } from '../../../gates/policy/bets.ts';
import { bootstrapIntervals } from '../../../gates/policy/bootstrap.ts';
import { clusteredError } from '../../../gates/policy/clustered-error.ts';
import {
  type CodedLedger,
  codedLevel,
  discloseBit,
  horizonShare,
  leakBits,
  openCodedLedger,
} from '../../../gates/policy/coded-ledger.ts';
import {
  empiricalBernsteinSequence,
  hedgedCapital,
  hedgedInterval,
} from '../../../gates/policy/confidence-sequence.ts';
import { deadlineBet } from '../../../gates/policy/deadline-bet.ts';
import { averageE, eBenjaminiHochberg, productE } from '../../../gates/policy/e-values.ts';
import { ladderFixed, ladderFree } from '../../../gates/policy/ladder.ts';
import { eLond, lond, lordPlusPlus } from '../../../gates/policy/lord.ts';
import { parseRational, type Rational, toNumber } from '../../../gates/policy/math/rational.ts';
import {
  mcnemarCriticalWins,
  mcnemarMidP,
  mcnemarPValue,
  mcnemarTwoSided,
} from '../../../gates/policy/mcnemar.ts';
import { mixtureSprt } from '../../../gates/policy/mixture-sprt.ts';
import { nonInferiorityDifferences, tangoNonInferiority } from '../../../gates/policy/non-inferiority.ts';
import { type OnlineProcedure, runOnline } from '../../../gates/policy/online-tests.ts';
import { passAtK } from '../../../gates/policy/pass-at-k.ts';
import {
  conditionalPower,
  mcnemarPower,
  mcnemarSampleSize,
  pairedSampleSize,
} from '../../../gates/policy/planning.ts';
import { addis, saffron } from '../../../gates/policy/saffron.ts';
import { signFlipExact, signFlipMonteCarlo } from '../../../gates/policy/sign-flip.ts';
import { signMixture } from '../../../gates/policy/sign-mixture.ts';
import { thresholdout } from '../../../gates/policy/thresholdout.ts';

/** Data of many shapes, of which each method below knows its own: a member fits whatever it is handed to. */
type Data = Readonly<Record<Member, never>>;

type Member =
  | 'alpha'
  | 'bet'
  | 'bets'
  | 'budget'
  | 'c'
  | 'cap'
  | 'clusters'
  | 'd'
  | 'delta'
  | 'discordance'
  | 'discordant'
  | 'e'
  | 'eta'
  | 'etas'
  | 'exceed'
  | 'f'
  | 'gamma0'
  | 'gammas'
  | 'horizon'
  | 'k'
  | 'kA'
  | 'kB'
  | 'lambda_'
  | 'level'
  | 'lossVectors'
  | 'losses'
  | 'margin'
  | 'n'
  | 'nullMeans'
  | 'omega2'
  | 'outcomes'
  | 'p'
  | 'power'
  | 'priorObs'
  | 'queries_train_holdout'
  | 'reportAtCounts'
  | 'resampleIndices'
  | 'resamples'
  | 'scores'
  | 'seen'
  | 'sigma2'
  | 'sum'
  | 'tau'
  | 'tau2'
  | 'threshold'
  | 'tieTolerance'
  | 'truncation'
  | 'varA'
  | 'varB'
  | 'varPrior'
  | 'w0'
  | 'wins'
  | 'x'
  | 'xis';

export interface Vector {
  readonly method: string;
  readonly params: Data;
  readonly input: Data;
  readonly expected: unknown;
}

/** A level such as 0.0166… was meant as the fraction it is the nearest double of. */
function levelOf(value: number): Rational {
  for (let denominator = 1; denominator <= 1000; denominator += 1) {
    const numerator = Math.round(value * denominator);
    if (numerator > 0 && numerator / denominator === value)
      return parseRational(`${numerator}/${denominator}`);
  }
  return parseRational(String(value));
}

const online = (procedure: OnlineProcedure, values: readonly number[]) => {
  const { levels, rejections } = runOnline(procedure, values);
  return { alphai: levels, reject: rejections };
};

function coded(alpha: number, outcomes: string, share: (ledger: CodedLedger) => Rational) {
  let ledger = openCodedLedger(levelOf(alpha));
  const levels: number[] = [];
  const budgetAfter: number[] = [];
  for (const outcome of outcomes) {
    const f = share(ledger);
    levels.push(toNumber(codedLevel(ledger, f)));
    ledger = discloseBit(ledger, f, outcome === 'P');
    budgetAfter.push(toNumber(ledger.budget));
  }
  return { levels, budgetAfter, leakBits: leakBits(ledger) };
}

/** Every method under the name that the vectors give it. */
export const methods: Readonly<Record<string, (params: Data, input: Data) => unknown>> = {
  mcnemar_exact: (_, { wins, losses }) => ({
    pGreater: toNumber(mcnemarPValue({ wins, losses })),
    pTwoSided: mcnemarTwoSided({ wins, losses }),
    midPGreater: mcnemarMidP({ wins, losses }),
  }),
  mcnemar_critical_wins: ({ alpha }, { discordant }) => ({
    minWins: mcnemarCriticalWins(discordant, levelOf(alpha)),
  }),
  sign_flip_exact: ({ tieTolerance }, { d }) => ({ p: signFlipExact(d, tieTolerance) }),
  sign_flip_mc_p: (_, { exceed, resamples }) => ({ p: signFlipMonteCarlo(exceed, resamples) }),
  bootstrap_fixed: ({ level }, { d, resampleIndices }) => bootstrapIntervals(d, resampleIndices, level),
  pass_at_k: (_, { n, c, k }) => ({ passAtK: passAtK(n, c, k) }),
  clustered_se: (_, { scores, clusters }) => {
    const { mean, iid, cr0, cr1 } = clusteredError(scores, clusters);
    return { mean, seIid: iid, seClusterCR0: cr0, seClusterCR1: cr1 };
  },
  ladder_fixed: ({ eta }, { losses }) => ({ released: ladderFixed(losses, eta) }),
  ladder_free: (_, { lossVectors }) => ({ released: ladderFree(lossVectors) }),
  thresholdout: ({ threshold, budget, gamma0, gammas, etas, xis }, { queries_train_holdout }) =>
    thresholdout(queries_train_holdout, threshold, budget, { gamma0, gammas, etas, xis }),
  lord_pp: ({ alpha, w0 }, { p }) => online(lordPlusPlus(alpha, w0), p),
  saffron: ({ alpha, w0, lambda_ }, { p }) => online(saffron(alpha, w0, lambda_), p),
  addis: ({ alpha, w0, lambda_, tau }, { p }) => online(addis(alpha, w0, lambda_, tau), p),
  online_fallback: ({ alpha }, { p }) => online(onlineFallback(alpha), p),
  alpha_spending: ({ alpha }, { p }) => online(alphaSpending(alpha), p),
  lond_original: ({ alpha }, { p }) => online(lond(alpha), p),
  e_lond: ({ alpha }, { e }) => online(eLond(alpha), e),
  e_bh: ({ alpha }, { e }) => ({ rejectedIndices: eBenjaminiHochberg(e, alpha) }),
  coded_ledger: ({ alpha, f }, { outcomes }) => coded(alpha, outcomes, () => levelOf(f)),
  coded_ledger_horizon: ({ alpha, horizon }, { outcomes }) =>
    coded(alpha, outcomes, (ledger) => horizonShare(ledger, horizon)),
  e_sign_mixture: (_, { wins, losses }) => ({ e: toNumber(signMixture({ wins, losses })) }),
  e_fixed_bet: ({ bet }, { d }) => ({ path: fixedBetPath(d, bet) }),
  e_grid_mixture: ({ bets }, { d }) => ({ path: gridMixturePath(d, bets) }),
  deadline_bet: ({ alpha, n, cap, varPrior, priorObs }, { d }) => {
    const options = { level: alpha, items: n, cap, variancePrior: varPrior, priorItems: priorObs };
    const { path, bets, rejects } = deadlineBet(d, options);
    return { path, bets, reject: rejects };
  },
  msprt_normal: ({ sigma2, tau2 }, { sum, n }) => ({ e: mixtureSprt(sum, n, sigma2, tau2) }),
  e_merge: (_, { e }) => ({ average: averageE(e), product: productE(e) }),
  cs_prpl_eb: ({ alpha, truncation }, { x, reportAtCounts }) => {
    const counts: readonly number[] = reportAtCounts;
    const bounds = (plugIn: 'regularized' | 'plain') => {
      const sequence = empiricalBernsteinSequence(x, alpha, truncation, plugIn);
      const at = counts.map((count) => sequence[count - 1]);
      return { lower: at.map((interval) => interval?.lower), upper: at.map((interval) => interval?.upper) };
    };
    return { reg: bounds('regularized'), plain0: bounds('plain') };
  },
  hedged_capital: ({ alpha }, { x, nullMeans }) => {
    const means: readonly number[] = nullMeans;
    return { capital: means.map((mean) => hedgedCapital(x, mean, alpha)) };
  },
  cs_hedged: ({ alpha }, { x }) => hedgedInterval(x, alpha),
  tango_noninferiority: ({ margin }, { n, wins, losses }) => tangoNonInferiority({ wins, losses }, n, margin),
  mcnemar_sample_size: ({ alpha, power }, { delta, discordance }) => ({
    n: mcnemarSampleSize({ delta, discordance }, alpha, power),
  }),
  mcnemar_power_exact: ({ alpha }, { n, delta, discordance }) => ({
    power: mcnemarPower(n, { delta, discordance }, levelOf(alpha)),
  }),
  miller_sample_size: ({ alpha, power }, { delta, omega2, varA, varB, kA, kB }) => {
    const repeats = {
      delta,
      itemVariance: omega2,
      varianceA: varA,
      varianceB: varB,
      repeatsA: kA,
      repeatsB: kB,
    };
    return { n: pairedSampleSize(repeats, alpha, power) };
  },
  conditional_power: ({ alpha, delta, discordance }, { n, wins, losses, seen }) => {
    const look = { wins, losses, seen, items: n };
    return { conditionalPower: conditionalPower(look, { delta, discordance }, alpha) };
  },
  ni_transform: ({ margin }, { d }) => ({ scaled: nonInferiorityDifferences(d, margin) }),
};
