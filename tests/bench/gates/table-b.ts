import { type Cell, loopOf, reference } from './cell.ts';
import { type GateName, isCertified } from './loop.ts';
import type { Kind } from './proposers.ts';

const mixed: readonly Kind[] = [{ share: 0.1, gain: 0.05 }];
const harmful: readonly Kind[] = [
  { share: 0.1, gain: 0.05 },
  { share: 0.45, gain: -0.03 },
];

interface Published {
  readonly fwer?: string;
  readonly fdr?: string;
  /** Of gates with one track the power; of those with two the share of the gains. */
  readonly power?: string;
  readonly accuracy?: string;
  readonly harmful?: string;
  readonly evaluations?: string;
}

const labels: Readonly<Partial<Record<GateName, string>>> = {
  'mean-higher': 'mean higher',
  'p-each': 'p < .05 each',
  'dev-then-p': 'dev p ≤ .2, then p < .05',
  'e-each': 'per-candidate e ≥ 20',
  ladder: 'Ladder, parameter-free',
  thresholdout: 'Thresholdout > .025',
  bonferroni: 'Bonferroni α/T',
  'lord++': 'LORD++',
  saffron: 'SAFFRON',
  'e-lond': 'e-LOND',
  'every-candidate': 'coded 1/T, futility',
  'ledger-bypassed': 'ledger f = 1/3, dev bypassed',
  'certified-no-trigger': 'certified without trigger',
};

const at300: readonly (readonly [GateName, Published])[] = [
  [
    'mean-higher',
    { fwer: '1.000', fdr: '.660±.002', power: '.909±.002', accuracy: '.826±.002', evaluations: '15000' },
  ],
  [
    'p-each',
    { fwer: '.435±.008', fdr: '.192±.004', power: '.508±.004', accuracy: '.727±.001', evaluations: '15000' },
  ],
  [
    'dev-then-p',
    { fwer: '.097±.005', fdr: '.046±.003', power: '.524±.004', accuracy: '.731±.001', evaluations: '3039' },
  ],
  [
    'e-each',
    { fwer: '.325±.007', fdr: '.206±.005', power: '.263±.003', accuracy: '.665±.001', evaluations: '14762' },
  ],
  [
    'ladder',
    { fwer: '.955±.003', fdr: '.395±.003', power: '.752±.003', accuracy: '.788±.002', evaluations: '15000' },
  ],
  ['thresholdout', {}],
  [
    'bonferroni',
    { fwer: '.013±.002', fdr: '.012±.002', power: '.102±.002', accuracy: '.626±.001', evaluations: '15000' },
  ],
  ['lord++', { fwer: '.001', fdr: '.000', power: '.014', accuracy: '.604', evaluations: '15000' }],
  ['saffron', { fwer: '.020', fdr: '.019', power: '.064', accuracy: '.616', evaluations: '15000' }],
  ['e-lond', { fwer: '.001±.001', fdr: '.001', power: '.031±.001', accuracy: '.608', evaluations: '15000' }],
  [
    'every-candidate',
    { fwer: '.011±.002', fdr: '.011±.002', power: '.086±.002', accuracy: '.621', evaluations: '4509' },
  ],
  ['ledger-bypassed', {}],
  [
    'explore',
    { fwer: '.048±.003', fdr: '.021±.002', power: '.326±.003', accuracy: '.682±.001', evaluations: '3325' },
  ],
  [
    'certified-no-trigger',
    { fwer: '.007±.001', fdr: '.004±.001', power: '.61', accuracy: '.752±.002', evaluations: '1208' },
  ],
  [
    'certified',
    { fwer: '.0003±.0002', fdr: '.0001', power: '.62', accuracy: '.754±.002', evaluations: '635' },
  ],
];

const at500: readonly (readonly [GateName, Published])[] = [
  ['mean-higher', { fwer: '1.00', accuracy: '.836' }],
  ['p-each', { fwer: '.586', accuracy: '.800' }],
  ['dev-then-p', { fwer: '.172', accuracy: '.808' }],
  ['e-each', { fwer: '.414', accuracy: '.730' }],
  ['ladder', { fwer: '.970', accuracy: '.825' }],
  ['bonferroni', { fwer: '.009', accuracy: '.665' }],
  ['lord++', { fwer: '.001', accuracy: '.615' }],
  ['saffron', { fwer: '.026', accuracy: '.647' }],
  ['e-lond', { fwer: '.000', accuracy: '.621' }],
  ['every-candidate', { fwer: '.008', accuracy: '.642' }],
  ['explore', { fwer: '.135', accuracy: '.768' }],
  ['certified-no-trigger', { fwer: '.005', accuracy: '.803' }],
  ['certified', { fwer: '.0005', accuracy: '.802' }],
];

