import { agrees, type Cell } from './cell.ts';
import type { TableDefinition } from './tables.ts';
import { estimateOf, type Tally } from './tally.ts';

/** What was measured for a cell. */
export interface Measured {
  readonly cell: Cell;
  readonly tally: Tally;
}

/** One figure beside its reference, for programs. */
export interface Line {
  readonly table: string;
  readonly labels: readonly string[];
  readonly figure: string;
  readonly repetitions: number;
  readonly mean: number;
  readonly error: number;
  readonly reference: string | null;
  readonly agrees: boolean | null;
}

export function linesOf({ cell, tally }: Measured): readonly Line[] {
  const evaluations = { figure: 'evaluations', reference: null };
  const wanted = tally['evaluations'] === undefined ? cell.wanted : [...cell.wanted, evaluations];
  return wanted.flatMap(({ figure, reference }) => {
    const estimate = estimateOf(tally, figure);
    if (estimate === null) return [];
    return {
      ...{ table: cell.table, labels: cell.labels, figure, repetitions: tally[figure]?.count ?? 0 },
      ...{ mean: estimate.mean, error: estimate.error, reference: reference?.text ?? null },
      agrees: reference === null ? null : agrees(estimate, reference),
    };
  });
}

/** The head of a table, and a row per label: cells with the same labels share one. */
export function rowsOf(definition: TableDefinition, measured: readonly Measured[]): readonly string[][] {
  const rows = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = one.cell.labels.join('\u0000');
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  const shown = definition.figures.filter(([names]) =>
    measured.some(({ cell }) => cell.wanted.some(({ figure }) => names.includes(figure))),
  );
  const head = [...definition.labels, ...shown.map(([, text]) => text)];
  if (definition.evaluations) head.push('held-out evaluations');
  const body = [...rows.values()].map((group) => {
    const row = [...(group[0]?.cell.labels ?? [])];
    for (const [names] of shown) row.push(figureText(group, names));
    if (definition.evaluations) row.push(evaluationsText(group));
    return row;
  });
  return [head, ...body];
}

/** `0.554 ± 0.008 (.554±.008 ✓)`: measured, the reference, and whether they agree. */
function figureText(group: readonly Measured[], names: readonly string[]): string {
  for (const { cell, tally } of group) {
    const wanted = cell.wanted.find(({ figure }) => names.includes(figure));
    if (wanted === undefined) continue;
    const estimate = estimateOf(tally, wanted.figure);
    if (estimate === null) continue;
    const text = `${estimate.mean.toFixed(4)} ± ${estimate.error.toFixed(4)}`;
    const { reference } = wanted;
    return reference === null
      ? text
      : `${text} (${reference.text} ${agrees(estimate, reference) ? '✓' : '✗'})`;
  }
  return '';
}

function evaluationsText([first]: readonly Measured[]): string {
  if (first === undefined) return '';
  const estimate = estimateOf(first.tally, 'evaluations');
  if (estimate === null) return '';
  const published = first.cell.evaluationsReference;
  return `${estimate.mean.toFixed(0)}${published === null ? '' : ` (${published})`}`;
}

export function markdown(definition: TableDefinition, measured: readonly Measured[]): string {
  const [head = [], ...body] = rowsOf(definition, measured);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|${head.map(() => '---').join('|')}|`;
  return [line(head), rule, ...body.map(line)].join('\n');
}

/** How many of the figures that have a reference agree with it. */
export function agreement(measured: readonly Measured[]): {
  readonly compared: number;
  readonly agree: number;
} {
  const compared = measured.flatMap(linesOf).filter((line) => line.agrees !== null);
  return { compared: compared.length, agree: compared.filter((line) => line.agrees).length };
}
