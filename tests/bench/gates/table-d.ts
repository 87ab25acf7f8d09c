import { type Cell, loopOf, reference } from './cell.ts';
import type { GateName } from './loop.ts';

const mixed = [{ share: 0.1, gain: 0.05 }];

type Published = readonly [
  gate: GateName,
  label: string,
  items: number,
  scenario: 'null' | 'mixed',
  power: string | null,
  evaluations: string | null,
];

const published: readonly Published[] = [
  ['every-candidate-to-the-end', 'no looks', 300, 'null', null, '15000'],
  ['every-candidate-with-looks', '10 looks', 300, 'null', null, '3885'],
  ['every-candidate-to-the-end', 'no looks', 300, 'mixed', '.090', '15000'],
  ['every-candidate-with-looks', '10 looks', 300, 'mixed', '.086', '4509'],
  ['every-candidate-to-the-end', 'no looks', 100, 'mixed', null, null],
  ['every-candidate-with-looks', '10 looks', 100, 'mixed', '.000', null],
];

/** D: what stopping for futility saves, and what it costs, where every candidate is tested. */
export const tableD: readonly Cell[] = published.map(
  ([gate, label, items, scenario, power, evaluations]) => ({
    table: 'D',
    labels: [label, scenario, String(items)],
    experiment: loopOf({
      ...{ gate, items, rounds: 50, discordance: scenario === 'null' ? 0.2 : 0.15 },
      kinds: scenario === 'null' ? [] : mixed,
    }),
    repetitions: 4000,
    wanted: [
      { figure: 'falsePromotion', reference: null },
      { figure: 'power', reference: reference(power) },
    ],
    evaluationsReference: evaluations,
  }),
);
