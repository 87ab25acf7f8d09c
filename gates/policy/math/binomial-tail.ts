/** C(n, k), exactly. */
export function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let result = 1n;
  const smaller = Math.min(k, n - k);
  for (let index = 1; index <= smaller; index += 1) {
    result = (result * BigInt(n - smaller + index)) / BigInt(index);
  }
  return result;
}

/**
 * Σ_{k=from}^{n} C(n, k): P(Bin(n, ½) >= from) · 2^n, exactly. Sums whichever tail is shorter, because the two make 2^n.
 */
export function upperTailCount(from: number, n: number): bigint {
  if (from <= 0) return 1n << BigInt(n);
  if (from > n) return 0n;
  if (from <= n / 2) return (1n << BigInt(n)) - lowerTailCount(from - 1, n);
  // C(n, k) = C(n, n - k): the upper tail from k on is the lower tail up to n - k.
  return lowerTailCount(n - from, n);
}

/** Σ_{k=0}^{to} C(n, k). */
export function lowerTailCount(to: number, n: number): bigint {
  if (to >= n) return 1n << BigInt(n);
  let sum = 0n;
  let term = 1n;
  for (let k = 0; k <= to; k += 1) {
    sum += term;
    term = (term * BigInt(n - k)) / BigInt(k + 1);
  }
  return sum;
}
