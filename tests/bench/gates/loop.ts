import { devScreen } from '../../../gates/policy/dev-screen.ts';
import { heldOutTest } from '../../../gates/policy/held-out-test.ts';
import {
  certifiedAccount,
  everyCandidateAccount,
  exploreAccount,
  type LevelAccount,
} from '../../../gates/policy/level-policy.ts';
import {
  compare,
  parseRational,
  type Rational,
  toNumber,
  zero,
} from '../../../gates/policy/math/rational.ts';
import { mcnemarPValue } from '../../../gates/policy/mcnemar.ts';
import { discordanceOf, momentsOf } from '../../../gates/policy/paired-outcomes.ts';
import { predictedPower } from '../../../gates/policy/predicted-power.ts';
import { differences, firstProgram, mutate, Normals, type Program } from './latent-model.ts';

export type GateName = 'certified' | 'every-candidate' | 'explore' | 'mean-higher' | 'p-each' | 'dev-then-p';

export interface LoopOptions {
  readonly gate: GateName;
  readonly items: number;
  readonly rounds: number;
  readonly discordance: number;
  /** Probability that a candidate is really better, and by how much. */
  readonly realShare: number;
  readonly realGain: number;
  readonly seed: number;
}

export interface LoopResult {
  readonly falsePromotions: number;
  readonly promotions: number;
  /** True accuracy of the certified champion in the end. */
  readonly accuracy: number;
  readonly heldOutEvaluations: number;
}

const alpha = parseRational('1/20');
const entryLevel = parseRational('1/5');
const effect = 0.05;

/** One improvement loop of `rounds` proposals against one gate. */
export function simulateLoop(options: LoopOptions): LoopResult {
  const normals = new Normals(options.seed);
  const candidateOf = (parent: Program): Program => {
    const gain = normals.uniform() < options.realShare ? options.realGain : 0;
    return mutate(parent, gain, options.discordance, normals);
  };
  return options.gate === 'certified'
    ? certifiedLoop(options, candidateOf, normals)
    : plainLoop(options, candidateOf, normals);
}

/** Two tracks: a working champion that the dev split moves, and a certified one that only held-out tests move. */
function certifiedLoop(
  { items, rounds }: LoopOptions,
  candidateOf: (parent: Program) => Program,
  normals: Normals,
): LoopResult {
  let certified = firstProgram(items, normals);
  let working = certified;
  let account: LevelAccount = certifiedAccount(alpha, parseRational('1/3'));
  const told = { falsePromotions: 0, promotions: 0, heldOutEvaluations: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const challenger = candidateOf(working);
    if (!devScreen(differences(challenger, working, 'dev'), 'pass-fail', entryLevel).passes) continue;
    working = challenger;
    const { level } = account;
    const devGain = differences(working, certified, 'dev');
    if (compare(level, zero) <= 0 || predictedPower(devGain, items, toNumber(level), 0.75) < 0.5) continue;
    const outcome = exactTest(working, certified, level);
    told.heldOutEvaluations += outcome.itemsUsed;
    account = account.after(outcome.rejects ? 'promote' : 'discard', 1);
    if (!outcome.rejects) continue;
    told.promotions += 1;
    if (working.accuracy <= certified.accuracy) told.falsePromotions += 1;
    certified = working;
  }
  return { ...told, accuracy: certified.accuracy };
}

function exactTest(challenger: Program, champion: Program, level: Rational) {
  const gains = differences(challenger, champion, 'heldOut');
  const futility = { looks: gains.length < 200 ? 1 : 10, minConditionalPower: 0.05, delta: effect };
  return heldOutTest(gains.length, (index) => gains[index] as number, level, {
    kind: 'mcnemar-exact',
    futility,
  });
}

/** One track: every candidate (or every one that passes the dev screen) meets the held-out items. */
function plainLoop(
  { gate, items, rounds }: LoopOptions,
  candidateOf: (parent: Program) => Program,
  normals: Normals,
): LoopResult {
  let champion = firstProgram(items, normals);
  let account = gate === 'explore' ? exploreAccount(entryLevel) : everyCandidateAccount(alpha, rounds);
  const told = { falsePromotions: 0, promotions: 0, heldOutEvaluations: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const challenger = candidateOf(champion);
    const screened = gate === 'explore' || gate === 'dev-then-p';
    if (screened && !devScreen(differences(challenger, champion, 'dev'), 'pass-fail', entryLevel).passes)
      continue;
    let promotes: boolean;
    if (gate === 'every-candidate') {
      const outcome = exactTest(challenger, champion, account.level);
      told.heldOutEvaluations += outcome.itemsUsed;
      promotes = outcome.rejects;
      account = account.after(promotes ? 'promote' : 'discard', 1);
    } else {
      const gains = differences(challenger, champion, 'heldOut');
      told.heldOutEvaluations += items;
      const p = toNumber(mcnemarPValue(discordanceOf(gains)));
      if (gate === 'mean-higher') promotes = momentsOf(gains).mean > 0;
      else if (gate === 'explore') promotes = p <= toNumber(account.level);
      else promotes = p <= 0.05;
      if (gate === 'explore') account = account.after(promotes ? 'promote' : 'discard', p);
    }
    if (!promotes) continue;
    told.promotions += 1;
    if (challenger.accuracy <= champion.accuracy) told.falsePromotions += 1;
    champion = challenger;
  }
  return { ...told, accuracy: champion.accuracy };
}
