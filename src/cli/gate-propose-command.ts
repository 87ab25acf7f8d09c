import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { parseGateDefinition } from '../../gates/definition/gate-definition.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import { proposeGate } from '../loop/improve/examine/propose-gate.ts';
import { withHeldOut } from '../loop/improve/examine/with-held-out.ts';
import { contentFromText } from '../loop/improve/propose.ts';
import { splitNames } from '../tasks/split.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { hint } from './hint.ts';
import { type Output, processOutput } from './output.ts';
import { partyOption } from './party-option.ts';
import { type JudgingOptions, judgingLine } from './with-line.ts';

interface ProposeOptions extends JudgingOptions {
  readonly as: string;
  readonly why: string;
  readonly heldout?: string;
}

export function gateProposeCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('propose')
    .summary('propose another gate: other settings, or new held-out items')
    .description(
      'A gate is changed like everything else: by a proposal, which its own checks examine and somebody else must approve. From then on everything is compared anew. FILE holds the settings that change, as JSON.',
    )
    .argument('<file>', 'JSON with the settings that change; {} for none')
    .requiredOption('--why <text>', 'why it should change')
    .addOption(partyOption('who proposes'))
    .addOption(new Option('--heldout <split>', 'new held-out items: all of this split').choices(splitNames))
    .option('--checks <directory>', 'where files of own checks are (default: here)')
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .action(async (file: string, options: ProposeOptions) => {
      finish(await run(file, options, processOutput(options.json === true)));
    });
  return withExamples(withCommonOptions(command), {
    "pawl gate propose stricter.json --why 'a slice must not get worse' --as person:ada": 'other settings',
    "pawl gate propose settings.json --heldout final --why 'the alpha is spent' --as person:ada":
      'new held-out items',
  });
}

async function run(file: string, options: ProposeOptions, output: Output): Promise<ExitCode> {
  const text = await readText(file);
  return judgingLine(options, output, async ({ line, services, signals }) => {
    const settings = parseGateDefinition(await contentFromText(line, 'gate', text));
    const { definition, lists } =
      options.heldout === undefined
        ? { definition: settings, lists: [] }
        : await withHeldOut(services.ledger, settings, options.heldout);
    const change = { definition, lists, hypothesis: options.why, author: options.as };
    const { proposal, standing } = await proposeGate(line, services, change, signals);
    output.record({ type: 'gate-proposal', line: line.name, proposal, standing });
    output.text(`Proposed: ${proposal}, ${standing.replace('-', ' ')}`);
    if (standing !== 'awaits-approval') return standing === 'promoted' ? exitCodes.ok : 100;
    output.note(`Somebody else says yes with: ${hint(`approve ${proposal} --as person:NAME`, options)}`);
    return exitCodes.ok;
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new PawlError('USAGE', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
