import { besides, Directions, mixed, unit, type Vector } from './directions.ts';
import { candidateOf, correlationFor, type Program } from './latent-model.ts';
import type { Normals } from './normals.ts';
import { gainByLot, type Proposer, type ProposerSetting } from './proposers.ts';

type MakeProposer = (setting: ProposerSetting, first: Program, normals: Normals) => Proposer;

/**
 * No candidate is better. Every even round explores a fresh direction; every odd one submits all directions explored so far in
 * one, each weighted by the gain that was disclosed when it was explored (by 1 or 0 where a bit was).
 */
const stack: MakeProposer = ({ items, discordance }, first, normals) => {
  const rho = correlationFor(discordance);
  const directions = new Directions(items, first, normals);
  const weights: number[] = [0];
  let base = unit(0);
  let tried = base;
  let explored: number | null = null;
  let round = 0;
  return {
    propose(program) {
      const stacked = round % 2 === 1 ? besides(weights, base) : null;
      round += 1;
      explored = stacked === null ? directions.add() : null;
      const noise = stacked ?? unit(explored ?? 0);
      tried = mixed(base, rho, noise);
      return candidateOf(program, 0, rho, directions.noise(noise));
    },
    hear({ moves, told }) {
      if (explored !== null) weights[explored] = told;
      if (moves) base = tried;
    },
  };
};

/**
 * Some candidates are better. From the first promotion on, every second submission is a null variant that is pushed along the
 * direction promoted last, and half along a fresh one.
 */
const amplify: MakeProposer = ({ items, discordance, kinds }, first, normals) => {
  const rho = correlationFor(discordance);
  const directions = new Directions(items, first, normals);
  let base = unit(0);
  let tried = base;
  let noise: Vector = base;
  let promoted: Vector | null = null;
  let round = 0;
  return {
    propose(program) {
      const push = promoted === null || round % 2 === 0 ? null : besides(promoted, base);
      round += 1;
      const fresh = unit(directions.add());
      noise = push === null ? fresh : mixed(push, Math.SQRT1_2, fresh);
      tried = mixed(base, rho, noise);
      const gain = push === null ? gainByLot(kinds, normals) : 0;
      return candidateOf(program, gain, rho, directions.noise(noise));
    },
    hear({ moves }) {
      if (!moves) return;
      base = tried;
      promoted = noise;
    },
  };
};

/** Proposers that use what the gate tells. */
export const adversaries = { stack, amplify } satisfies Record<string, MakeProposer>;
export type AdversaryName = keyof typeof adversaries;
