import { createProgram } from '../../src/cli/program.ts';

const columns = 110;

/** The reference page of all commands, made from the help texts themselves. */
export function commandsPage(): string {
  const program = createProgram(() => undefined);
  const parts = [
    '# Commands',
    'Made from the help texts by `npm run docs`; do not edit. In the repository, `npx pawl` runs them.',
    block(program.configureHelp({ helpWidth: columns }).helpInformation()),
  ];
  const all = program.commands.flatMap((command) => [
    { name: command.name(), command },
    ...command.commands.map((sub) => ({ name: `${command.name()} ${sub.name()}`, command: sub })),
  ]);
  for (const { name, command } of all) {
    let text = '';
    command.configureHelp({ helpWidth: columns }).configureOutput({
      writeOut: (more) => {
        text += more;
      },
    });
    command.outputHelp();
    parts.push(`## pawl ${name}`, block(text));
  }
  return `${parts.join('\n\n')}\n`;
}

function block(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}
