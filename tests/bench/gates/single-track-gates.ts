import { gridMixturePath } from '../../../gates/policy/bets.ts';
import { ladderFree } from '../../../gates/policy/ladder.ts';
import {
  certifiedAccount,
  everyCandidateAccount,
  exploreAccount,
  type LevelAccount,
} from '../../../gates/policy/level-policy.ts';
import { eLond, lordPlusPlus } from '../../../gates/policy/lord.ts';
import { parseRational, rational, toNumber } from '../../../gates/policy/math/rational.ts';
import { mcnemarRejects } from '../../../gates/policy/mcnemar.ts';
import type { OnlineProcedure } from '../../../gates/policy/online-tests.ts';
import { saffron } from '../../../gates/policy/saffron.ts';
import { thresholdout } from '../../../gates/policy/thresholdout.ts';
import { devScreenAt, exactTest, pValue, signMixtureE } from './exact-decisions.ts';
import type { Gate, GateSetting } from './gate.ts';
import { differenceAt, discordanceBetween, type Program, passShare } from './latent-model.ts';
import type { Normals } from './normals.ts';

/** A decision about one pair, with what it used and what it would tell. */
export interface PairDecision {
  readonly promotes: boolean;
  readonly heldOutItems: number;
  readonly score: number;
}

type Decide = (challenger: Program, champion: Program) => PairDecision;

const alpha = 0.05;
const exactAlpha = parseRational('1/20');
const entryLevel = parseRational('1/5');
const passesDev = devScreenAt(entryLevel);
const nothing: PairDecision = { promotes: false, heldOutItems: 0, score: 0 };

/** All gates with one champion, each a rule for pairs. New state for every loop. */
export const singleTrackRules = {
  /** Promotes what scores higher on the held-out items. */
  'mean-higher': () => scored(({ wins, losses }) => wins > losses),
  'p-each': () => scored((outcome) => pValue(outcome) <= alpha),
  'dev-then-p': () => screened(scored((outcome) => pValue(outcome) <= alpha)),
  bonferroni: ({ rounds }: GateSetting) => {
    const level = rational(1n, 20n * BigInt(rounds));
    return scored((outcome) => mcnemarRejects(outcome, level));
  },
  'lord++': () => online(lordPlusPlus(alpha), pValue),
  saffron: () => online(saffron(alpha), pValue),
  'e-lond': () => {
    const procedure = eLond(alpha);
    return betting((differences) => procedure.observe(Math.max(...gridMixturePath(differences))));
  },
  'e-each': () => signMixtureRule,
  ladder: () => ladderRule,
  thresholdout: (_: GateSetting, normals: Normals) => thresholdoutRule(normals),
  'every-candidate': ({ rounds }: GateSetting) => accounted(everyCandidateAccount(exactAlpha, rounds)),
  'every-candidate-to-the-end': ({ rounds }: GateSetting) =>
    accounted(everyCandidateAccount(exactAlpha, rounds), 1),
  'every-candidate-with-looks': ({ rounds }: GateSetting) =>
    accounted(everyCandidateAccount(exactAlpha, rounds), 10),
  'ledger-bypassed': () => accounted(certifiedAccount(exactAlpha, rational(1n, 3n))),
  explore: () => screened(exploreRule(exploreAccount(entryLevel))),
} satisfies Record<string, (setting: GateSetting, normals: Normals) => Decide>;

export type SingleTrackName = keyof typeof singleTrackRules;

export function singleTrackGate(
  name: SingleTrackName,
  first: Program,
  setting: GateSetting,
  normals: Normals,
): Gate {
  const decide: Decide = singleTrackRules[name](setting, normals);
  let champion = first;
  return {
    base: () => champion,
    certified: () => champion,
    judge(challenger) {
      const { promotes, heldOutItems, score } = decide(challenger, champion);
      const promotion = promotes ? { challenger, champion } : null;
      if (promotes) champion = challenger;
      const told = setting.disclosure === 'score' ? score : Number(promotes);
      return { moves: promotes, promotion, heldOutItems, told };
    },
  };
}

function scoreOf(challenger: Program, champion: Program): number {
  return passShare(challenger, 'heldOut') - passShare(champion, 'heldOut');
}

function scored(promotes: (outcome: { wins: number; losses: number }) => boolean): Decide {
  return (challenger, champion) => {
    const outcome = discordanceBetween(challenger, champion, 'heldOut');
    const items = challenger.latents('heldOut').length;
    return {
      promotes: promotes(outcome),
      heldOutItems: items,
      score: (outcome.wins - outcome.losses) / items,
    };
  };
}

