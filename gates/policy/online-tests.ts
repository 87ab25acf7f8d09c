/** A stream of tests: gives the level of the next one, and is told what came of it. */
export interface OnlineProcedure {
  /** Level of the next test; depends on what was told before. */
  level(): number;
  /** The p-value of that test (for e-procedures: the e-value). True when it was rejected. */
  observe(value: number): boolean;
}

export interface OnlineOutcome {
  readonly levels: readonly number[];
  readonly rejections: readonly boolean[];
}

/** Runs a procedure over a list of p-values (or e-values). */
export function runOnline(procedure: OnlineProcedure, values: readonly number[]): OnlineOutcome {
  const levels: number[] = [];
  const rejections = values.map((value) => {
    levels.push(procedure.level());
    return procedure.observe(value);
  });
  return { levels, rejections };
}
