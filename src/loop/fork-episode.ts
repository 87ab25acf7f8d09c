import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { strategyNamed } from '../strategies/registry.ts';
import { parseHiddenTests, parseTaskView } from '../tasks/serialize.ts';
import { Contents } from './contents.ts';
import { episodeStarted } from './episode-started.ts';
import type { EpisodeData } from './episode-state.ts';
import { expectedStart } from './expected-start.ts';
import { forkPoint } from './fork-point.ts';
import { type ForkChanges, type ForkServices, forkedRun, writeForkedRun } from './forked-run.ts';
import { registeredSuite } from './registered-suite.ts';
import { readRunState } from './run-state.ts';

/** Which episode is branched, where, and what is to be other than in it. */
export interface EpisodeFork extends ForkChanges {
  readonly episode: StreamName;
  /** The last revision that the branch shares with its parent. Left out: where the search of the parent ended. */
  readonly at?: number;
}

/** A branch that is written down; `executeRun` works on it like on any run. */
export interface ForkedEpisode {
  readonly run: StreamName;
  readonly episode: StreamName;
  readonly parent: StreamName;
  readonly revision: number;
}

/**
 * Branches an episode: a new run with one episode that repeats the parent's events up to a revision and decides anew from
 * there. Nothing is performed yet. Whatever can be wrong with the branch is found here, before anything is written.
 *
 * @throws PawlError `FORK_INVALID` with what does not fit and what would; `STRATEGY_NOT_FOUND`, `STRATEGY_PARAMS`,
 * `PROMPT_TEMPLATE_INVALID`,
 * `BLOB_ERASED` where what the next decision needs is gone, and those of `Ledger.append`
 */
export async function forkEpisode(
  { episode: parent, at, ...changes }: EpisodeFork,
  services: ForkServices,
): Promise<ForkedEpisode> {
  const { ledger } = services;
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(parent)) events.push(event);
  const [first] = events;
  if (first?.type !== 'EpisodeStarted') {
    throw invalid(parent, 'has not begun, so that there is nothing to branch from.');
  }
  const parentRun = await readRunState(ledger, first.data.run);
  const view = parseTaskView(await ledger.getBlob(first.data.view.digest));
  // The branching revision is found with the branch's own first event, which does not depend on it.
  const from = { stream: parent, revision: at ?? 0 };
  const found = await forkedRun(parentRun, from, [first.data.task], [view.language], changes, services);
  await checkStart(parent, first.data, services);
  const tasks = await registeredSuite(ledger, found.started.suite);
  const [scheduled] = found.episodes;
  const [fingerprint] = found.started.sandbox;
  if (scheduled === undefined || fingerprint === undefined) throw invalid(parent, 'has no task.');
  const issue = {
    contents: new Contents(ledger),
    scorer: services.scorer,
    fingerprint,
    hidden: parseHiddenTests(await ledger.getBlob(first.data.hidden.digest)),
    flags: found.started.flags,
    template: found.template,
  };
  const strategy = strategyNamed(found.started.strategy.name);
  const started = episodeStarted(found, scheduled, tasks);
  const otherPrompt = found.started.prompt?.digest !== parentRun.started.prompt?.digest;
  const start = { started, view, strategy, issue, otherPrompt };
  const revision = await forkPoint(parent, events, at ?? null, start);
  const forkedFrom = { stream: parent, revision };
  await writeForkedRun({ ...found, started: { ...found.started, forkedFrom } }, services);
  return { run: found.run, episode: scheduled.episode, parent, revision };
}

/** A stream that does not begin as its run says is nobody's episode; its branch would have another task or other draws. */
async function checkStart(
  episode: StreamName,
  started: EpisodeData<'EpisodeStarted'>,
  { ledger }: ForkServices,
): Promise<void> {
  const expected = await expectedStart(ledger, episode, started);
  if (expected !== null && canonicalJson(expected) === canonicalJson(started)) return;
  throw invalid(
    episode,
    `does not begin as ${started.run} says. \`pawl replay\` shows where it differs; such an episode is not branched.`,
  );
}

function invalid(episode: StreamName, problem: string): PawlError {
  return new PawlError('FORK_INVALID', `${episode} ${problem}`, { context: { episode } });
}
