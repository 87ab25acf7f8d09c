import { Command } from 'commander';
import type { JsonObject } from '../kernel/json.ts';
import { type QueuedEpisode, queueOverview } from '../loop/work/queue-overview.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { table } from './table.ts';
import { findQueuedRun, workDesk } from './work-desk.ts';
import { shortWorker } from './worker-telling.ts';

export function queueShowCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('show')
    .summary('one queued run, episode by episode')
    .description('Shows how each episode of a queued run stands, who has it, and why it is parked.')
    .argument('[run]', 'the end of its id', 'latest')
    .action(async (name: string, options: CommonOptions) => {
      const output = processOutput(options.json === true);
      const opened = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const { ledger, queue, log } = workDesk(opened);
        const state = await log.refresh();
        const run = findQueuedRun(state, name);
        const queued = state.get(run);
        if (queued === undefined) return;
        const found = await queueOverview(queued, ledger, queue, await queue.pulses());
        for (const { standing, ...episode } of found.episodes)
          output.record({ type: 'queued-episode', run, ...episode, ...standing } as unknown as JsonObject);
        const rows = found.episodes.map((episode) => [
          episode.index,
          episode.task,
          ...standingCells(episode),
        ]);
        output.text(
          `${run}: lease ${queued.leaseMs / 1000} s, ${queued.attemptsMax} attempts, needs ${queued.needs.join(', ')}\n`,
        );
        output.text(table(['#', 'task', 'standing', 'attempts', 'worker', 'why'], rows));
        if (found.counts.parked > 0)
          output.note(
            `\nLet workers try the parked ones again: ${hint(`queue retry ${shortId(run)}`, options)}`,
          );
        finish(exitCodes.ok);
      } finally {
        await opened.ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), { 'pawl queue show 7XK2QD': 'who works on what of it' });
}

function standingCells({ standing }: QueuedEpisode): readonly (string | number)[] {
  const attempts =
    standing.kind === 'taken' ? standing.attempt : 'attempts' in standing ? standing.attempts : '';
  const worker = standing.kind === 'taken' ? shortWorker(standing.worker) : '';
  const why = standing.kind === 'parked' ? standing.reason : '';
  return [standing.kind, `${attempts}`, worker, why];
}
