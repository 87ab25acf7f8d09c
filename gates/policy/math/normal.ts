import { exp, ln } from './elementary.ts';

const inverseSqrtTwoPi = 0.3989422804014327;
const sqrtPi = 1.772453850905516;

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return inverseSqrtTwoPi * exp((-x * x) / 2);
}

/** P(Z <= x) for a standard normal Z; relative error about 1e-14 also far out in the lower tail. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  return x <= 0 ? upperTail(-x) : 1 - upperTail(x);
}

/** P(Z > x) for x >= 0: by the series of the error function near zero, by its continued fraction further out. */
function upperTail(x: number): number {
  const t = x / Math.SQRT2;
  if (t < 2) return 0.5 - 0.5 * errorFunctionSeries(t);
  if (t > 40) return 0;
  // erfc(t) = exp(-t²)/√π · 1/(t + (1/2)/(t + 1/(t + (3/2)/(t + …)))), Abramowitz & Stegun 7.1.14, from the inside out.
  let fraction = t;
  for (let level = 120; level >= 1; level -= 1) fraction = t + level / 2 / fraction;
  return (0.5 * exp(-t * t)) / (sqrtPi * fraction);
}

/** erf(t) = 2/√π · exp(-t²) · Σ 2^n t^(2n+1)/(2n+1)!!, Abramowitz & Stegun 7.1.6: all terms are positive. */
function errorFunctionSeries(t: number): number {
  let term = t;
  let sum = t;
  for (let n = 1; n < 80 && term > sum * 1e-18; n += 1) {
    term *= (2 * t * t) / (2 * n + 1);
    sum += term;
  }
  return (2 / sqrtPi) * exp(-t * t) * sum;
}

/**
 * The x with P(Z <= x) = p. A rough start (Abramowitz & Stegun 26.2.23) is refined by Halley steps on the smaller tail, where
 * no digits are lost. Infinite at 0 and 1, NaN outside.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  return p < 0.5 ? lowerQuantile(p) : -lowerQuantile(1 - p);
}

function lowerQuantile(p: number): number {
  const t = Math.sqrt(-2 * ln(p));
  const top = 2.515517 + t * (0.802853 + t * 0.010328);
  const bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let x = top / bottom - t;
  for (let step = 0; step < 4; step += 1) {
    const error = (normalCdf(x) - p) / normalDensity(x);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}
