interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Collects insertions and replacements by offset and applies them at once; edits at one offset keep their order. */
export interface TextEdits {
  insert(at: number, text: string): void;
  /** Ranges must not overlap. */
  replace(start: number, end: number, text: string): void;
  apply(): string;
}

export function createTextEdits(source: string): TextEdits {
  const edits: Edit[] = [];
  return {
    insert: (at, text) => {
      edits.push({ start: at, end: at, text });
    },
    replace: (start, end, text) => {
      edits.push({ start, end, text });
    },
    apply: () => {
      let result = '';
      let at = 0;
      for (const edit of edits.toSorted((left, right) => left.start - right.start)) {
        result += source.slice(at, edit.start) + edit.text;
        at = edit.end;
      }
      return result + source.slice(at);
    },
  };
}
