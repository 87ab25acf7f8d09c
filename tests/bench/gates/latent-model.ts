import { normalCdf, normalDensity, normalQuantile } from '../../../gates/policy/math/normal.ts';
import type { Discordance } from '../../../gates/policy/mcnemar.ts';
import type { Normals } from './normals.ts';

export type Split = 'dev' | 'heldOut';

/**
 * Unit-variance values per item, independent of the latents of the program that they are mixed into. Asked for once per split;
 * the array is new each time, and is written over.
 */
export type Noise = (split: Split) => Float64Array;

export const baseAccuracy = 0.6;
const accuracyMax = 0.95;

/**
 * A program as the model knows it. An item has a latent z ~ N(0, 1) under a program of accuracy `acc`, and passes when z >
 * -Φ⁻¹(acc). A candidate mixes its parent's z with noise, z' = ρz + √(1-ρ²)ε, so that one without gain has exactly its parent's
 * accuracy. Latents are drawn when they are first looked at: a candidate that a dev screen throws away has no held-out ones.
 */
export class Program {
  readonly accuracy: number;
  readonly cut: number;
  readonly #make: Noise;
  #dev: Float64Array | null = null;
  #heldOut: Float64Array | null = null;

  constructor(accuracy: number, make: Noise) {
    this.accuracy = accuracy;
    this.cut = cutOf(accuracy);
    this.#make = make;
  }

  latents(split: Split): Float64Array {
    if (split === 'dev') {
      this.#dev ??= this.#make('dev');
      return this.#dev;
    }
    this.#heldOut ??= this.#make('heldOut');
    return this.#heldOut;
  }
}

export function firstProgram(items: number, normals: Normals): Program {
  return new Program(baseAccuracy, () => normals.fill(items));
}

/**
 * A candidate from a parent.
 *
 * @param gain of its true accuracy, which stops at 0.95
 * @param rho correlation of its latents with the parent's
 */
export function candidateOf(parent: Program, gain: number, rho: number, noise: Noise): Program {
  const spread = Math.sqrt(1 - rho * rho);
  return new Program(Math.min(accuracyMax, parent.accuracy + gain), (split) => {
    const from = parent.latents(split);
    const values = noise(split);
    for (let index = 0; index < values.length; index += 1) {
      values[index] = rho * (from[index] as number) + spread * (values[index] as number);
    }
    return values;
  });
}

/** Items that only one of the two passes. */
export function discordanceBetween(challenger: Program, champion: Program, split: Split): Discordance {
  const above = challenger.latents(split);
  const below = champion.latents(split);
  let wins = 0;
  let losses = 0;
  for (let index = 0; index < above.length; index += 1) {
    const passes = (above[index] as number) > challenger.cut;
    if (passes === (below[index] as number) > champion.cut) continue;
    if (passes) wins += 1;
    else losses += 1;
  }
  return { wins, losses };
}

/** Challenger minus champion on one item: 1, 0 or -1. */
export function differenceAt(
  challenger: Program,
  champion: Program,
  split: Split,
): (index: number) => number {
  const above = challenger.latents(split);
  const below = champion.latents(split);
  return (index) =>
    Number((above[index] as number) > challenger.cut) - Number((below[index] as number) > champion.cut);
}

/** Share of the items of a split that a program passes. */
export function passShare(program: Program, split: Split): number {
  const latents = program.latents(split);
  let passed = 0;
  for (const z of latents) if (z > program.cut) passed += 1;
  return passed / latents.length;
}

const cuts = new Map<number, number>();

function cutOf(accuracy: number): number {
  const known = cuts.get(accuracy);
  if (known !== undefined) return known;
  const cut = -normalQuantile(accuracy);
  cuts.set(accuracy, cut);
  return cut;
}

const correlations = new Map<number, number>();

/** The ρ at which two programs of the base accuracy differ on a share `discordance` of the items. */
export function correlationFor(discordance: number): number {
  const known = correlations.get(discordance);
  if (known !== undefined) return known;
  let [low, high] = [-0.999, 0.999999];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (2 * (baseAccuracy - bothPass(baseAccuracy, middle)) > discordance) low = middle;
    else high = middle;
  }
  correlations.set(discordance, low);
  return low;
}

/** P(Z > c, ρZ + √(1-ρ²)ε > c), by Simpson's rule. */
function bothPass(accuracy: number, rho: number): number {
  const cut = cutOf(accuracy);
  const [end, cells] = [9, 400];
  const spread = Math.sqrt(1 - rho * rho);
  const at = (z: number): number => normalDensity(z) * normalCdf((rho * z - cut) / spread);
  const width = (end - cut) / cells;
  let sum = at(cut) + at(end);
  for (let cell = 1; cell < cells; cell += 1) sum += (cell % 2 === 1 ? 4 : 2) * at(cut + cell * width);
  return (sum * width) / 3;
}
