import { alphaInvesting } from '../../gates/policy/alpha-investing.ts';
import { devScreen } from '../../gates/policy/dev-screen.ts';
import { harmVeto, proveNonInferior } from '../../gates/policy/harm-veto.ts';
import { heldOutTest } from '../../gates/policy/held-out-test.ts';
import { holm } from '../../gates/policy/holm.ts';
import {
  certifiedAccount,
  everyCandidateAccount,
  exploreAccount,
  freshShardAccount,
  type LevelAccount,
} from '../../gates/policy/level-policy.ts';
import { add, parseRational } from '../../gates/policy/math/rational.ts';
import { mcnemarRejects } from '../../gates/policy/mcnemar.ts';
import { mcnemarDetectable, mcnemarFinds, mcnemarItems } from '../../gates/policy/mcnemar-planning.ts';
import { runOnline } from '../../gates/policy/online-tests.ts';
import { predictedPower } from '../../gates/policy/predicted-power.ts';
import { meanRatioBound } from '../../gates/policy/ratio-bound.ts';
import { methods, type Vector } from '../gates/policy/methods.ts';

const differences = [1, 0, -1, 1, 1, 0, 0.5, -0.25, 1, 0];
const pValues = [0.001, 0.3, 0.04, 0.9, 1e-8];
const level = parseRational('0.05');

/** What each published method is asked here; the vectors themselves may be absent. */
const questions = {
  mcnemar_exact: [{}, { wins: 7, losses: 2 }],
  mcnemar_critical_wins: [{ alpha: 0.05 }, { discordant: 12 }],
  sign_flip_exact: [{ tieTolerance: 1e-12 }, { d: differences }],
  sign_flip_mc_p: [{}, { exceed: 3, resamples: 99 }],
  bootstrap_fixed: [
    { level: 0.95 },
    {
      d: [1, 0, 2],
      resampleIndices: [
        [0, 1, 1],
        [2, 2, 0],
        [1, 2, 0],
      ],
    },
  ],
  pass_at_k: [{}, { n: 10, c: 3, k: 2 }],
  clustered_se: [{}, { scores: [1, 0, 1, 1], clusters: ['a', 'a', 'b', 'b'] }],
  ladder_fixed: [{ eta: 0.01 }, { losses: [0.4, 0.3] }],
  ladder_free: [
    {},
    {
      lossVectors: [
        [1, 0, 1],
        [0, 0, 1],
      ],
    },
  ],
  thresholdout: [
    { threshold: 0.04, budget: 1, gamma0: 0, gammas: [0], etas: [0, 0], xis: [0, 0] },
    {
      queries_train_holdout: [
        [0.6, 0.4],
        [0.5, 0.5],
      ],
    },
  ],
  lord_pp: [{ alpha: 0.05, w0: 0.005 }, { p: pValues }],
  saffron: [{ alpha: 0.05, w0: 0.025, lambda_: 0.5 }, { p: pValues }],
  addis: [{ alpha: 0.05, w0: 0.025, lambda_: 0.25, tau: 0.5 }, { p: pValues }],
  online_fallback: [{ alpha: 0.05 }, { p: pValues }],
  alpha_spending: [{ alpha: 0.05 }, { p: pValues }],
  lond_original: [{ alpha: 0.05 }, { p: pValues }],
  e_lond: [{ alpha: 0.05 }, { e: [1000, 2] }],
  e_bh: [{ alpha: 0.05 }, { e: [100, 1] }],
  coded_ledger: [{ alpha: 0.05, f: 0.25 }, { outcomes: 'DP' }],
  coded_ledger_horizon: [{ alpha: 0.05, horizon: 3 }, { outcomes: 'DDD' }],
  e_sign_mixture: [{}, { wins: 5, losses: 1 }],
  e_fixed_bet: [{ bet: 0.5 }, { d: differences }],
  e_grid_mixture: [{ bets: [0.1, 0.9] }, { d: differences }],
  deadline_bet: [{ alpha: 0.05, n: 10, cap: 0.9, varPrior: 0.15, priorObs: 10 }, { d: differences }],
  msprt_normal: [
    { sigma2: 0.15, tau2: 0.01 },
    { sum: 10, n: 100 },
  ],
  e_merge: [{}, { e: [1, 2] }],
  cs_prpl_eb: [
    { alpha: 0.05, truncation: 0.5 },
    { x: [1, 0, 1], reportAtCounts: [3] },
  ],
  hedged_capital: [{ alpha: 0.05 }, { x: [1, 0, 1], nullMeans: [0, 0.5, 1] }],
  cs_hedged: [{ alpha: 0.05 }, { x: [1, 0, 1] }],
  tango_noninferiority: [{ margin: 0.05 }, { wins: 10, losses: 14, n: 200 }],
  mcnemar_sample_size: [
    { alpha: 0.05, power: 0.8 },
    { delta: 0.05, discordance: 0.15 },
  ],
  mcnemar_power_exact: [{ alpha: 0.05 }, { n: 20, delta: 0.2, discordance: 0.4 }],
  miller_sample_size: [
    { alpha: 0.05, power: 0.8 },
    { delta: 0.03, omega2: 0.1, varA: 0.1, varB: 0.1, kA: 1, kB: 1 },
  ],
  conditional_power: [
    { alpha: 0.05, delta: 0.05, discordance: 0.15 },
    { wins: 5, losses: 6, seen: 60, n: 300 },
  ],
  ni_transform: [{ margin: 0.05 }, { d: differences }],
} as unknown as Readonly<Record<keyof typeof methods, readonly [Vector['params'], Vector['input']]>>;

/** Asks everything of the statistics that gates stand on. */
export function exerciseGates(): void {
  for (const [name, ask] of Object.entries(methods)) {
    const [params, input] = questions[name] ?? [];
    if (params === undefined || input === undefined) throw new Error(`${name} is not asked anything here`);
    ask(params, input);
  }
  runOnline(alphaInvesting(0.05, 0.025), pValues);
  for (const metric of ['pass-fail', 'graded'] as const) devScreen(differences, metric, level);
  devScreen([0.5, 0.5], 'graded', level);
  harmVeto(differences, 0.1, level);
  proveNonInferior(differences, 0.1, level);
  predictedPower(differences, 100, 0.05, 0.75);
  meanRatioBound([1, 2], [2, 1], [[0, 1]], 0.95);
  mcnemarRejects({ wins: 5, losses: 0 }, add(level, level));
  holm([level, add(level, level)], level);
  mcnemarItems({ delta: 0.2, discordance: 0.4 }, level, 0.8);
  mcnemarDetectable(40, 0.4, level, 0.8);
  mcnemarFinds(40, { delta: 0.2, discordance: 0.4 }, level, 0.8);
  const at = (index: number): number => differences[index % differences.length] as number;
  const futility = { looks: 10, minConditionalPower: 0.05, delta: 0.05 };
  heldOutTest(200, at, level, { kind: 'mcnemar-exact', futility });
  heldOutTest(200, (index) => -at(index), level, { kind: 'mcnemar-exact', futility });
  heldOutTest(200, at, level, { kind: 'grid-mixture' });
  const third = parseRational('1/3');
  for (const account of [
    certifiedAccount(level, third),
    everyCandidateAccount(level, 3),
    exploreAccount(level),
    freshShardAccount(level, 3),
  ])
    walk(account);
}

function walk(account: LevelAccount): void {
  const next = account.after('discard', 0.5).after('promote', 0.001);
  if (next.level.denominator === 0n) throw new Error('a level is a fraction');
}
