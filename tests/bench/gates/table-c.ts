import { type Cell, loopOf, reference } from './cell.ts';
import type { Disclosure } from './gate.ts';
import type { GateName } from './loop.ts';

type Published = readonly [
  gate: GateName,
  label: string,
  disclosure: Disclosure,
  stack50: string,
  stack200: string,
  overfit200: string,
  amplify200: string,
  accuracy200: string | null,
];

const published: readonly Published[] = [
  ['mean-higher', 'mean higher / score', 'score', '.997±.001', '1.000', '.119±.001', '1.000', null],
  ['p-each', 'p < .05 / score', 'score', '.797±.009', '.973±.008', '.084±.002', '.653±.024', null],
  ['p-each', 'p < .05 / bit', 'bit', '.571±.011', '.830±.019', '.043±.001', '.653±.024', null],
  ['bonferroni', 'Bonferroni / score', 'score', '.188±.009', '.758±.021', '.064±.002', '.010±.005', null],
  ['bonferroni', 'Bonferroni / bit', 'bit', '.024±.003', '.030±.009', '.002±.002', '.010±.005', null],
  ['lord++', 'LORD++ / score', 'score', '.006±.002', '.255±.022', '.028±.003', '.003±.003', null],
  ['ladder', 'Ladder / score on gain', 'score', '.902±.007', '.980±.007', '.066±.001', '1.000', null],
  [
    'thresholdout',
    'Thresholdout / noisy score',
    'score',
    '.966±.004',
    '.998±.003',
    '.057±.001',
    '.993±.004',
    null,
  ],
  ['every-candidate', 'coded 1/T / bit', 'bit', '.024±.003', '.030±.009', '.002±.002', '.008±.004', null],
  [
    'certified',
    'certified / bit, all dev scores',
    'bit',
    '.001±.001',
    '.018±.007',
    '.001±.002',
    '.000',
    '.857',
  ],
];

const real = [{ share: 0.1, gain: 0.05 }];
const wanted = (figure: string, text: string | null) => ({ figure, reference: reference(text) });

/** C: proposers that use what the gate tells. */
export const tableC: readonly Cell[] = published.flatMap(
  ([gate, label, disclosure, stack50, stack200, overfit, amplify200, accuracy]) => {
    const cellOf = (adversary: 'stack' | 'amplify', rounds: number, figures: Cell['wanted']): Cell => ({
      table: 'C',
      labels: [label, adversary, String(rounds)],
      experiment: loopOf({
        ...{ gate, items: 300, rounds, discordance: 0.15, adversary, disclosure },
        kinds: adversary === 'amplify' ? real : [],
      }),
      repetitions: rounds === 50 ? 2000 : 400,
      wanted: figures,
      evaluationsReference: null,
    });
    return [
      cellOf('stack', 50, [
        wanted('falsePromotion', stack50),
        wanted('overfit', null),
        wanted('accuracy', null),
      ]),
      cellOf('stack', 200, [
        wanted('falsePromotion', stack200),
        wanted('overfit', overfit),
        wanted('accuracy', null),
      ]),
      cellOf('amplify', 200, [
        wanted('falsePromotion', amplify200),
        wanted('overfit', null),
        wanted('accuracy', accuracy),
      ]),
    ];
  },
);
