import { exp, ln } from '../../../gates/policy/math/elementary.ts';

const layers = 128;
const tailBegin = 3.442619855899;
const layerArea = 9.91256303526217e-3;

const edges = new Float64Array(layers + 1);
const ratios = new Float64Array(layers);
const heightAt = (x: number): number => exp(-0.5 * x * x);
edges[0] = layerArea / heightAt(tailBegin);
edges[1] = tailBegin;
for (let layer = 2; layer < layers; layer += 1) {
  const outer = edges[layer - 1] as number;
  edges[layer] = Math.sqrt(-2 * ln(layerArea / outer + heightAt(outer)));
}
for (let layer = 0; layer < layers; layer += 1) {
  ratios[layer] = (edges[layer + 1] as number) / (edges[layer] as number);
}

/**
 * A fast seeded source of randomness: xoshiro128** (Blackman & Vigna), and normals by the ziggurat (Marsaglia & Tsang 2000, with
 * Doornik's separate draw for the layer). Logarithms are the product's own, so a seed gives the same numbers on every engine.
 */
export class Normals {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed 32 bits; SplitMix32 makes the state of them, as the authors of xoshiro advise */
  constructor(seed: number) {
    let x = seed | 0;
    const word = (): number => {
      x = (x + 0x9e3779b9) | 0;
      let mixed = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      return mixed ^ (mixed >>> 16);
    };
    this.#a = word();
    this.#b = word();
    this.#c = word();
    this.#d = word();
  }

  /** 32 random bits, as a signed integer. */
  #bits(): number {
    const b = this.#b;
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const c = this.#c ^ this.#a;
    const d = this.#d ^ b;
    this.#b = b ^ c;
    this.#a ^= d;
    this.#c = c ^ (b << 9);
    this.#d = (d << 11) | (d >>> 21);
    return result;
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  uniform(): number {
    return (this.#bits() >>> 0) / 4294967296;
  }

  /** Uniform integer below `count`; the bias of at most count/2^32 does not show here. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal. */
  next(): number {
    for (;;) {
      const layer = this.#bits() & (layers - 1);
      const u = this.#bits() / 2147483648;
      const edge = edges[layer] as number;
      const x = u * edge;
      if (Math.abs(u) < (ratios[layer] as number)) return x;
      if (layer === 0) return this.#tail(u < 0);
      const outer = exp(-0.5 * (edge * edge - x * x));
      const inner = edges[layer + 1] as number;
      const within = exp(-0.5 * (inner * inner - x * x));
      if (within + this.uniform() * (outer - within) < 1) return x;
    }
  }

  #tail(negative: boolean): number {
    for (;;) {
      const x = ln(1 - this.uniform()) / tailBegin;
      const y = ln(1 - this.uniform());
      if (-2 * y >= x * x) return negative ? x - tailBegin : tailBegin - x;
    }
  }

  /** Laplace with mean 0. */
  laplace(scale: number): number {
    const u = this.uniform() - 0.5;
    return -scale * Math.sign(u) * ln(1 - 2 * Math.abs(u));
  }

  fill(count: number): Float64Array {
    const values = new Float64Array(count);
    for (let index = 0; index < count; index += 1) values[index] = this.next();
    return values;
  }
}
