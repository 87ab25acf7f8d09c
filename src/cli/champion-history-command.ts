import { Argument, Command } from 'commander';
import type { SlotChange } from '../../gates/governance/governance.ts';
import { type SlotKind, slotKinds } from '../events/slots.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { processOutput } from './output.ts';
import { table } from './table.ts';
import { type LineChoice, readingLine } from './with-line.ts';

const hashCharacters = 12;

const tracks: Readonly<Record<SlotChange['track'], string>> = {
  baseline: 'baseline',
  working: 'working champion',
  certified: 'certified',
  rollback: 'rolled back',
};

export function championHistoryCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('history')
    .summary('everything that slots ever held, oldest first')
    .description('Lists every change of what slots hold: baselines, promotions on either track, rollbacks.')
    .addArgument(new Argument('[slot]', 'only this one').choices(slotKinds))
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .action(async (only: SlotKind | undefined, options: LineChoice) => {
      const output = processOutput(options.json === true);
      await readingLine(options, async ({ name, state }) => {
        const changes = slotKinds
          .filter((slot) => only === undefined || slot === only)
          .flatMap((slot) => (state.history[slot] ?? []).map((change) => ({ slot, ...change })))
          .sort((left, right) => left.revision - right.revision);
        for (const change of changes) output.record({ type: 'champion-change', line: name, ...change });
        const rows = changes.map(({ slot, champion, track, proposal, revision }) => [
          ...[revision, slot, tracks[track], champion.slice(0, hashCharacters), proposal ?? ''],
        ]);
        if (rows.length === 0) output.note(`The slots of the line "${name}" never held anything.`);
        else output.text(table(['revision', 'slot', 'change', 'champion', 'proposal'], rows));
      });
      finish(0);
    });
  return withExamples(withCommonOptions(command), {
    'pawl champion history prompt': 'what the prompt was, and by which proposal',
  });
}
