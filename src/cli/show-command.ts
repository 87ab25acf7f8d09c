import { Command } from 'commander';
import { atPosition, explainingAbsence, withAt } from './at-position.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { episodeStory } from './episode-story.ts';
import { eventList } from './event-list.ts';
import type { ExitCode } from './exit-code.ts';
import { findRun } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { readEpisodes, readRuns } from './read-projections.ts';
import { runStory } from './run-story.ts';

interface ShowOptions extends CommonOptions {
  readonly prompts?: boolean;
  readonly events?: boolean;
  readonly at?: string;
}

export function showCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('show')
    .summary('a run as a list, an episode as a story')
    .description(
      'Shows what a run came to task by task, or tells one episode: each candidate as a change, its execution, what the next was told.',
    )
    .argument('[run]', 'a run (its id or the end of it), or an episode as RUN.INDEX or RUN:TASK', 'latest')
    .option('--prompts', 'show every prompt in full, and all that models answered')
    .option('--events', 'list the events of an episode with their revisions')
    .action(async (name: string, options: ShowOptions) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const at = await atPosition(ledger, options.at);
        const state = await readRuns(ledger, at);
        const found = await explainingAbsence(ledger, name, at, () => findRun(state, name));
        if (found.kind === 'run') {
          await runStory(ledger, found.run, state, options, at, output);
        } else if (options.events === true) {
          await eventList(ledger, found.episode, at, output);
        } else {
          const { episodes } = await readEpisodes(ledger, [found.episode], at);
          await episodeStory(
            ledger,
            found.episode,
            episodes[found.episode],
            options.prompts === true,
            at,
            output,
          );
        }
        finish(0);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(withAt(command)), {
    'pawl show': 'the last run',
    'pawl show 7XK2QD.0': 'its first episode as a story',
    'pawl show 7XK2QD.0 --events': 'its events, by the revisions that `pawl fork --at` takes',
    'pawl show 7XK2QD.0 --at 120': 'the same as it was after the record at position 120',
    'pawl show latest:clamp/1 --prompts': 'the episode of a task, with every prompt in full',
  });
}
