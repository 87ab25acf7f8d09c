import type { Noise, Program, Split } from './latent-model.ts';
import type { Normals } from './normals.ts';

/** Weights of directions, by their place; what is missing at the end is 0. */
export type Vector = readonly number[];

/**
 * The space in which an adversary steers: the first program, and every fresh noise so far. A program is a unit vector of it, and
 * its latent on an item is that vector's product with independent N(0, 1) values of the item. So whatever is stacked has exactly
 * its parent's accuracy on new items, and any gain on the held-out ones is overfitting.
 */
export class Directions {
  readonly #items: number;
  readonly #normals: Normals;
  readonly #first: Program;
  /** Per direction after the first program, drawn when they are first needed. */
  readonly #values: { dev: Float64Array | null; heldOut: Float64Array | null }[] = [];

  constructor(items: number, first: Program, normals: Normals) {
    this.#items = items;
    this.#first = first;
    this.#normals = normals;
  }

  /** The place of a new direction. */
  add(): number {
    return this.#values.push({ dev: null, heldOut: null });
  }

  /** A unit vector as noise. */
  noise(vector: Vector): Noise {
    return (split) => {
      const sum = new Float64Array(this.#items);
      for (const [place, weight] of vector.entries()) {
        if (weight === 0) continue;
        const values = this.#valuesOf(place, split);
        for (let index = 0; index < sum.length; index += 1) {
          sum[index] = (sum[index] as number) + weight * (values[index] as number);
        }
      }
      return sum;
    };
  }

  #valuesOf(place: number, split: Split): Float64Array {
    const entry = this.#values[place - 1];
    if (entry === undefined) return this.#first.latents(split);
    entry[split] ??= this.#normals.fill(this.#items);
    return entry[split];
  }
}

/** The direction of one place alone. */
export function unit(place: number): Vector {
  return Array.from({ length: place + 1 }, (_, index) => Number(index === place));
}

/** The part of a vector that is orthogonal to a unit vector, at length one; null where nothing is left. */
export function besides(vector: Vector, base: Vector): Vector | null {
  const along = vector.reduce((sum, value, place) => sum + value * (base[place] ?? 0), 0);
  const rest = Array.from(
    { length: Math.max(vector.length, base.length) },
    (_, place) => (vector[place] ?? 0) - along * (base[place] ?? 0),
  );
  const length = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0));
  return length < 1e-9 ? null : rest.map((value) => value / length);
}

/** ρ·base + √(1-ρ²)·noise: of length one when both are, and orthogonal. */
export function mixed(base: Vector, rho: number, noise: Vector): Vector {
  const spread = Math.sqrt(1 - rho * rho);
  return Array.from(
    { length: Math.max(base.length, noise.length) },
    (_, place) => rho * (base[place] ?? 0) + spread * (noise[place] ?? 0),
  );
}
