import { Command } from 'commander';
import type { StreamName } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ReplayVerdict, replayEpisode } from '../loop/replay-episode.ts';
import { readRunState } from '../loop/run-state.ts';
import { scorerNamed } from '../scorers/registry.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findRun } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';

export interface ReplayTotals {
  readonly episodes: number;
  readonly decisions: number;
  readonly diverged: number;
  readonly inconclusive: number;
}

export function replayCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('replay')
    .summary('check that every decision follows from what was recorded')
    .description(
      'Folds the recorded streams without performing anything and checks that each decision comes out as recorded.',
    )
    .argument('[run]', 'a run (its id or the end of it), or an episode as RUN.INDEX or RUN:TASK', 'latest')
    .action(async (name: string, options: CommonOptions) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const state = await readRuns(ledger);
        const found = findRun(state, name);
        const all = (state.runs[found.run]?.episodes ?? []).filter(({ status }) => status !== 'scheduled');
        const episodes = found.kind === 'episode' ? [found.episode] : all.map(({ episode }) => episode);
        const totals = await replayEpisodes(ledger, found.run, episodes, output);
        output.record({ type: 'replay', run: found.run, ...totals });
        output.text(replayLine(totals));
        finish(replayExitCode(totals));
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl replay': 'the last run',
    'pawl replay 7XK2QD.3': 'one episode of a run',
  });
}

export function replayExitCode({ diverged, inconclusive }: ReplayTotals): ExitCode {
  if (diverged > 0) return exitCodes.replayDiverged;
  return inconclusive > 0 ? exitCodes.error : exitCodes.ok;
}

export function replayLine({ episodes, decisions, diverged, inconclusive }: ReplayTotals): string {
  if (diverged === 0 && inconclusive === 0) {
    return `Replayed ${episodes} episodes: all ${decisions} decisions come out as recorded.`;
  }
  return `Replayed ${episodes} episodes: ${diverged} diverged, ${inconclusive} inconclusive.`;
}

export async function replayEpisodes(
  ledger: Ledger,
  run: StreamName,
  episodes: readonly StreamName[],
  output: Output,
): Promise<ReplayTotals> {
  const { started } = await readRunState(ledger, run);
  const { sandbox, flags } = started;
  const context = { scorer: scorerNamed(started.scorer.name), sandbox, flags };
  const totals = { episodes: episodes.length, decisions: 0, diverged: 0, inconclusive: 0 };
  for (const episode of episodes) {
    const verdict = await replayEpisode(ledger, episode, context);
    output.record({ type: 'episode', episode, ...(verdict as unknown as JsonObject) });
    if (verdict.verdict === 'pass') totals.decisions += verdict.decisions;
    else if (verdict.verdict === 'diverged') totals.diverged += 1;
    else totals.inconclusive += 1;
    if (verdict.verdict !== 'pass') output.text(explain(episode, verdict));
  }
  return totals;
}

function explain(episode: StreamName, verdict: Exclude<ReplayVerdict, { verdict: 'pass' }>): string {
  if (verdict.verdict === 'inconclusive') return `${episode}: inconclusive, missing ${verdict.missing}`;
  const { revision, reason, asked, recorded } = verdict.divergence;
  const lines = [`${episode}: diverged at revision ${revision}: ${reason}`];
  lines.push(`  asked:    ${asked === null ? 'nothing' : `${asked.type} ${JSON.stringify(asked.data)}`}`);
  lines.push(
    `  recorded: ${recorded === null ? 'nothing' : `${recorded.type} ${JSON.stringify(recorded.data)}`}`,
  );
  return lines.join('\n');
}