function screened(decide: Decide): Decide {
  return (challenger, champion) =>
    passesDev(discordanceBetween(challenger, champion, 'dev')) ? decide(challenger, champion) : nothing;
}

/** Rules that look at the differences in their order. */
function betting(promotes: (differences: readonly number[]) => boolean): Decide {
  return (challenger, champion) => {
    const at = differenceAt(challenger, champion, 'heldOut');
    const items = challenger.latents('heldOut').length;
    const differences: number[] = [];
    for (let index = 0; index < items; index += 1) differences.push(at(index));
    return {
      promotes: promotes(differences),
      heldOutItems: items,
      score: scoreOf(challenger, champion),
    };
  };
}

function online(
  procedure: OnlineProcedure,
  statistic: (outcome: { wins: number; losses: number }) => number,
): Decide {
  return scored((outcome) => procedure.observe(statistic(outcome)));
}

function accounted(account: LevelAccount, looks?: number): Decide {
  let current = account;
  return (challenger, champion) => {
    const items = challenger.latents('heldOut').length;
    const difference = differenceAt(challenger, champion, 'heldOut');
    const outcome = exactTest(items, difference, current.level, looks);
    current = current.after(outcome.rejects ? 'promote' : 'discard', 1);
    return { promotes: outcome.rejects, heldOutItems: outcome.itemsUsed, score: 0 };
  };
}

function exploreRule(account: LevelAccount): Decide {
  let current = account;
  return scored((outcome) => {
    const p = pValue(outcome);
    const promotes = p <= toNumber(current.level);
    current = current.after(promotes ? 'promote' : 'discard', p);
    return promotes;
  });
}

/** Stops at the first item at which the sign mixture, the e-process for pass/fail items, reaches 1/alpha. */
const signMixtureRule: Decide = (challenger, champion) => {
  const difference = differenceAt(challenger, champion, 'heldOut');
  const items = challenger.latents('heldOut').length;
  const score = scoreOf(challenger, champion);
  let wins = 0;
  let losses = 0;
  for (let index = 0; index < items; index += 1) {
    const gain = difference(index);
    if (gain === 0) continue;
    if (gain > 0) wins += 1;
    else losses += 1;
    if (signMixtureE({ wins, losses }) * alpha >= 1)
      return { promotes: true, heldOutItems: index + 1, score };
  }
  return { promotes: false, heldOutItems: items, score };
};

/**
 * The parameter-free Ladder, whose state is the leader: releasing it and then the candidate gives what the whole history gives,
 * because the released value is the leader's exact loss. Its score is the released gain, 0 where nothing new is released.
 */
const ladderRule: Decide = (challenger, champion) => {
  const releases = ladderFree([lossesOf(champion), lossesOf(challenger)]);
  const [before = 0, after = 0] = releases;
  return {
    promotes: after < before,
    heldOutItems: challenger.latents('heldOut').length,
    score: before - after,
  };
};

/** The leader's are asked for in every round. */
const knownLosses = new WeakMap<Program, readonly number[]>();

function lossesOf(program: Program): readonly number[] {
  const known = knownLosses.get(program);
  if (known !== undefined) return known;
  const losses: number[] = [];
  for (const z of program.latents('heldOut')) losses.push(z > program.cut ? 0 : 1);
  knownLosses.set(program, losses);
  return losses;
}

/** Thresholdout with the parameters of the paper's demonstration; a query is a gain over the champion. */
function thresholdoutRule(normals: Normals): Decide {
  const [threshold, scale, leastGain] = [0.04, 0.01, 0.025];
  const queries: (readonly [number, number])[] = [];
  const gamma0 = normals.laplace(2 * scale);
  const gammas: number[] = [];
  const etas: number[] = [];
  const xis: number[] = [];
  return (challenger, champion) => {
    const dev = discordanceBetween(challenger, champion, 'dev');
    const heldOut = discordanceBetween(challenger, champion, 'heldOut');
    const items = challenger.latents('heldOut').length;
    queries.push([(dev.wins - dev.losses) / items, (heldOut.wins - heldOut.losses) / items]);
    gammas.push(normals.laplace(2 * scale));
    etas.push(normals.laplace(4 * scale));
    xis.push(normals.laplace(scale));
    const budget = queries.length;
    const { answers } = thresholdout(queries, threshold, budget, { gamma0, gammas, etas, xis });
    const answer = answers.at(-1) ?? 0;
    return { promotes: answer > leastGain, heldOutItems: items, score: answer };
  };
}
