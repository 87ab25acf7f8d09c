import type { Verdict } from '../events/audit.ts';
import type { TestSet } from '../events/execution.ts';
import type { ExecutionCheck } from './rerun-check.ts';
import type { EpisodeRerun } from './rerun-episode.ts';

/** How another tool's verdicts over one set of tests stand against ours. */
export interface VerdictCounts {
  compared: number;
  /** Of those compared, the ones that the other tool recorded as passed. */
  recordedPassed: number;
  agree: number;
  differ: number;
  inconclusive: number;
}

/** What a rerun came to so far. */
export interface RerunTotals {
  episodes: number;
  /** Episodes with at least one execution. */
  compared: number;
  pass: number;
  diverged: number;
  inconclusive: number;
  /** Of those that pass, the ones that a machine ended, so that only their outcome could be compared. */
  outcomeOnly: number;
  /** Of those that pass, the ones of commands that told something else beside what decided them. */
  judgedOnly: number;
  /** Of those that pass, the ones of which outcome and statuses are the same, and the rest is not. */
  statusesOnly: number;
  divergedEpisodes: number;
  inconclusiveEpisodes: number;
  /** Real time of what was compared, milliseconds: as recorded, and here (shared executions count each time). */
  recordedMs: number;
  hereMs: number;
  readonly verdicts: Readonly<Record<TestSet, VerdictCounts>>;
}

export function noTotals(): RerunTotals {
  const none = () => ({ compared: 0, recordedPassed: 0, agree: 0, differ: 0, inconclusive: 0 });
  return {
    ...{ episodes: 0, compared: 0, pass: 0, diverged: 0, inconclusive: 0 },
    ...{ outcomeOnly: 0, judgedOnly: 0, statusesOnly: 0 },
    ...{ divergedEpisodes: 0, inconclusiveEpisodes: 0, recordedMs: 0, hereMs: 0 },
    verdicts: { public: none(), hidden: none() },
  };
}

/** Adds an episode to the totals, in place. */
export function addEpisode(totals: RerunTotals, { verdict, checks }: EpisodeRerun): void {
  totals.episodes += 1;
  if (verdict === 'diverged') totals.divergedEpisodes += 1;
  if (verdict === 'inconclusive') totals.inconclusiveEpisodes += 1;
  for (const check of checks) addCheck(totals, check);
}

function addCheck(totals: RerunTotals, check: ExecutionCheck): void {
  totals.compared += 1;
  totals[check.verdict] += 1;
  if (check.verdict === 'pass') {
    if (check.layer === 'outcome') totals.outcomeOnly += 1;
    else if (check.layer === 'judged') totals.judgedOnly += 1;
    else if (check.layer === 'statuses') totals.statusesOnly += 1;
  }
  totals.recordedMs += check.recorded.wallMs ?? 0;
  totals.hereMs += check.here?.wallMs ?? 0;
  if (check.layer !== 'verdict') return;
  const counts = totals.verdicts[check.tests];
  counts.compared += 1;
  if (check.recorded.outcome === 'passed') counts.recordedPassed += 1;
  if (check.verdict === 'pass') counts.agree += 1;
  else if (check.verdict === 'diverged') counts.differ += 1;
  else counts.inconclusive += 1;
}

/** The verdict over all of it; where nothing was executed there is nothing to conclude from. */
export function totalVerdict(totals: RerunTotals): Verdict {
  if (totals.divergedEpisodes > 0) return 'diverged';
  return totals.inconclusiveEpisodes > 0 || totals.compared === 0 ? 'inconclusive' : 'pass';
}
