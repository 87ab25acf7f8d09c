import { Command } from 'commander';
import type { RunsState } from '../../projections/run.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { diffEpisodes } from '../loop/diff-episodes.ts';
import { diffRuns } from '../loop/diff-runs.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { diffRunsStory } from './diff-runs-story.ts';
import { diffStory } from './diff-story.ts';
import type { ExitCode } from './exit-code.ts';
import { type Found, findRun, shortId } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';

interface DiffOptions extends CommonOptions {
  readonly prompts?: boolean;
}

export function diffCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('diff')
    .summary('explain two branches of an episode or a run, event by event')
    .description(
      'Lays two episodes of one task side by side: what they share, where each decided or received something else, and what came of it. Of two runs, the tasks whose verdicts differ.',
    )
    .argument('<left>', 'an episode or a run; a branch alone is compared with what it branched from')
    .argument('[right]', 'another one')
    .option('--prompts', 'show where prompts differ')
    .action(async (left: string, right: string | undefined, options: DiffOptions) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const state = await readRuns(ledger);
        const named = findRun(state, left);
        const [ours, theirs] =
          right === undefined ? withParent(state, named) : ([named, findRun(state, right)] as const);
        if (ours.kind === 'run' && theirs.kind === 'run') {
          diffRunsStory(await diffRuns(ledger, ours.run, theirs.run), state, output);
        } else if (ours.kind === 'episode' && theirs.kind === 'episode') {
          const diff = await diffEpisodes(ledger, ours.episode, theirs.episode);
          await diffStory(ledger, diff, options.prompts === true, output);
        } else {
          throw new PawlError(
            'USAGE',
            'Name two episodes or two runs; one of each cannot be laid side by side.',
          );
        }
        finish(0);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl diff latest': 'the last branch against what it branched from',
    'pawl diff 7XK2QD.3 9BC4DE.3': 'one task under two strategies',
    'pawl diff 7XK2QD 9BC4DE': 'two runs: which verdicts flipped',
  });
}

/** The parent first: a branch is what changed. */
function withParent(state: RunsState, branch: Found): readonly [Found, Found] {
  const from = state.runs[branch.run]?.forkedFrom;
  if (from === undefined) {
    throw new PawlError(
      'USAGE',
      `${shortId(branch.run)} is no branch; name what it is to be compared with as well.`,
    );
  }
  const place = state.places[from.stream];
  if (place !== undefined) {
    const episode = state.runs[branch.run]?.episodes[0]?.episode;
    if (episode !== undefined)
      return [
        { kind: 'episode', run: place.run, episode: from.stream },
        { kind: 'episode', run: branch.run, episode },
      ];
  }
  if (branch.kind === 'run') return [{ kind: 'run', run: from.stream }, branch];
  const index = state.places[branch.episode]?.index ?? 0;
  const episode = state.runs[from.stream]?.episodes[index]?.episode ?? from.stream;
  return [{ kind: 'episode', run: from.stream, episode }, branch];
}
