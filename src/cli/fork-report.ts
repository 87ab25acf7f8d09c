import type { EpisodeSummary } from '../../projections/episode.ts';
import type { RunSummary } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { forkAccount, sumOfAccounts } from '../loop/fork-account.ts';
import { accountLines, counted } from './branch-text.ts';
import type { Output } from './output.ts';
import { readEpisodes, readRuns } from './read-projections.ts';
import { verdictOf } from './run-story.ts';
import { totalsOf } from './summary.ts';
import { table } from './table.ts';

/** What a branch took over, what it had to do anew, and what it came to beside its parent. */
export async function forkReport(ledger: Ledger, run: StreamName, output: Output): Promise<void> {
  const { runs } = await readRuns(ledger);
  const branch = runs[run];
  const from = branch?.forkedFrom;
  if (branch === undefined || from === undefined) return;
  const account = sumOfAccounts(
    await Promise.all(branch.episodes.map(({ episode }) => forkAccount(ledger, episode))),
  );
  const parentRun = runs[from.stream];
  const outcome =
    parentRun === undefined
      ? await episodeOutcomes(ledger, from.stream, branch)
      : { parent: runOutcome(parentRun), branch: runOutcome(branch) };
  const flipped = parentRun === undefined ? {} : { otherVerdict: flips(parentRun, branch) };
  output.record({
    type: 'fork',
    run,
    forkedFrom: from,
    ...account,
    outcome,
    ...flipped,
  } as unknown as JsonObject);
  for (const line of accountLines(account)) output.text(line);
  const rows = Object.entries(outcome.parent).map(([what, theirs]) => [
    words(what),
    theirs,
    outcome.branch[what] ?? '',
  ]);
  output.text(`\n${table(['', 'parent', 'branch'], rows)}`);
  if (flipped.otherVerdict !== undefined)
    output.text(`\nAnother verdict: ${counted(flipped.otherVerdict, 'task')}`);
  if (parentRun === undefined && account.reused.generations + account.performed.generations === 0) {
    output.note('\nThere was nothing left to draw. --candidates allows more, and --at branches earlier.');
  }
}

type Outcome = Readonly<Record<string, string | number>>;

async function episodeOutcomes(
  ledger: Ledger,
  parent: StreamName,
  { episodes }: RunSummary,
): Promise<{ readonly parent: Outcome; readonly branch: Outcome }> {
  const branch = episodes[0]?.episode ?? parent;
  const folded = await readEpisodes(ledger, [parent, branch]);
  return { parent: episodeOutcome(folded.episodes[parent]), branch: episodeOutcome(folded.episodes[branch]) };
}

function episodeOutcome(episode: EpisodeSummary | undefined): Outcome {
  if (episode === undefined) return {};
  const { picked, strategy, finished } = episode;
  const { candidates = '', executions = '', tokens = '', steps = '' } = finished ?? {};
  return {
    verdict: episodeVerdict(episode),
    answer: picked?.candidate?.slice(0, 12) ?? 'none',
    strategy: strategy.name,
    ...{ candidates, executions, tokens, steps },
  };
}

export function episodeVerdict({ finished }: EpisodeSummary): string {
  if (finished === null) return 'not finished';
  const { publicPass, hiddenPass, status } = finished;
  if (status === 'grading_failed') return 'grading failed';
  return hiddenPass ? 'solved' : publicPass ? 'over-accepted' : 'unsolved';
}

function runOutcome(run: RunSummary): Outcome {
  const { tasks, ...totals } = totalsOf(run);
  return { strategy: run.strategy.name, tasks, ...totals };
}

/** Of a branch that was stopped the tasks that it has not ended yet do not count: they have no verdict. */
function flips(parent: RunSummary, branch: RunSummary): number {
  return branch.episodes.filter((episode, index) => {
    const before = parent.episodes[index];
    if (before?.status !== 'finished' || episode.status !== 'finished') return false;
    return verdictOf(before) !== verdictOf(episode);
  }).length;
}

/** `hiddenPass` as `hidden pass`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
