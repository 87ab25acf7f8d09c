/** One line of the benchmark table: what was measured in this run, and what it must reach. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The requirement in words, for example `≥ 600`. */
  readonly target: string;
  readonly met: boolean;
  /** How it was measured: sizes, counts, the other side of a ratio. */
  readonly detail: string;
}
