/** Half-open range of UTF-16 offsets. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** Translates Python's positions (1-based line, UTF-8 byte column) into UTF-16 offsets of the source. */
export class SourceText {
  readonly text: string;
  private readonly lineStarts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
    this.lineStarts = starts;
  }

  offset(line: number, columnBytes: number): number {
    const start = this.lineStarts[line - 1] ?? this.text.length;
    const end = this.lineStarts[line] ?? this.text.length;
    let bytes = 0;
    let offset = start;
    while (offset < end && bytes < columnBytes) {
      const codePoint = this.text.codePointAt(offset) ?? 0;
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      offset += codePoint < 0x10000 ? 1 : 2;
    }
    return offset;
  }

  range(line: number, column: number, endLine: number, endColumn: number): SourceRange {
    return { start: this.offset(line, column), end: this.offset(endLine, endColumn) };
  }
}
