import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { parseHiddenTests, parseTaskView } from '../tasks/serialize.ts';
import { Contents } from './contents.ts';
import { episodeStarted } from './episode-started.ts';
import { type EpisodeData, initialEpisodeState } from './episode-state.ts';
import { replayBlobs } from './replay-blobs.ts';
import { checkCopies } from './replay-copies.ts';
import { DecisionReplay } from './replay-decisions.ts';
import { memberDifferences } from './replay-difference.ts';
import { replayImported } from './replay-imported.ts';
import { type Rederive, ReplayReads, type RunHead } from './replay-reads.ts';
import { checkFlags, checkShape, Diverged, Inconclusive, refuted, verdictOf } from './replay-stops.ts';
import type { ReplayVerdict } from './replay-verdict.ts';
import { recordedScorer, recordedStrategy } from './replay-versions.ts';
import { runPrompt } from './run-prompt.ts';

/** What replay takes besides the ledger. */
export interface ReplayOptions {
  /** What imported episodes are derived from; null: they are inconclusive. */
  readonly rederive: Rederive | null;
}

/**
 * Folds one episode's stream prefix by prefix without performing anything: after every outcome, `decide` must ask for exactly
 * the events that history recorded next, down to prompts, feedback texts, scores and input digests. Everything else it takes
 * (the run, the suite, a branch's parent, an import's row) is read from the ledger as well.
 *
 * @throws PawlError `RUN_NOT_FOUND` for a stream that is not there; whatever the ledger throws
 */
export async function replayEpisode(
  ledger: Ledger,
  stream: StreamName,
  { rederive }: ReplayOptions = { rederive: null },
): Promise<ReplayVerdict> {
  return replayEpisodeStream(new ReplayReads(ledger, rederive), stream);
}

/** The same with what other episodes of the ledger have read already. */
export async function replayEpisodeStream(reads: ReplayReads, stream: StreamName): Promise<ReplayVerdict> {
  const events = await reads.events(stream);
  if (events.length === 0) {
    throw new PawlError('RUN_NOT_FOUND', `The ledger has no episode "${stream}".`, {
      context: { episode: stream },
    });
  }
  try {
    const told = await check(reads, events);
    await replayBlobs(reads.ledger, events);
    return { verdict: 'pass', events: events.length, ...told };
  } catch (error) {
    return verdictOf(error, events.length);
  }
}

async function check(reads: ReplayReads, events: readonly AnyRecordedEvent[]) {
  const first = events[0] as AnyRecordedEvent;
  if (first.type !== 'EpisodeStarted')
    throw refuted(first, 'history', 'an episode begins with EpisodeStarted');
  checkShape(first);
  const started = first.data;
  const head = await reads.run(started.run);
  if (head !== null) checkFlags(head.started.flags);
  const own = await checkStart(reads, first, head);
  if (own.started.imported !== null) {
    const { decisions, finished } = await replayImported(reads, events, started, own);
    return { decisions: decisions + 1, finished };
  }
  const replay = await decisionReplay(reads, events, started, own);
  const { decisions, finished } = await replay.check();
  return { decisions: decisions + 1, finished };
}

/** The first event must be the one that the run and the suite give; only an import names its source itself. */
async function checkStart(
  reads: ReplayReads,
  first: Extract<AnyRecordedEvent, { type: 'EpisodeStarted' }>,
  head: RunHead | null,
): Promise<RunHead> {
  const { run, index, source } = first.data;
  const scheduled = head?.scheduled[index];
  const nobody = `${run} did not schedule this episode as its ${index}th`;
  if (head === null || scheduled === undefined || scheduled.episode !== first.stream)
    throw refuted(first, 'history', nobody);
  const tasks = await reads.suite(head.started.suite);
  if (!tasks.has(scheduled.task)) throw refuted(first, 'history', nobody);
  const derived = episodeStarted(head, scheduled, tasks);
  const asked = head.started.imported === null ? derived : { ...derived, source };
  if (canonicalJson(asked) === canonicalJson(first.data) && (source !== null) === isImported(head))
    return head;
  const data = asked as unknown as JsonObject;
  const reason = 'EpisodeStarted was asked for with other data than was recorded';
  const { divergence } = refuted(first, 'content', reason, { type: first.type, data });
  const members = memberDifferences(data, first.data as unknown as JsonObject);
  throw new Diverged({ ...divergence, members });
}

function isImported({ started }: RunHead): boolean {
  return started.imported !== null;
}

async function decisionReplay(
  reads: ReplayReads,
  events: readonly AnyRecordedEvent[],
  started: EpisodeData<'EpisodeStarted'>,
  head: RunHead,
): Promise<DecisionReplay> {
  const { ledger } = reads;
  const strategy = recordedStrategy(started.strategy);
  const scorer = recordedScorer(head.started.scorer);
  const { view, hidden } = await partsOf(ledger, events[0] as AnyRecordedEvent, started);
  const fingerprint = head.started.sandbox.find(({ language }) => language === view.language);
  if (fingerprint === undefined)
    throw new Inconclusive(`the fingerprint of the ${view.language} interpreter in the run's start`);
  const { flags } = head.started;
  const template = await runPrompt(ledger, head.started);
  const issue = { contents: new Contents(ledger), scorer, flags, template, fingerprint, hidden };
  const branch = await checkCopies(reads, events, started, head);
  const { runWallMs } = head.granted;
  const context = { strategy, issue, branch, runWallMs };
  return new DecisionReplay(events, initialEpisodeState(started, view, strategy), context);
}

async function partsOf(
  ledger: Ledger,
  first: AnyRecordedEvent,
  { view, hidden }: EpisodeData<'EpisodeStarted'>,
) {
  try {
    return {
      view: parseTaskView(await ledger.getBlob(view.digest)),
      hidden: parseHiddenTests(await ledger.getBlob(hidden.digest)),
    };
  } catch (error) {
    if (isPawlError(error, 'SUITE_INVALID')) throw refuted(first, 'content', error.message);
    throw error;
  }
}
