import { Command } from 'commander';
import type { RunEpisode, RunSummary } from '../../projections/run.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { findWholeRun, shortId } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';
import { table } from './table.ts';

interface Pair {
  readonly task: string;
  readonly left: RunEpisode;
  readonly right: RunEpisode;
}

const tasksShownMax = 20;

export function compareCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('compare')
    .summary('compare two runs task by task')
    .description(
      'Pairs two runs task by task, over the tasks that both have finished, and counts who solved what.',
    )
    .argument('<left>', 'a run')
    .argument('<right>', 'another run over tasks of the same suite')
    .action(async (left: string, right: string, options: CommonOptions) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const state = await readRuns(ledger);
        const leftRun = findWholeRun(state, left);
        const rightRun = findWholeRun(state, right);
        const leftSummary = state.runs[leftRun] as RunSummary;
        const rightSummary = state.runs[rightRun] as RunSummary;
        const names = [
          `${leftSummary.strategy.name} (${shortId(leftRun)})`,
          `${rightSummary.strategy.name} (${shortId(rightRun)})`,
        ] as const;
        report(pairs(leftSummary, rightSummary), names, output);
        finish(0);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl compare latest 7XK2QD': 'the last run against another',
  });
}

/** @throws PawlError `RUN_NOT_COMPARABLE` */
function pairs(left: RunSummary, right: RunSummary): readonly Pair[] {
  const byTask = new Map(right.episodes.map((episode) => [episode.task, episode]));
  const found: Pair[] = [];
  for (const episode of left.suite === right.suite ? left.episodes : []) {
    const other = byTask.get(episode.task);
    const both = other !== undefined && episode.status === 'finished' && other.status === 'finished';
    if (both) found.push({ task: episode.task, left: episode, right: other });
  }
  if (found.length === 0) {
    throw new PawlError(
      'RUN_NOT_COMPARABLE',
      'The two runs have no finished task of the same suite in common, so there is nothing to pair.',
      { context: { left: left.suiteName, right: right.suiteName } },
    );
  }
  return found;
}

function report(paired: readonly Pair[], [left, right]: readonly [string, string], output: Output): void {
  const rows = [
    countRow('public tests', paired, ({ publicPass }) => publicPass),
    countRow('hidden tests', paired, ({ hiddenPass }) => hiddenPass),
  ];
  output.text(`${left} against ${right}: ${paired.length} tasks in common\n`);
  output.text(table(['solved', 'both', `only ${left}`, `only ${right}`, 'neither'], rows));
  list(
    `\nSolved on hidden tests only by ${left}:`,
    paired.filter(({ left: a, right: b }) => a.hiddenPass && !b.hiddenPass),
    output,
  );
  list(
    `\nSolved on hidden tests only by ${right}:`,
    paired.filter(({ left: a, right: b }) => !a.hiddenPass && b.hiddenPass),
    output,
  );
  for (const { task, left: a, right: b } of paired) {
    output.record({ type: 'pair', task, left: passes(a), right: passes(b) });
  }
  const [publicRow, hiddenRow] = rows.map(([, both, onlyLeft, onlyRight, neither]) => ({
    both,
    onlyLeft,
    onlyRight,
    neither,
  }));
  output.record({
    type: 'comparison',
    tasks: paired.length,
    public: publicRow ?? null,
    hidden: hiddenRow ?? null,
  });
}

function countRow(
  label: string,
  paired: readonly Pair[],
  solved: (episode: RunEpisode) => boolean,
): [string, number, number, number, number] {
  const count = (left: boolean, right: boolean): number =>
    paired.filter((pair) => solved(pair.left) === left && solved(pair.right) === right).length;
  return [label, count(true, true), count(true, false), count(false, true), count(false, false)];
}

function list(title: string, paired: readonly Pair[], output: Output): void {
  if (paired.length === 0) return;
  output.text(title);
  for (const { task, left, right } of paired.slice(0, tasksShownMax)) {
    output.text(`  ${task}  (${left.candidates} and ${right.candidates} candidates)`);
  }
  if (paired.length > tasksShownMax)
    output.text(`  … and ${paired.length - tasksShownMax} more (--json lists all)`);
}

function passes({ publicPass, hiddenPass, candidates }: RunEpisode) {
  return { publicPass, hiddenPass, candidates };
}
