import type { GateName, LoopOptions } from './loop.ts';

/** One cell of a table: a gate in a scenario, with what the reference simulations found there. */
export interface Cell extends Omit<LoopOptions, 'seed'> {
  readonly table: 'A' | 'B';
  readonly loops: number;
  /** Family-wise false promotions per loop, and the final accuracy, with standard errors where they were published. */
  readonly reference: { readonly falsePromotion: number; readonly accuracy: number | null };
}

const nulls = (gate: GateName, items: number, falsePromotion: number): Cell => ({
  ...{ table: 'A', gate, items, rounds: 50, discordance: 0.2, realShare: 0, realGain: 0, loops: 4000 },
  reference: { falsePromotion, accuracy: null },
});

const mixed = (gate: GateName, falsePromotion: number, accuracy: number): Cell => ({
  ...{
    table: 'B',
    gate,
    items: 300,
    rounds: 50,
    discordance: 0.15,
    realShare: 0.1,
    realGain: 0.05,
    loops: 4000,
  },
  reference: { falsePromotion, accuracy },
});

/** The cells of T = 50 whose method is the same as in the reference. */
export const cells: readonly Cell[] = [
  nulls('mean-higher', 300, 0.997),
  nulls('p-each', 300, 0.554),
  nulls('dev-then-p', 300, 0.175),
  nulls('every-candidate', 300, 0.025),
  nulls('certified', 100, 0.001),
  nulls('certified', 300, 0.002),
  nulls('certified', 500, 0.002),
  mixed('mean-higher', 1, 0.826),
  mixed('p-each', 0.435, 0.727),
  mixed('dev-then-p', 0.097, 0.731),
  mixed('every-candidate', 0.011, 0.621),
  mixed('explore', 0.048, 0.682),
  mixed('certified', 0.0003, 0.754),
];
