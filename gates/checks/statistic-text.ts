import type { HeldOutOutcome } from '../policy/held-out-test.ts';
import { parseRational, rationalText, toNumber } from '../policy/math/rational.ts';

/** Events hold no longer one; a p-value of more than some 25,000 discordant items is rounded up to this many bits. */
const statisticCharactersMax = 16_000;
const roundedBits = 20_000n;

/** As it is recorded: an exact p-value as a fraction, or `capital 12.5` for bets. */
export function statisticText(evidence: HeldOutOutcome['evidence']): string {
  if ('capital' in evidence) return `capital ${evidence.capital}`;
  if (evidence.p.length <= statisticCharactersMax) return evidence.p;
  const { numerator, denominator } = parseRational(evidence.p);
  const scaled = (numerator << roundedBits) / denominator + 1n;
  return rationalText({ numerator: scaled, denominator: 1n << roundedBits });
}

/** A recorded statistic as a p-value: bets give 1/capital (Markov), and 1 stands for none at all. */
export function pValueOf(statistic: string | null): number {
  if (statistic === null) return 1;
  const capital = /^capital (\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(statistic)?.[1];
  if (capital !== undefined) return Math.min(1, 1 / Number(capital));
  const fraction = /^(\d+)(?:\/([1-9]\d*))?$/.exec(statistic);
  if (fraction?.[1] === undefined) return 1;
  return Math.min(1, toNumber({ numerator: BigInt(fraction[1]), denominator: BigInt(fraction[2] ?? '1') }));
}
