import { Argument, Command } from 'commander';
import type { RunSlot } from '../events/slots.ts';
import { slotKinds } from '../events/slots.ts';
import type { Digest } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { rollBack } from '../loop/improve/examine/roll-back.ts';
import type { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { processOutput } from './output.ts';
import { partyOption } from './party-option.ts';
import { judgingLine, type LineChoice } from './with-line.ts';

interface RollbackOptions extends LineChoice {
  readonly to: string;
  readonly reason: string;
  readonly as: string;
}

const shortest = 6;

export function championRollbackCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('rollback')
    .summary('put a slot back to what it held before')
    .description(
      'Puts a slot back on both tracks, with a reason. Nothing else changes and nothing is forgotten: the history holds the way there and back.',
    )
    .addArgument(new Argument('<slot>', 'which').choices(slotKinds.filter((slot) => slot !== 'gate')))
    .requiredOption('--to <hash>', 'what it held before, by the beginning of its hash')
    .requiredOption('--reason <text>', 'why')
    .addOption(partyOption('who does it'))
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .action(async (slot: RunSlot, options: RollbackOptions) => {
      const output = processOutput(options.json === true);
      await judgingLine(options, output, async ({ line }) => {
        const to = findHeld(line, slot, options.to);
        const { from } = await rollBack(line, { slot, to, reason: options.reason, by: options.as });
        output.text(`The slot ${slot} holds ${to} again, instead of ${from}.`);
        output.record({ type: 'rollback', line: line.name, slot, from, to, reason: options.reason });
      });
      finish(0);
    });
  return withExamples(withCommonOptions(command), {
    "pawl champion rollback prompt --to 3fa8c1 --reason 'answers in the wrong language' --as person:ada": '',
  });
}

/** What a slot held, by the beginning of its hash. @throws PawlError `USAGE`; `GOVERNANCE_REFUSED` where it never did */
function findHeld({ name, state }: ImprovementLine, slot: RunSlot, text: string): Digest {
  const wanted = text.toLowerCase();
  if (!/^[0-9a-f]{6,64}$/.test(wanted))
    throw new PawlError('USAGE', `--to takes ${shortest} to 64 hexadecimal digits of a hash, not "${text}".`);
  const held = new Set((state.history[slot] ?? []).map(({ champion }) => champion));
  const fitting = [...held].filter((champion) => champion.startsWith(wanted));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const why =
    fitting.length === 0
      ? 'never held anything with that hash'
      : 'held several that begin so; give more of it';
  throw new PawlError(
    'GOVERNANCE_REFUSED',
    `The slot ${slot} of the line "${name}" ${why}. \`pawl champion history ${slot}\` lists what it held.`,
    { context: { rule: 'rollback-known', slot } },
  );
}
