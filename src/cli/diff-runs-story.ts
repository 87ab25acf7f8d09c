import type { RunEpisode, RunsState } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { RunDiff, TaskDiff } from '../loop/diff-runs.ts';
import { shortEpisode } from './branch-text.ts';
import { setupLines } from './diff-story.ts';
import type { Output } from './output.ts';
import { verdictOf } from './run-story.ts';
import { percent, totalsOf } from './summary.ts';
import { table } from './table.ts';

const tasksShownMax = 40;

/** Two runs side by side: which verdicts flipped, which episodes went another way, and which are the same. */
export function diffRunsStory(diff: RunDiff, state: RunsState, output: Output): void {
  const { left, right, setup, tasks, onlyLeft, onlyRight } = diff;
  const verdicts = verdictsOf(state);
  const pairs = tasks.map((task) => {
    const [before, after] = [verdicts.get(task.left) ?? '', verdicts.get(task.right) ?? ''];
    return { ...task, before, after };
  });
  const flipped = pairs.filter(({ before, after }) => before !== after);
  const otherWay = pairs.filter(({ before, after, identical }) => before === after && !identical);
  const identical = pairs.filter((pair) => pair.before === pair.after && pair.identical);
  for (const { before, after, left: ours, right: theirs, ...pair } of pairs) {
    output.record({
      type: 'pair',
      ...pair,
      left: { episode: ours, verdict: before },
      right: { episode: theirs, verdict: after },
    });
  }
  const counts = { flipped: flipped.length, otherWay: otherWay.length, identical: identical.length };
  output.record({
    type: 'diff',
    left,
    right,
    setup,
    onlyLeft,
    onlyRight,
    ...counts,
  } as unknown as JsonObject);
  output.text(`left       ${left}`);
  output.text(`right      ${right}`);
  for (const line of setupLines(setup)) output.text(line);
  output.text(`\n${table(['', 'left', 'right'], totals(state, left, right))}`);
  listOf(`Another verdict: ${flipped.length}`, flipped, output);
  listOf(`The same verdict by another way: ${otherWay.length}`, otherWay, output);
  output.text(`\nIdentical: ${identical.length}`);
  if (onlyLeft.length > 0) output.text(`Only left: ${onlyLeft.join(', ')}`);
  if (onlyRight.length > 0) output.text(`Only right: ${onlyRight.join(', ')}`);
}

function listOf(
  title: string,
  pairs: readonly (TaskDiff & { readonly before: string; readonly after: string })[],
  output: Output,
): void {
  output.text(`\n${title}`);
  if (pairs.length === 0) return;
  const rows = pairs
    .slice(0, tasksShownMax)
    .map(({ task, left, right, before, after, common, differences }) => [
      task,
      before === after ? before : `${before} → ${after}`,
      `${shortEpisode(left)} ${shortEpisode(right)}`,
      common + 1,
      differences,
    ]);
  output.text(table(['task', 'verdict', 'episodes', 'from revision', 'events that differ'], rows));
  if (pairs.length > tasksShownMax)
    output.text(`… and ${pairs.length - tasksShownMax} more (--json lists all)`);
}

function totals(state: RunsState, left: StreamName, right: StreamName): (string | number)[][] {
  const [ours, theirs] = [state.runs[left], state.runs[right]];
  if (ours === undefined || theirs === undefined) return [];
  const [before, after] = [totalsOf(ours), totalsOf(theirs)];
  return [
    ['strategy', ours.strategy.name, theirs.strategy.name],
    ['solved public', percent(before.publicPass, before.tasks), percent(after.publicPass, after.tasks)],
    ['solved hidden', percent(before.hiddenPass, before.tasks), percent(after.hiddenPass, after.tasks)],
    ['over-accepted', before.overAccepted, after.overAccepted],
    ['candidates', before.candidates, after.candidates],
    ['executions', before.executions, after.executions],
    ['tokens', before.tokens, after.tokens],
    ['steps', before.steps, after.steps],
  ];
}

function verdictsOf(state: RunsState): ReadonlyMap<StreamName, string> {
  const episodes: RunEpisode[] = Object.values(state.runs).flatMap((run) => run.episodes);
  return new Map(episodes.map((episode) => [episode.episode, verdictOf(episode)]));
}
