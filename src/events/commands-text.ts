import type { CommandCase, CommandsSpec } from './commands-spec.ts';

/** The task's own files are shown up to this length together; of the others only the names are. */
const filesCharsMax = 32_768;
const plainArgument = /^[\w@%+=:,./-]+$/;

/** What a person reads in place of a command: words, quoted as JSON strings where they are not plain. */
export function argvText(argv: readonly string[]): string {
  return argv
    .map((argument) => (plainArgument.test(argument) ? argument : JSON.stringify(argument)))
    .join(' ');
}

/** One line for one test: the command and what it reads. */
export function commandCaseInput({ argv, stdin }: Pick<CommandCase, 'argv' | 'stdin'>): string {
  return stdin === '' ? argvText(argv) : `${argvText(argv)} <<< ${JSON.stringify(stdin)}`;
}

/** What must come of it, as one line. */
export function commandCaseExpected({ expected }: Pick<CommandCase, 'expected'>): string {
  if (expected.stdout === null) return `exit code ${expected.exitCode}`;
  const code = expected.exitCode === 0 ? '' : ` and exit code ${expected.exitCode}`;
  return `${JSON.stringify(expected.stdout)}${code}`;
}

/** The whole of it for a reader who is to write the program. */
export function commandsText({ program, files, build, cases, syntax }: CommandsSpec): string {
  const form =
    program.form === 'file'
      ? `The program (${syntax}) is the file ${program.path}.`
      : `The program (${syntax}) is a JSON object: for each of its files, the path and the text.`;
  const lines = [form];
  if (build !== null) lines.push(`It is built with: ${argvText(build.argv)}`);
  let shown = 0;
  for (const { path, text } of files) {
    shown += text.length;
    lines.push(
      shown > filesCharsMax ? `The file ${path} is there.` : `The file ${path} is there:\n${text.trimEnd()}`,
    );
  }
  for (const test of cases)
    lines.push(`$ ${commandCaseInput(test)}`, `must give ${commandCaseExpected(test)}`);
  return lines.join('\n');
}
