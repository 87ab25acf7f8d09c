/**
 * Exponential and natural logarithm from additions, multiplications and divisions alone. `Math.exp` and `Math.log` leave the
 * last digits to the engine; these give the same bits wherever IEEE 754 holds, so a decision that rests on them replays.
 */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

const wordView = new DataView(new ArrayBuffer(8));

/** e^x; relative error below 4e-16. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const power = Math.round(x / (ln2High + ln2Low));
  const rest = x - power * ln2High - power * ln2Low;
  // Taylor series from the smallest term on; |rest| <= 0.35, so the 18th term is below 1e-24.
  let sum = 1;
  for (let term = 18; term >= 1; term -= 1) sum = 1 + (rest / term) * sum;
  const half = Math.trunc(power / 2);
  return sum * 2 ** half * 2 ** (power - half);
}

/** Natural logarithm; relative error below 4e-16 away from 1, absolute error below 2e-17 near it. */
export function ln(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2.2250738585072014e-308;
  wordView.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const high = wordView.getUint32(0);
  let power = ((high >>> 20) & 0x7ff) - 1023 - (subnormal ? 54 : 0);
  wordView.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = wordView.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    power += 1;
  }
  // ln m = 2 artanh((m - 1)/(m + 1)); the argument is at most 0.172, so its 25th power is below 1e-19.
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let odd = 25; odd >= 3; odd -= 2) sum = (sum + 1 / odd) * square;
  return power * ln2High + (2 * ratio + (2 * ratio * sum + power * ln2Low));
}

/** ln(1 + x), without losing digits where x is small. */
export function ln1p(x: number): number {
  if (Math.abs(x) > 0.25) return ln(1 + x);
  const ratio = x / (2 + x);
  const square = ratio * ratio;
  let sum = 0;
  for (let odd = 25; odd >= 3; odd -= 2) sum = (sum + 1 / odd) * square;
  return 2 * ratio * (1 + sum);
}
