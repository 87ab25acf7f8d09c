import { type Cell, reference } from './cell.ts';
import type { Population, SingleTestName } from './single-tests.ts';

type Rates = Readonly<Partial<Record<SingleTestName, string>>>;
type Published = readonly [population: Population, items: number, delta: number, rates: Rates];

const published: readonly Published[] = [
  [
    'pass-fail',
    300,
    0,
    {
      mcnemar: '.011',
      'sign-mixture-final': '.001',
      'sign-mixture-any': '.008',
      'deadline-bet': '.011',
      'paired-t': '.017',
    },
  ],
  [
    'pass-fail',
    100,
    0.05,
    {
      mcnemar: '.126',
      'sign-mixture-final': '.032',
      'sign-mixture-any': '.059',
      'deadline-bet': '.113',
      'paired-t': '.201',
    },
  ],
  [
    'pass-fail',
    300,
    0.05,
    {
      mcnemar: '.503',
      'sign-mixture-final': '.175',
      'sign-mixture-any': '.287',
      'deadline-bet': '.469',
      'paired-t': '.560',
    },
  ],
  [
    'pass-fail',
    500,
    0.05,
    {
      mcnemar: '.760',
      'sign-mixture-final': '.360',
      'sign-mixture-any': '.496',
      'deadline-bet': '.741',
      'paired-t': '.793',
    },
  ],
  [
    'pass-fail',
    100,
    0.1,
    { mcnemar: '.615', 'sign-mixture-final': '.322', 'deadline-bet': '.546', 'paired-t': '.727' },
  ],
  [
    'pass-fail',
    300,
    0.1,
    { mcnemar: '.994', 'sign-mixture-final': '.939', 'deadline-bet': '.991', 'paired-t': '.996' },
  ],
  ['graded', 300, 0, { 'deadline-bet': '.009', 'grid-final': '.000', 'paired-t': '.014', bootstrap: '.016' }],
  [
    'graded',
    300,
    0.04,
    {
      'deadline-bet': '.647',
      'grid-final': '.338',
      'grid-any': '.440',
      'paired-t': '.736',
      bootstrap: '.741',
    },
  ],
  ['tied', 300, 0, { 'deadline-bet': '.009', 'grid-final': '.001', 'paired-t': '.017', bootstrap: '.019' }],
  [
    'tied',
    300,
    0.04,
    {
      'deadline-bet': '.735',
      'grid-final': '.449',
      'grid-any': '.540',
      'paired-t': '.832',
      bootstrap: '.856',
    },
  ],
  [
    'rare-losses',
    100,
    0,
    {
      'deadline-bet': '.000',
      'grid-final': '.000',
      'paired-t': '.130',
      'sign-flip': '.130',
      bootstrap: '.136',
    },
  ],
  [
    'rare-losses',
    300,
    0,
    {
      'deadline-bet': '.007',
      'grid-final': '.000',
      'paired-t': '.060',
      'sign-flip': '.060',
      bootstrap: '.054',
    },
  ],
];

const exact: readonly SingleTestName[] = ['mcnemar', 'sign-mixture-final', 'sign-mixture-any'];
const graded: readonly SingleTestName[] = ['grid-final', 'grid-any'];
const sampled: readonly SingleTestName[] = ['bootstrap', 'sign-flip'];

/** The columns of the table. */
export const singleTestColumns: readonly SingleTestName[] = [
  ...exact,
  'deadline-bet',
  ...graded,
  'paired-t',
  ...sampled,
];

/** E: one test at level 1/60. Methods that draw resamples get a quarter of the repetitions. */
export const tableE: readonly Cell[] = published.flatMap(([population, items, delta, rates]) => {
  const methods = singleTestColumns.filter((method) => methodsFor(population).includes(method));
  return [
    methods.filter((method) => !sampled.includes(method)),
    methods.filter((method) => sampled.includes(method)),
  ]
    .filter((group) => group.length > 0)
    .map(
      (group): Cell => ({
        table: 'E',
        labels: [population, String(items), String(delta)],
        experiment: { kind: 'single-tests', options: { population, items, delta, methods: group } },
        repetitions: sampled.includes(group[0] as SingleTestName) ? 1000 : 4000,
        wanted: group.map((figure) => ({ figure, reference: reference(rates[figure] ?? null) })),
        evaluationsReference: null,
      }),
    );
});

function methodsFor(population: Population): readonly SingleTestName[] {
  const others: readonly SingleTestName[] = ['deadline-bet', 'paired-t'];
  if (population === 'pass-fail') return [...exact, ...others];
  return [...graded, ...others, 'bootstrap', ...(population === 'rare-losses' ? ['sign-flip' as const] : [])];
}
