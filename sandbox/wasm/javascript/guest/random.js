/** xorshift128 (Marsaglia 2003, "Xorshift RNGs"), seeded with four 32-bit words, as `Math.random`: 53 bits a draw. */
() => {
  let x = 1;
  let y = 2;
  let z = 3;
  let w = 4;
  const next = () => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
  return {
    __proto__: null,
    seed(a, b, c, d) {
      x = a | 1;
      y = b;
      z = c;
      w = d;
    },
    random: () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992,
  };
};
