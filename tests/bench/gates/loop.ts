import { type AdversaryName, adversaries } from './adversaries.ts';
import { type CertifiedName, certifiedGate, certifiedRules } from './certified-gate.ts';
import type { Disclosure, Gate, GateSetting } from './gate.ts';
import { baseAccuracy, firstProgram, type Program, passShare } from './latent-model.ts';
import { Normals } from './normals.ts';
import { blindProposer, type Kind, type Proposer } from './proposers.ts';
import { type SingleTrackName, singleTrackGate } from './single-track-gates.ts';

export type GateName = SingleTrackName | CertifiedName;

/** One improvement loop: who proposes what, how often, to which gate. */
export interface LoopOptions {
  readonly gate: GateName;
  /** Items of the held-out split, and of the dev split where the gate has one. */
  readonly items: number;
  readonly rounds: number;
  readonly discordance: number;
  readonly kinds: readonly Kind[];
  readonly adversary: AdversaryName | null;
  readonly disclosure: Disclosure;
}

/** What came of one loop. */
export interface LoopResult {
  /** 1 where anything was promoted that is not truly better than what it replaced. */
  readonly falsePromotion: number;
  /** Promotions of something truly worse. */
  readonly harmful: number;
  /** False promotions among all, 0 without any. */
  readonly falseShare: number;
  /** Promotions of a real improvement per one that was to be expected among the proposals; 0 where none was. */
  readonly power: number;
  /** Gain of the certified champion, as a part of all gains that were to be expected. */
  readonly gainShare: number;
  /** True accuracy of the certified champion in the end, its mean over the rounds, and that of what candidates start from. */
  readonly accuracy: number;
  readonly meanAccuracy: number;
  readonly workingAccuracy: number;
  /** Share of the held-out items that the certified champion passes, less its true accuracy. */
  readonly overfit: number;
  readonly evaluations: number;
}

/** Below this, a difference of accuracies is rounding. */
const leastGain = 1e-9;

export function simulateLoop(options: LoopOptions, seed: number): LoopResult {
  const normals = new Normals(seed);
  const first = firstProgram(options.items, normals);
  const gate = gateOf(options, first, normals);
  const proposer = proposerOf(options, first, normals);
  const counts = { promotions: 0, wrong: 0, harmful: 0, realPromoted: 0, evaluations: 0 };
  let accuracies = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    const base = gate.base();
    const candidate = proposer.propose(base);
    const real = candidate.accuracy - base.accuracy >= leastGain;
    const verdict = gate.judge(candidate);
    counts.evaluations += verdict.heldOutItems;
    if (verdict.promotion !== null) {
      const { challenger, champion } = verdict.promotion;
      counts.promotions += 1;
      const gain = challenger.accuracy - champion.accuracy;
      if (gain < leastGain) counts.wrong += 1;
      if (gain < -leastGain) counts.harmful += 1;
      if (real) counts.realPromoted += 1;
    }
    proposer.hear(verdict);
    accuracies += gate.certified().accuracy;
  }
  return resultOf(counts, accuracies / options.rounds, gate, options);
}

function resultOf(
  counts: {
    readonly promotions: number;
    readonly wrong: number;
    readonly harmful: number;
    readonly realPromoted: number;
    readonly evaluations: number;
  },
  meanAccuracy: number,
  gate: Gate,
  { rounds, kinds }: LoopOptions,
): LoopResult {
  const certified = gate.certified();
  const gains = kinds.filter(({ gain }) => gain > 0);
  const expected = rounds * gains.reduce((sum, { share }) => sum + share, 0);
  const available = rounds * gains.reduce((sum, { share, gain }) => sum + share * gain, 0);
  return {
    falsePromotion: counts.wrong > 0 ? 1 : 0,
    harmful: counts.harmful,
    falseShare: counts.promotions === 0 ? 0 : counts.wrong / counts.promotions,
    power: expected === 0 ? 0 : counts.realPromoted / expected,
    gainShare: available === 0 ? 0 : (certified.accuracy - baseAccuracy) / available,
    accuracy: certified.accuracy,
    meanAccuracy,
    workingAccuracy: gate.base().accuracy,
    overfit: passShare(certified, 'heldOut') - certified.accuracy,
    evaluations: counts.evaluations,
  };
}

function gateOf({ gate, items, rounds, disclosure }: LoopOptions, first: Program, normals: Normals): Gate {
  const setting: GateSetting = { items, rounds, disclosure };
  return isCertified(gate)
    ? certifiedGate(first, setting, certifiedRules[gate])
    : singleTrackGate(gate, first, setting, normals);
}

export function isCertified(gate: GateName): gate is CertifiedName {
  return Object.hasOwn(certifiedRules, gate);
}

function proposerOf(options: LoopOptions, first: Program, normals: Normals): Proposer {
  return options.adversary === null
    ? blindProposer(options, normals)
    : adversaries[options.adversary](options, first, normals);
}
