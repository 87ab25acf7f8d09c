import { type Cell, loopOf, reference } from './cell.ts';
import type { GateName } from './loop.ts';

type Published = readonly [
  gate: GateName,
  label: string,
  figures: readonly (string | null)[],
  evaluations: string | null,
];

const sizes = [
  [100, 50],
  [100, 200],
  [300, 50],
  [300, 200],
  [500, 50],
  [500, 200],
] as const;

/** False promotion per loop, by sizes; and evaluations at n = 300, T = 50. */
const published: readonly Published[] = [
  [
    'mean-higher',
    'mean higher',
    ['.995±.001', '1.000', '.997±.001', '1.000', '.997±.001', '.999±.001'],
    '15000',
  ],
  [
    'p-each',
    'p < .05 each',
    ['.505±.008', '.750±.014', '.554±.008', '.784±.013', '.565±.008', '.781±.013'],
    '15000',
  ],
  [
    'dev-then-p',
    'dev p ≤ .2, then p < .05',
    ['.157±.006', '.330±.015', '.175±.006', '.398±.015', '.188±.006', '.401±.015'],
    '2116',
  ],
  ['e-each', 'per-candidate e ≥ 20', [null, null, '.472±.008', '.720±.014', null, null], '~14700'],
  [
    'ladder',
    'Ladder, parameter-free',
    ['.897±.005', '.968±.006', '.902±.005', '.975±.005', '.901±.005', '.969±.005'],
    '15000',
  ],
  [
    'thresholdout',
    'Thresholdout > .025',
    ['.995±.001', '.999±.001', '.977±.002', '.998±.001', '.940±.004', '.997±.002'],
    '15000',
  ],
  ['lord++', 'LORD++', ['.001±.001', '.000', '.001±.001', '.000', '.001±.001', '.000'], '15000'],
  [
    'saffron',
    'SAFFRON',
    ['.021±.002', '.035±.006', '.030±.003', '.033±.006', '.034±.003', '.030±.005'],
    '15000',
  ],
  [
    'every-candidate',
    'coded 1/T, futility',
    ['.020±.002', '.021±.004', '.025±.003', '.028±.005', '.029±.003', '.023±.005'],
    '3885',
  ],
  ['bonferroni', 'Bonferroni α/T', [null, null, null, null, null, null], null],
  ['e-lond', 'e-LOND', [null, null, null, null, null, null], null],
  ['explore', 'explore', [null, null, null, null, null, null], null],
  [
    'ledger-bypassed',
    'ledger f = 1/3, dev bypassed',
    [null, null, '.028±.003', '.029±.004', '.032±.003', null],
    null,
  ],
  ['certified-no-trigger', 'certified without trigger', [null, null, null, null, null, null], null],
  [
    'certified',
    'certified',
    ['.001±.001', '.003±.002', '.002±.001', '.007±.003', '.002±.001', '.006±.002'],
    '20',
  ],
];

/** As many as the reference ran; fewer where there is nothing to compare with. */
function repetitionsOf(rounds: number, published: boolean): number {
  if (rounds === 50) return published ? 4000 : 1000;
  return published ? 1000 : 250;
}

/** A: no candidate is better. */
export const tableA: readonly Cell[] = published.flatMap(([gate, label, figures, evaluations]) =>
  sizes.map(([items, rounds], place) => ({
    table: 'A' as const,
    labels: [label, String(items), String(rounds)],
    experiment: loopOf({ gate, items, rounds, discordance: 0.2 }),
    repetitions: repetitionsOf(rounds, figures[place] !== null),
    wanted: [{ figure: 'falsePromotion', reference: reference(figures[place] ?? null) }],
    evaluationsReference: items === 300 && rounds === 50 ? evaluations : null,
  })),
);
