import type { RunEpisode, RunsState } from '../../projections/run.ts';
import { runOutcomeDigest } from '../../projections/run-outcome.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { branchedFrom } from './branch-text.ts';
import type { CommonOptions } from './common-options.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import type { Output } from './output.ts';
import { readEpisodes } from './read-projections.ts';
import { environmentLine, runEnvironments } from './run-environments.ts';
import { percent, totalsOf } from './summary.ts';
import { table } from './table.ts';

/** What a run was asked to do and how each of its episodes stands, or stood after the record at a position (`at`). */
export async function runStory(
  ledger: Ledger,
  run: StreamName,
  state: RunsState,
  options: CommonOptions,
  at: number | null,
  output: Output,
): Promise<void> {
  const summary = state.runs[run];
  if (summary === undefined) return;
  const { suiteName, suite, strategy, generator, prompt, seed, status, forkedFrom, episodes } = summary;
  const folded = await readEpisodes(
    ledger,
    episodes.map(({ episode }) => episode),
    at,
  );
  const outcome = runOutcomeDigest(state, folded, run);
  const totals = totalsOf(summary);
  const environments = await runEnvironments(ledger, run, at);
  output.record({
    type: 'run',
    run,
    suite,
    suiteName,
    strategy,
    generator,
    ...(prompt === undefined ? {} : { prompt }),
    seed,
    status,
    outcome,
    environments,
    ...(forkedFrom === undefined ? {} : { forkedFrom }),
    ...totals,
  } as JsonObject);
  for (const episode of episodes) output.record({ type: 'episode', ...episode } as unknown as JsonObject);
  output.text(`run        ${run} (${status})`);
  output.text(`suite      ${suiteName} ${suite}`);
  output.text(`strategy   ${strategy.name} version ${strategy.version} ${JSON.stringify(strategy.params)}`);
  output.text(
    `generator  ${generator.name} version ${generator.version} ${JSON.stringify(generator.config)}`,
  );
  if (prompt !== undefined) output.text(`prompt     template ${prompt.digest} (${prompt.bytes} bytes)`);
  output.text(`seed       ${seed}`);
  if (forkedFrom !== undefined) output.text(`branched   from ${branchedFrom(forkedFrom)}`);
  for (const environment of environments) output.text(`executed   ${environmentLine(environment)}`);
  output.text(
    `solved     public ${percent(totals.publicPass, totals.tasks)}, hidden ${percent(totals.hiddenPass, totals.tasks)}`,
  );
  output.text(`outcome    ${outcome}\n`);
  const rows = episodes.map((episode, index) => [
    index,
    episode.task,
    verdictOf(episode),
    episode.candidates,
    episode.executions,
    episode.steps,
  ]);
  output.text(table(['#', 'task', 'verdict', 'candidates', 'executions', 'steps'], rows));
  const then = at === null ? '' : ` --at ${at}`;
  output.note(`\nOne episode as a story: ${hint(`show ${shortId(run)}.0${then}`, options)}`);
}

export function verdictOf({ status, publicPass, hiddenPass }: RunEpisode): string {
  if (status !== 'finished') return status;
  if (hiddenPass) return publicPass ? 'solved' : 'solved, though a public test failed';
  return publicPass ? 'over-accepted' : 'unsolved';
}
