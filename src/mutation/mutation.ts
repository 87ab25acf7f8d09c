/** Half-open range of UTF-16 offsets in a source text. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** One small edit of a program; all other text stays as it is. */
export interface Mutation {
  /** Kind of edit, for example `relational-boundary`; the names are given by the files in `operators/`. */
  readonly operator: string;
  readonly range: SourceRange;
  readonly replacement: string;
  /** One line of at most 200 characters, for example ``line 3: `<` became `<=` ``. */
  readonly description: string;
}

export function applyMutation(source: string, mutation: Mutation): string {
  const { start, end } = mutation.range;
  return source.slice(0, start) + mutation.replacement + source.slice(end);
}

/** The edit that turns the mutated text back into `source`. */
export function inverseOf(source: string, mutation: Mutation): Mutation {
  const { start, end } = mutation.range;
  return {
    operator: `undo-${mutation.operator}`,
    range: { start, end: start + mutation.replacement.length },
    replacement: source.slice(start, end),
    description: `undo ${mutation.description}`.slice(0, 200),
  };
}
