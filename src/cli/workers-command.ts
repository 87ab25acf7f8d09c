import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WorkQueue } from '../ledger/work-queue.ts';
import { type WorkerOverview, workerOverview } from '../loop/work/worker-overview.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { hint } from './hint.ts';
import { liveView } from './live-view.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';
import { table } from './table.ts';
import { shortEpisode, shortWorker } from './worker-telling.ts';

/** Below this, silence is nothing but the time between two beats. */
const silentMsMin = 10_000;

interface WorkersOptions extends CommonOptions {
  readonly watch?: boolean;
}

export function workersCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('workers')
    .summary('the workers that were heard of lately, and what they work on')
    .description(
      'Lists workers that were heard of lately. With --watch, silence is timed by the clock of whoever watches; the time of the last heartbeat is by the clock of the worker.',
    )
    .option('--watch', 'again and again, until Ctrl-C')
    .action(async (options: WorkersOptions) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      const signals = listenForStop(output, systemClock, null);
      try {
        const silence = new Silence();
        const look = () => workersText(ledger, ledger.store.workQueue(), silence, options, output);
        if (options.watch === true) await liveView(look, process.stdout, output, systemClock, signals.pause);
        else output.text(await look());
        finish(exitCodes.ok);
      } finally {
        signals.dispose();
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl workers': 'who is there',
    'pawl workers --watch': 'the same as it changes, and who has fallen silent',
  });
}

/** For how long each worker has been silent, by the watcher's clock. */
class Silence {
  readonly #seen = new Map<string, { readonly beat: number; readonly sinceMs: number }>();

  of({ worker, beat }: WorkerOverview['pulse'], nowMs: number): number {
    const seen = this.#seen.get(worker);
    if (seen?.beat === beat) return nowMs - seen.sinceMs;
    this.#seen.set(worker, { beat, sinceMs: nowMs });
    return 0;
  }
}

async function workersText(
  ledger: Ledger,
  queue: WorkQueue,
  silence: Silence,
  options: CommonOptions,
  output: Output,
): Promise<string> {
  const nowMs = systemClock.monotonic();
  const rows: (string | number)[][] = [];
  for (const pulse of await queue.pulses()) {
    const overview = await workerOverview(ledger, pulse);
    const { worker, slots, capabilities, working, at } = pulse;
    const silentMs = Math.round(silence.of(pulse, nowMs));
    const state = stateOf(overview, silentMs);
    const { host, process } = overview.started ?? { host: '', process: '' };
    output.record({
      ...{ type: 'worker', worker, state, host, process, slots, capabilities, working, at, silentMs },
    } as unknown as JsonObject);
    rows.push([
      ...[shortWorker(worker), state, host, process, slots],
      ...[new Date(at).toISOString().slice(11, 19), extras(capabilities)],
      working.map(({ run, episode }) => shortEpisode(run, episode)).join(' '),
    ]);
  }
  if (rows.length === 0) return `No worker was heard of lately. Start one: ${hint('worker', options)}`;
  return table(['worker', 'state', 'host', 'process', 'slots', 'heard (UTC)', 'can', 'works on'], rows);
}

function stateOf({ pulse, stopped }: WorkerOverview, silentMs: number): string {
  if (stopped !== null) return stopped.why === 'failed' ? 'failed' : 'stopped';
  if (silentMs >= silentMsMin) return `silent for ${Math.round(silentMs / 1000)} s`;
  if (pulse.draining) return 'draining';
  return pulse.working.length > 0 ? 'working' : 'idle';
}

/** What not every worker has. */
function extras(capabilities: readonly string[]): string {
  return capabilities.filter((capability) => !capability.startsWith('sandbox:')).join(' ');
}
