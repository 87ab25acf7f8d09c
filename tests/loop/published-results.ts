import type { Execution, ExecutionRequest, Sandbox } from '../../sandbox/sandbox.ts';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import type { ExecutionCheck } from '../../src/loop/rerun-check.ts';
import { rerunEpisodes } from '../../src/loop/rerun-episodes.ts';
import { RerunExecutor } from '../../src/loop/rerun-executor.ts';
import { readRunState } from '../../src/loop/run-state.ts';
import { importPublished, type PublishedRun } from '../exchange/published-runs.ts';
import { always } from '../support/rerun.ts';
import { toyLedger } from '../support/toy-run.ts';

export interface PublishedResults {
  /** By `TASK tests revision`. */
  readonly checks: ReadonlyMap<string, ExecutionCheck>;
  /** By what was asked: each program with each set of tests once, although several checks may be about it. */
  readonly results: ReadonlyMap<string, ExecutionResult>;
}

/** Executes episodes of a published run again: those of the tasks that are picked from all, in the order of the run. */
export async function publishedResults(
  published: PublishedRun,
  sandbox: Sandbox,
  pick: (tasks: readonly string[]) => readonly string[],
): Promise<PublishedResults> {
  const ledger = toyLedger(openMemoryStore(), 'published');
  const run = await importPublished(ledger, published);
  const { episodes } = await readRunState(ledger, run);
  const picked = new Set(pick(episodes.map(({ task }) => task)));
  const wanted = episodes.filter(({ task }) => picked.has(task)).map(({ episode }) => episode);
  const results = new Map<string, ExecutionResult>();
  const listening: Sandbox = {
    languages: sandbox.languages,
    fingerprint: (language) => sandbox.fingerprint(language),
    close: () => sandbox.close(),
    execute: async (request: ExecutionRequest, signal: AbortSignal): Promise<Execution> => {
      const execution = await sandbox.execute(request, signal);
      results.set(`${request.seed} ${request.limits.wallMs}`, execution.result);
      return execution;
    },
  };
  const never = new AbortController().signal;
  const signals = { pause: never, abort: never };
  const executor = new RerunExecutor({ sandbox: listening, clock: systemClock, atATime: 4, signals });
  const services = {
    executorFor: async () => executor,
    ...{ window: always, comparison: 'whole' as const, signals, ahead: 32, onDone: () => undefined },
  };
  const checks = new Map<string, ExecutionCheck>();
  for await (const rerun of rerunEpisodes(ledger, [{ run, episodes: wanted }], services)) {
    for (const check of rerun.checks) checks.set(`${rerun.task} ${check.tests} ${check.revision}`, check);
  }
  return { checks, results };
}
