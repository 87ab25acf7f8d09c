import { Command } from 'commander';
import type { StreamName } from '../kernel/brand.ts';
import { atPosition, withAt } from './at-position.ts';
import { shortParent } from './branch-text.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';
import { percent, totalsOf } from './summary.ts';
import { table } from './table.ts';

export function runsCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('runs')
    .summary('list the runs of a ledger')
    .description('Lists the runs of a ledger, oldest first, with what each has solved so far.')
    .action(async (options: CommonOptions & { readonly at?: string }) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const at = await atPosition(ledger, options.at);
        const state = await readRuns(ledger, at);
        const isShown = ([run]: readonly [string, unknown]): boolean => !state.sealed.has(run as StreamName);
        const shown = Object.entries(state.runs).filter(isShown);
        const anyBranch = shown.some(([, { forkedFrom }]) => forkedFrom !== undefined);
        const rows = shown.map(([run, summary]) => {
          const totals = totalsOf(summary);
          const { suiteName, strategy, generator, seed, status, group, forkedFrom } = summary;
          output.record({
            type: 'run',
            run,
            group,
            suite: suiteName,
            strategy,
            generator,
            seed,
            status,
            ...(forkedFrom === undefined ? {} : { forkedFrom }),
            ...totals,
          });
          return [
            shortId(run as StreamName),
            status,
            suiteName,
            strategy.name,
            generator.name,
            seed,
            `${totals.finished}/${totals.tasks}`,
            percent(totals.publicPass, totals.tasks),
            percent(totals.hiddenPass, totals.tasks),
            ...(anyBranch ? [forkedFrom === undefined ? '' : shortParent(forkedFrom)] : []),
          ];
        });
        const head = [
          'run',
          'status',
          'suite',
          'strategy',
          'generator',
          'seed',
          'tasks',
          'solved public',
          'solved hidden',
          ...(anyBranch ? ['branched from'] : []),
        ];
        if (rows.length === 0 && at !== null) output.note(`There were no runs yet at position ${at}.`);
        else if (rows.length === 0) output.note(`No runs yet. Start one with: ${hint('run', options)}`);
        else output.text(table(head, rows));
        // A test is as many runs as it looked, so that their number would tell when it stopped.
        for (const line of new Set(state.sealed.values())) {
          output.note(`Runs on held-out items of ${line} are not listed: they are sealed.`);
          output.record({ type: 'sealed-runs', sealedBy: line });
        }
        finish(0);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(withAt(command)), {
    'pawl runs': 'as a table',
    'pawl runs --at 120': 'as they stood after the record at position 120',
    'pawl runs --json | head -n 1': 'the first run, for a program',
  });
}
