import type { SourceRange } from './source-text.ts';
import { SourceText } from './source-text.ts';

/** Which statements of a candidate ran, from the lines that were executed. */
export class Coverage {
  readonly ranges: readonly SourceRange[];
  private readonly byLine: ReadonlyMap<number, readonly number[]>;
  /** Lines of the module itself: they ran before every test, so they count for each. */
  private readonly loaded = new Set<number>();
  private lines = new Set<number>();
  private loading = true;

  /** @param numbers what `statements` of the harness gives: five numbers for each statement */
  constructor(source: string, numbers: string) {
    const text = new SourceText(source);
    const values = numbers === '' ? [] : numbers.split(' ').map(Number);
    const ranges: SourceRange[] = [];
    const byLine = new Map<number, number[]>();
    const found: { readonly range: SourceRange; readonly line: number; readonly ownEnd: number }[] = [];
    for (let at = 0; at < values.length; at += 5) {
      const [line = 1, column = 0, endLine = 1, endColumn = 0, ownEnd = 1] = values.slice(at, at + 5);
      found.push({ range: text.range(line, column, endLine, endColumn), line, ownEnd });
    }
    found.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
    for (const { range, line, ownEnd } of found) {
      const index = ranges.push(range) - 1;
      for (let own = line; own <= ownEnd; own += 1) {
        const there = byLine.get(own);
        if (there === undefined) byLine.set(own, [index]);
        else there.push(index);
      }
    }
    this.ranges = ranges;
    this.byLine = byLine;
  }

  reach(line: number): void {
    (this.loading ? this.loaded : this.lines).add(line);
  }

  beginTest(): void {
    this.loading = false;
    this.lines = new Set();
  }

  /** Ascending indices into `ranges`. */
  covered(): number[] {
    const indices = new Set<number>();
    for (const line of [...this.loaded, ...this.lines]) {
      for (const index of this.byLine.get(line) ?? []) indices.add(index);
    }
    return [...indices].sort((a, b) => a - b);
  }
}