const at100: readonly (readonly [GateName, Published])[] = [
  ['mean-higher', { fwer: '.997', accuracy: '.748' }],
  ['p-each', { fwer: '.325', accuracy: '.632' }],
  ['dev-then-p', { fwer: '.071', accuracy: '.626' }],
  ['ladder', { fwer: '.859', accuracy: '.675' }],
  ['bonferroni', { fwer: '.016', accuracy: '.604' }],
  ['lord++', { fwer: '0.000', accuracy: '.600' }],
  ['saffron', { fwer: '.015', accuracy: '.602' }],
  ['e-lond', { fwer: '.002', accuracy: '.601' }],
  ['every-candidate', { fwer: '.011', accuracy: '.602' }],
  ['explore', { fwer: '.019', accuracy: '.611' }],
  ['certified-no-trigger', { fwer: '.005', accuracy: '.622' }],
  ['certified', { fwer: '.0003', accuracy: '.626' }],
];

const longer: readonly (readonly [number, GateName, Published])[] = [
  [300, 'p-each', { fwer: '.720±.014', accuracy: '.910' }],
  [300, 'dev-then-p', { fwer: '.216±.013', accuracy: '.921' }],
  [300, 'bonferroni', { fwer: '.002', accuracy: '.633' }],
  [300, 'certified', { fwer: '.001±.001', accuracy: '.916±.001', evaluations: '1118' }],
  [500, 'dev-then-p', { fwer: '.406±.016', accuracy: '.950' }],
  [500, 'certified', { fwer: '.002±.001', accuracy: '.934' }],
  [100, 'p-each', { fwer: '.452±.016', accuracy: '.660' }],
  [100, 'certified', { fwer: '.003±.002', accuracy: '.682' }],
];

const withoutDev: readonly (readonly [GateName, Published])[] = [
  ['mean-higher', { fwer: '1.000', accuracy: '.840' }],
  ['p-each', { fwer: '.616±.011', accuracy: '.819' }],
  ['bonferroni', { fwer: '.011', accuracy: '.697' }],
];

const withHarm: readonly (readonly [GateName, Published])[] = [
  ['mean-higher', { fwer: '.998', harmful: '.41', accuracy: '.821' }],
  ['p-each', { fwer: '.283±.007', harmful: '.006', accuracy: '.737' }],
  ['e-each', { fwer: '.214±.007', harmful: '.017', accuracy: '.670' }],
  ['certified', { fwer: '.0005±.0004', harmful: '.000', accuracy: '.764' }],
];

const scenarios = { mixed, harmful } as const;

function cell(
  [gate, published]: readonly [GateName, Published],
  items: number,
  rounds: number,
  scenario: keyof typeof scenarios,
): Cell {
  const kinds = scenarios[scenario];
  const power = isCertified(gate) ? 'gainShare' : 'power';
  return {
    table: 'B',
    labels: [labels[gate] ?? gate, scenario, String(items), String(rounds)],
    experiment: loopOf({ gate, items, rounds, discordance: 0.15, kinds }),
    repetitions: rounds > 50 ? 1000 : items === 600 ? 2000 : 4000,
    wanted: [
      { figure: 'falsePromotion', reference: reference(published.fwer ?? null) },
      { figure: 'falseShare', reference: reference(published.fdr ?? null) },
      { figure: 'harmful', reference: reference(published.harmful ?? null) },
      { figure: power, reference: reference(published.power ?? null) },
      { figure: 'accuracy', reference: reference(published.accuracy ?? null) },
    ],
    evaluationsReference: published.evaluations ?? null,
  };
}

/** B: a tenth of the candidates is better by 0.05; the others are as good as their parent, or (harmful) half of them worse. */
export const tableB: readonly Cell[] = [
  ...at300.map((row) => cell(row, 300, 50, 'mixed')),
  ...at500.map((row) => cell(row, 500, 50, 'mixed')),
  ...at100.map((row) => cell(row, 100, 50, 'mixed')),
  ...longer.map(([items, gate, row]) => cell([gate, row], items, 200, 'mixed')),
  ...withoutDev.map((row) => cell(row, 600, 50, 'mixed')),
  ...withHarm.map((row) => cell(row, 300, 50, 'harmful')),
];
