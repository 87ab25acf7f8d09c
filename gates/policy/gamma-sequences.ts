import { exp, ln } from './math/elementary.ts';

/** Shares of alpha per test; each sums to one over j = 1, 2, 3 … */
export type GammaSequence = (j: number) => number;

/** 0.07720838 ln(max(j, 2))/(j e^√(ln j)), of LORD (arXiv 1710.00499); 0 for j < 1. */
export const lordGamma: GammaSequence = (j) =>
  j < 1 ? 0 : (0.07720838 * ln(Math.max(j, 2))) / (j * exp(Math.sqrt(ln(j))));

/** 0.4374901658/j^1.6, of SAFFRON (arXiv 1802.09098); 0 for j < 1. */
export const saffronGamma: GammaSequence = (j) => (j < 1 ? 0 : 0.4374901658 / exp(1.6 * ln(j)));
