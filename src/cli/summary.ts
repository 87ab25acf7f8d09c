import type { RunSummary } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readRunState } from '../loop/run-state.ts';
import { wallTimeUsed } from '../loop/wall-time-used.ts';
import { shortId } from './find-run.ts';
import type { Output } from './output.ts';
import { readEpisodes, readRuns } from './read-projections.ts';
import { table } from './table.ts';

/** What a run came to, added up over its episodes. */
export interface RunTotals {
  readonly tasks: number;
  readonly finished: number;
  readonly publicPass: number;
  readonly hiddenPass: number;
  readonly overAccepted: number;
  readonly candidates: number;
  readonly executions: number;
  readonly tokens: number;
  readonly steps: number;
}

export function totalsOf({ episodes }: RunSummary): RunTotals {
  const sum = (of: (episode: RunSummary['episodes'][number]) => number): number =>
    episodes.reduce((total, episode) => total + of(episode), 0);
  return {
    tasks: episodes.length,
    finished: sum(({ status }) => (status === 'finished' ? 1 : 0)),
    publicPass: sum(({ publicPass }) => (publicPass ? 1 : 0)),
    hiddenPass: sum(({ hiddenPass }) => (hiddenPass ? 1 : 0)),
    overAccepted: sum(({ publicPass, hiddenPass }) => (publicPass && !hiddenPass ? 1 : 0)),
    candidates: sum(({ candidates }) => candidates),
    executions: sum(({ executions }) => executions),
    tokens: sum(({ tokens }) => tokens),
    steps: sum(({ steps }) => steps),
  };
}

/** The table by strategy that a run ends with. */
export async function printSummary(
  ledger: Ledger,
  runs: readonly StreamName[],
  output: Output,
): Promise<void> {
  const state = await readRuns(ledger);
  const rows: (string | number)[][] = [];
  for (const run of runs) {
    const summary = state.runs[run];
    if (summary === undefined) continue;
    const totals = totalsOf(summary);
    const wallMs = await wallTimeMs(ledger, run);
    const { suiteName, seed, status, strategy } = summary;
    output.record({ type: 'run', run, suite: suiteName, strategy, seed, status, ...totals, wallMs });
    rows.push([
      strategy.name,
      shortId(run),
      totals.tasks,
      percent(totals.publicPass, totals.tasks),
      percent(totals.hiddenPass, totals.tasks),
      totals.overAccepted,
      totals.candidates,
      totals.executions,
      `${(wallMs / 1000).toFixed(1)} s`,
    ]);
  }
  const head = [
    'strategy',
    'run',
    'tasks',
    'solved public',
    'solved hidden',
    'over-accepted',
    'candidates',
    'executions',
    'time',
  ];
  output.text(`\n${table(head, rows)}`);
  for (const run of runs) await warnOf(ledger, run, state.runs[run], output);
}

/** What the figures do not say: tasks that were never tried, and tasks for which no candidate could be made. */
async function warnOf(
  ledger: Ledger,
  run: StreamName,
  summary: RunSummary | undefined,
  output: Output,
): Promise<void> {
  if (summary === undefined) return;
  const { episodes, strategy, status } = summary;
  const tried = episodes.filter((episode) => episode.status === 'finished');
  if (status === 'finished' && tried.length < episodes.length) {
    output.note(`${strategy.name}: out of wall time after ${tried.length} of ${episodes.length} tasks.`);
  }
  const barren = tried.filter(({ candidates, publicPass }) => candidates === 0 && !publicPass);
  if (barren.length === 0) return;
  const folded = await readEpisodes(
    ledger,
    barren.map(({ episode }) => episode),
  );
  const codes = Object.values(folded.episodes).flatMap(({ failures }) => failures.map(({ code }) => code));
  const why = codes.length === 0 ? 'the budget allowed none' : [...new Set(codes)].join(', ');
  const [first] = barren;
  const example = first === undefined ? '' : `${shortId(run)}.${episodes.indexOf(first)}`;
  output.note(
    `${strategy.name}: no candidate for ${barren.length} of ${episodes.length} tasks (${why}); see pawl show ${example}`,
  );
}

/** Over all sessions, also those that were killed and could not say how long they took. */
async function wallTimeMs(ledger: Ledger, run: StreamName): Promise<number> {
  const { sessions, episodes } = await readRunState(ledger, run);
  const eventTimes: number[] = [];
  if (sessions.some(({ wallMs }) => wallMs === null)) {
    for (const { episode } of episodes) {
      for await (const { at } of ledger.readStream(episode)) eventTimes.push(at);
    }
  }
  return wallTimeUsed(sessions, eventTimes);
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0' : `${part} (${((100 * part) / whole).toFixed(0)} %)`;
}
