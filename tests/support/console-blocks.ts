/** One command of a documentation page and what the page says it prints. */
export interface DocumentedCommand {
  readonly command: string;
  /** 1-based line of the command in the page. */
  readonly line: number;
  readonly expected: readonly string[];
}

/**
 * The commands of a Markdown page in order: every line beginning with `$ ` in a fenced `console` block, with the lines that
 * follow it as its output; a here-document (`<<'END'`) belongs to its command. `…` in an expected line stands for anything; a
 * line that is only `…` stands for any lines.
 */
export function documentedCommands(markdown: string): readonly DocumentedCommand[] {
  const commands: { command: string; line: number; expected: string[] }[] = [];
  let inside = false;
  /** The word that ends the here-document under way. */
  let until: string | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const last = commands.at(-1);
    if (until !== null && last !== undefined) {
      last.command += `\n${line}`;
      if (line === until) until = null;
    } else if (line.startsWith('```')) {
      inside = line === '```console';
    } else if (inside && line.startsWith('$ ')) {
      commands.push({ command: line.slice(2), line: index + 1, expected: [] });
      until = /<<'(\w+)'$/u.exec(line)?.[1] ?? null;
    } else if (inside) {
      last?.expected.push(line);
    }
  }
  return commands;
}

/** A pattern for a whole output, to be held against `normalizedOutput`. */
export function outputPattern(expected: readonly string[]): RegExp {
  const lines = normalizedLines(expected);
  const parts = lines.map((line) =>
    line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(RegExp.escape).join('.*')}\n`,
  );
  return new RegExp(`^${parts.join('')}$`);
}

export function normalizedOutput(output: string): string {
  return normalizedLines(output.split('\n'))
    .map((line) => `${line}\n`)
    .join('');
}

/** The width of a column follows from what differs, so a run of blanks counts as one, and blank lines not at all. */
function normalizedLines(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(/\s+/g, ' ').trim()).filter((line) => line !== '');
}
