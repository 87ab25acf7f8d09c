import { writeFile } from 'node:fs/promises';
import { Argument, Command, Option } from 'commander';
import { type SlotKind, slotKinds } from '../events/slots.ts';
import type { JsonObject } from '../kernel/json.ts';
import { fileFailure } from '../ledger/audit/file-failure.ts';
import { championOf, type Track } from '../loop/improve/examine/champion-of.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { processOutput } from './output.ts';
import { slotText } from './slot-text.ts';
import { type LineChoice, readingLine } from './with-line.ts';

interface GetOptions extends LineChoice {
  readonly track: Track;
  readonly content?: boolean;
  readonly file?: string;
}

export function championGetCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('get')
    .summary('the hash and the content of what a slot holds, for programs and CI')
    .description(
      'Prints the content hash of a slot and its content: a prompt as its text, everything else as JSON. What may be deployed is the certified track; proposals start from the working one.',
    )
    .addArgument(new Argument('<slot>', 'which').choices(slotKinds))
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .addOption(
      new Option('--track <track>', 'which of the two')
        .choices(['certified', 'working'])
        .default('certified'),
    )
    .option('--content', 'the content alone, byte for byte, and no hash')
    .option('--file <path>', 'write the content there, over what is there')
    .action(async (slot: SlotKind, options: GetOptions) => {
      await readingLine(options, async (line) => {
        const champion = championOf(line, slot, options.track);
        const content =
          slot === 'gate'
            ? (line.state.gate?.definition as unknown as JsonObject)
            : (JSON.parse(await line.text(champion)) as JsonObject);
        await tell({ line: line.name, slot, champion, content }, options);
      });
      finish(0);
    });
  return withExamples(withCommonOptions(command), {
    'pawl champion get prompt --content > prompt.txt': 'deploy the certified prompt',
    'pawl champion get generator --json': 'hash and content, for a program',
    'pawl champion get strategy --track working': 'where proposals start from',
  });
}

interface Held {
  readonly line: string;
  readonly slot: SlotKind;
  readonly champion: string;
  readonly content: JsonObject;
}

async function tell({ line, slot, champion, content }: Held, options: GetOptions): Promise<void> {
  const output = processOutput(options.json === true);
  const text = slotText(slot, content);
  if (options.file !== undefined) await write(options.file, text);
  output.record({ type: 'champion', line, slot, track: options.track, champion, content });
  if (options.content === true && !output.json) process.stdout.write(text);
  else if (options.file === undefined) output.text(`${champion}\n${text.trimEnd()}`);
  else output.text(champion);
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw fileFailure(error, path);
  }
}
