import type { Cell, TableName } from './cell.ts';
import { tableA } from './table-a.ts';
import { tableB } from './table-b.ts';
import { tableC } from './table-c.ts';
import { tableD } from './table-d.ts';
import { singleTestColumns, tableE } from './table-e.ts';
import { tableF } from './table-f.ts';

/** How a table is shown. */
export interface TableDefinition {
  readonly title: string;
  readonly labels: readonly string[];
  /** Figures as they are named in results, with their heads; a cell without one leaves it out. */
  readonly figures: readonly (readonly [figures: readonly string[], head: string])[];
  readonly evaluations: boolean;
  readonly cells: readonly Cell[];
}

const falsePromotion = [['falsePromotion'], 'false promotion'] as const;

export const tables: Readonly<Record<TableName, TableDefinition>> = {
  A: {
    title: 'A. No candidate is better: loops with a false promotion, discordance 0.20',
    labels: ['gate', 'n', 'T'],
    figures: [falsePromotion],
    evaluations: true,
    cells: tableA,
  },
  B: {
    title: 'B. A tenth of the candidates is better by 0.05, discordance 0.15',
    labels: ['gate', 'others', 'n', 'T'],
    figures: [
      falsePromotion,
      [['falseShare'], 'false share (FDR)'],
      [['harmful'], 'harmful promotions'],
      [['power', 'gainShare'], 'power or gain share'],
      [['accuracy'], 'true accuracy in the end'],
    ],
    evaluations: true,
    cells: tableB,
  },
  C: {
    title: 'C. Proposers that use what they are told, n = 300, discordance 0.15',
    labels: ['gate / disclosure', 'adversary', 'T'],
    figures: [
      falsePromotion,
      [['overfit'], 'held-out less true accuracy'],
      [['accuracy'], 'true accuracy in the end'],
    ],
    evaluations: true,
    cells: tableC,
  },
  D: {
    title: 'D. Stopping for futility, `every-candidate`, T = 50',
    labels: ['looks', 'candidates', 'n'],
    figures: [falsePromotion, [['power'], 'power']],
    evaluations: true,
    cells: tableD,
  },
  E: {
    title: 'E. One test at level 1/60: how often it rejects',
    labels: ['differences', 'n', 'mean'],
    figures: singleTestColumns.map((name) => [[name], name.replaceAll('-', ' ')] as const),
    evaluations: false,
    cells: tableE,
  },
  F: {
    title: 'F. Variants of `certified` with the same guarantee',
    labels: ['scenario', 'variant'],
    figures: [
      falsePromotion,
      [['accuracy'], 'true accuracy in the end'],
      [['meanAccuracy'], 'mean over the rounds'],
      [['workingAccuracy'], 'working champion in the end'],
    ],
    evaluations: true,
    cells: tableF,
  },
};
