import { projections } from '../../projections/catalogue.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import { strategyRef } from '../strategies/registry.ts';
import { replayBlobs } from './replay-blobs.ts';
import { memberDifferences } from './replay-difference.ts';
import type { ReplayReads, RunHead } from './replay-reads.ts';
import { replaySchedule } from './replay-schedule.ts';
import { checkSessions } from './replay-sessions.ts';
import {
  checkFlags,
  checkShape,
  cutShort,
  Diverged,
  Inconclusive,
  refuted,
  verdictOf,
} from './replay-stops.ts';
import { checkTotals, foldRun } from './replay-totals.ts';
import type { ReplayVerdict } from './replay-verdict.ts';
import { recordedScorer, recordedStrategy } from './replay-versions.ts';
import { runPrompt } from './run-prompt.ts';

type Started = Extract<AnyRecordedEvent, { type: 'RunStarted' }>;

/**
 * A run's stream: its start must be one that this build can read, its episodes those of its suite and split under the names that
 * follow from the run, and whatever its sessions say of them must follow from the episodes' own streams, which also the
 * projections must agree with.
 */
export async function replayRunStream(reads: ReplayReads, run: StreamName): Promise<ReplayVerdict> {
  const events = await reads.events(run);
  try {
    const [started, granted, ...rest] = events;
    if (started === undefined) throw cutShort(run, 0, 'the run never started');
    if (started.type !== 'RunStarted') throw refuted(started, 'history', 'a run begins with RunStarted');
    for (const event of events) checkShape(event);
    await checkStart(reads, started);
    if (granted === undefined) throw cutShort(run, 1, 'history ends before the run was granted a budget');
    if (granted.type !== 'BudgetGranted')
      throw refuted(granted, 'kind', `BudgetGranted was asked for, ${granted.type} was recorded`);
    const head = (await reads.run(run)) as RunHead;
    await replaySchedule(reads, started, rest);
    const folded = await foldRun(reads, head, events, projections);
    const finished = checkSessions(run, head, rest.slice(started.data.tasks), folded.ends);
    checkTotals(head, events, folded);
    await replayBlobs(reads.ledger, events);
    return { verdict: 'pass', events: events.length, decisions: decided(events), finished };
  } catch (error) {
    return verdictOf(error, events.length);
  }
}

/** What was granted, where a session stopped and what it ran on are facts. */
function decided(events: readonly AnyRecordedEvent[]): number {
  const facts = new Set(['BudgetGranted', 'RunPaused', 'EnvironmentCaptured', 'BudgetExhausted']);
  return events.filter(({ type }) => !facts.has(type)).length;
}

async function checkStart(reads: ReplayReads, event: Started): Promise<void> {
  const { flags, suite, scorer, imported, forkedFrom } = event.data;
  checkFlags(flags);
  if (flags.some((flag, at) => at > 0 && flag <= (flags[at - 1] ?? 0)))
    throw refuted(event, 'content', 'replay flags are written in ascending order, each once');
  await reads.suite(suite);
  recordedScorer(scorer);
  await runPrompt(reads.ledger, event.data);
  derives(event, { strategy: imported === null ? ownStrategy(event) : importerOf(imported) });
  if (forkedFrom !== null) await checkParent(reads, event, forkedFrom);
}

/** Parameters are recorded checked and complete. */
function ownStrategy(event: Started): JsonObject {
  const { params } = event.data.strategy;
  const strategy = recordedStrategy(event.data.strategy);
  try {
    return { ...strategyRef(strategy, params) };
  } catch (error) {
    if (isPawlError(error, 'STRATEGY_PARAMS')) throw refuted(event, 'content', error.message);
    throw error;
  }
}

/** Whatever rule the other tool followed, what its words were made into follows from the importer. */
function importerOf({ format, formatVersion }: NonNullable<Started['data']['imported']>): JsonObject {
  return { name: format, version: formatVersion, params: {} };
}

async function checkParent(
  { ledger }: ReplayReads,
  event: Started,
  { stream, revision }: NonNullable<Started['data']['forkedFrom']>,
): Promise<void> {
  const last = await ledger.lastRevision(stream);
  if (last === -1) throw new Inconclusive(`${stream}, which was branched and is not in the ledger`);
  if (revision > last)
    throw refuted(
      event,
      'content',
      `${stream} has no revision ${revision} to branch at; its last is ${last}`,
    );
}

function derives(event: Started, derived: JsonObject): void {
  const data = event.data as unknown as JsonObject;
  const wrong = Object.keys(derived).some(
    (name) => canonicalJson(data[name] ?? null) !== canonicalJson(derived[name]),
  );
  if (!wrong) return;
  const asked = { type: event.type, data: { ...data, ...derived } };
  const reason = 'RunStarted was asked for with other data than was recorded';
  const { divergence } = refuted(event, 'content', reason, asked);
  throw new Diverged({ ...divergence, members: memberDifferences(asked.data, data) });
}
