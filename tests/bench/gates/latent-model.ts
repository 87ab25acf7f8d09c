import { normalCdf, normalDensity, normalQuantile } from '../../../gates/policy/math/normal.ts';

/**
 * The model of the reference simulations: an item has a latent z ~ N(0, 1) under a program of accuracy `acc`, and passes when z
 * > -Φ⁻¹(acc). A candidate mixes the champion's z with fresh noise, z' = ρz + √(1-ρ²)ε, so that a null candidate has exactly the
 * champion's accuracy; ρ is tuned so that the two differ on a share `discordance` of the items.
 */
export const cutOf = (accuracy: number): number => -normalQuantile(accuracy);

const baseAccuracy = 0.6;

const memory = new Map<string, number>();

export function correlationFor(from: number, to: number, discordance: number): number {
  const key = `${from.toFixed(9)} ${to.toFixed(9)} ${discordance}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  let [low, high] = [-0.999, 0.999999];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (from + to - 2 * bothPass(from, to, middle) > discordance) low = middle;
    else high = middle;
  }
  memory.set(key, low);
  return low;
}

/** P(Z > c1, ρZ + √(1-ρ²)ε > c2), by Simpson's rule. */
function bothPass(from: number, to: number, rho: number): number {
  const [begin, end, cells] = [cutOf(from), 9, 400];
  const cut = cutOf(to);
  const spread = Math.sqrt(1 - rho * rho);
  const at = (z: number): number => normalDensity(z) * normalCdf((rho * z - cut) / spread);
  const width = (end - begin) / cells;
  let sum = at(begin) + at(end);
  for (let cell = 1; cell < cells; cell += 1) sum += (cell % 2 === 1 ? 4 : 2) * at(begin + cell * width);
  return (sum * width) / 3;
}

/** A fast seeded source of standard normals: xoshiro128** and the polar method. */
export class Normals {
  readonly #state: Uint32Array;
  #spare: number | null = null;

  constructor(seed: number) {
    this.#state = new Uint32Array(4);
    let x = seed >>> 0;
    for (let word = 0; word < 4; word += 1) {
      // SplitMix32, as the authors of xoshiro advise for seeding.
      x = (x + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      this.#state[word] = mixed ^ (mixed >>> 16);
    }
  }

  uniform(): number {
    const s = this.#state;
    const [a, b, c, d] = [s[0] as number, s[1] as number, s[2] as number, s[3] as number];
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const c2 = c ^ a;
    const d2 = d ^ b;
    s[1] = b ^ c2;
    s[0] = a ^ d2;
    s[2] = c2 ^ (b << 9);
    s[3] = (d2 << 11) | (d2 >>> 21);
    return result / 4294967296;
  }

  next(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }
}

/** One program as the model knows it: its accuracy, and its latent values on dev and held-out items. */
export interface Program {
  readonly accuracy: number;
  readonly dev: Float64Array;
  readonly heldOut: Float64Array;
  /** True when it, and everything it was promoted over, is a real improvement. */
  readonly real: boolean;
}

export function firstProgram(items: number, normals: Normals): Program {
  const draw = (): Float64Array => Float64Array.from({ length: items }, () => normals.next());
  return { accuracy: baseAccuracy, dev: draw(), heldOut: draw(), real: false };
}

export function mutate(parent: Program, gain: number, discordance: number, normals: Normals): Program {
  const accuracy = Math.min(0.95, parent.accuracy + gain);
  const rho = correlationFor(baseAccuracy, baseAccuracy, discordance);
  const noise = Math.sqrt(1 - rho * rho);
  const mix = (from: Float64Array): Float64Array => from.map((z) => rho * z + noise * normals.next());
  return { accuracy, dev: mix(parent.dev), heldOut: mix(parent.heldOut), real: gain > 0 };
}

/** Differences of pass/fail between two programs on one set of items. */
export function differences(
  challenger: Program,
  champion: Program,
  split: 'dev' | 'heldOut',
): readonly number[] {
  const [upper, lower] = [cutOf(challenger.accuracy), cutOf(champion.accuracy)];
  const base = champion[split];
  return Array.from(
    challenger[split],
    (z, index) => Number(z > upper) - Number((base[index] as number) > lower),
  );
}
