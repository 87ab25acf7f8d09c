import { type Cell, loopOf } from './cell.ts';
import type { CertifiedName } from './certified-gate.ts';
import type { LoopOptions } from './loop.ts';

const variants: readonly (readonly [CertifiedName, string])[] = [
  ['certified', 'default: f = 1/3, dev entry .20'],
  ['certified-half', 'f = 1/2'],
  ['certified-wide', 'dev entry .40'],
  ['certified-closing', 'closing test, share 9/10'],
  ['certified-wide-closing', 'dev entry .40, closing test'],
  ['certified-wide-closing-rare', 'the same, trigger at .6'],
];

type Scenario = Pick<LoopOptions, 'items' | 'rounds' | 'discordance'> & Partial<LoopOptions>;

const gains = (share: number, gain: number): Partial<LoopOptions> => ({ kinds: [{ share, gain }] });
const base = { items: 300, rounds: 50, discordance: 0.15 } as const;
const mixed = gains(0.1, 0.05);
const harmful = {
  kinds: [
    { share: 0.1, gain: 0.05 },
    { share: 0.45, gain: -0.03 },
  ],
} as const;

const mostlyHarmful = {
  kinds: [
    { share: 0.05, gain: 0.05 },
    { share: 0.9, gain: -0.02 },
  ],
} as const;

const scenarios: readonly (readonly [string, Scenario])[] = [
  ['null, n = 300', { ...base, discordance: 0.2 }],
  ['null, n = 300, T = 200', { ...base, discordance: 0.2, rounds: 200 }],
  ['stack, n = 300, T = 200', { ...base, rounds: 200, adversary: 'stack' }],
  ['amplify, n = 300, T = 200', { ...base, ...mixed, rounds: 200, adversary: 'amplify' }],
  ...[100, 300, 500].flatMap((items) =>
    [0.1, 0.15, 0.2].map(
      (discordance) =>
        [`mixed, n = ${items}, d = ${discordance}`, { ...base, ...mixed, items, discordance }] as const,
    ),
  ),
  ['mixed, n = 100, T = 200', { ...base, ...mixed, items: 100, rounds: 200 }],
  ['mixed, n = 300, T = 200', { ...base, ...mixed, rounds: 200 }],
  ['mixed, n = 500, T = 200', { ...base, ...mixed, items: 500, rounds: 200 }],
  ['harmful, n = 100', { ...base, ...harmful, items: 100 }],
  ['harmful, n = 300', { ...base, ...harmful }],
  ['harmful, n = 500', { ...base, ...harmful, items: 500 }],
  ['5 % are +.05 and 90 % -.02, n = 100', { ...base, ...mostlyHarmful, items: 100 }],
  ['5 % are +.05 and 90 % -.02, n = 300', { ...base, ...mostlyHarmful }],
  ['5 % are +.05 and 90 % -.02, n = 500', { ...base, ...mostlyHarmful, items: 500 }],
  ['5 % are +.05, n = 300', { ...base, ...gains(0.05, 0.05) }],
  ['20 % are +.05, n = 300', { ...base, ...gains(0.2, 0.05) }],
  ['10 % are +.03, n = 300', { ...base, ...gains(0.1, 0.03) }],
  ['10 % are +.10, n = 300', { ...base, ...gains(0.1, 0.1) }],
  ['5 % are +.10, n = 300', { ...base, ...gains(0.05, 0.1) }],
];

/** F: what the guarantee leaves open. Every variant meets the same loops, so differences are surer than their errors say. */
export const tableF: readonly Cell[] = scenarios.flatMap(([label, scenario]) =>
  variants.map(([gate, name]) => ({
    table: 'F' as const,
    labels: [label, name],
    experiment: loopOf({ ...scenario, gate }),
    repetitions: scenario.rounds === 200 ? 250 : 1000,
    wanted: ['falsePromotion', 'accuracy', 'meanAccuracy', 'workingAccuracy'].map((figure) => ({
      figure,
      reference: null,
    })),
    evaluationsReference: null,
  })),
);
