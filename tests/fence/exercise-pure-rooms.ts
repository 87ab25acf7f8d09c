import { projections } from '../../projections/catalogue.ts';
import { episodeProjection } from '../../projections/episode.ts';
import { type AuditedRun, auditedRun } from '../../projections/findings/finding.ts';
import { findings } from '../../projections/findings/findings.ts';
import { sketchOf } from '../../projections/findings/program-sketch.ts';
import { trailProjection } from '../../projections/findings/trail.ts';
import { ancestry, lineageProjection } from '../../projections/lineage.ts';
import { fold, type Projection, stateHash } from '../../projections/projection.ts';
import { runProjection } from '../../projections/run.ts';
import { runOutcomeDigest } from '../../projections/run-outcome.ts';
import { solvedByIterationProjection, solvedCurve } from '../../projections/solved-by-iteration.ts';
import { definitionOf } from '../../src/events/catalogue.ts';
import { type AnyRecordedEvent, checkRecord, encodeRecord } from '../../src/events/record.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { readBranch } from '../../src/loop/read-branch.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { replayLedger } from '../../src/loop/replay-ledger.ts';
import type { Rederive } from '../../src/loop/replay-reads.ts';
import { replayScope } from '../../src/loop/replay-scope.ts';

/** What is given to the pure rooms: ledgers in memory. */
export interface Exercise {
  readonly ledgers: readonly Ledger[];
  readonly rederive: Rederive;
  /** Beside those of the catalogue. */
  readonly moreProjections: readonly Projection<unknown>[];
}

/** Does with ledgers whatever the pure rooms do; awaits nothing that is not in memory. */
export async function exercisePureRooms({ ledgers, rederive, moreProjections }: Exercise): Promise<void> {
  for (const ledger of ledgers) {
    const events: AnyRecordedEvent[] = [];
    for await (const event of ledger.readAll()) events.push(event);
    exerciseEvents(events);
    for (const projection of [...projections, ...moreProjections])
      stateHash(projection, fold(projection, events));
    exerciseQueries(events);
    await exerciseFindings(ledger, events);
    await exerciseReplay(ledger, events, rederive);
  }
}

function exerciseEvents(events: readonly AnyRecordedEvent[]): void {
  for (const event of events) {
    checkRecord(event);
    if (definitionOf(event.type).version === event.version) encodeRecord(event, event.stream, event.revision);
  }
}

function exerciseQueries(events: readonly AnyRecordedEvent[]): void {
  const runs = fold(runProjection, events);
  const episodes = fold(episodeProjection, events);
  for (const run of Object.keys(runs.runs)) runOutcomeDigest(runs, episodes, run as StreamName);
  for (const nodes of Object.values(fold(lineageProjection, events).episodes))
    for (const candidate of Object.keys(nodes)) ancestry(nodes, candidate as Digest);
  for (const counts of Object.values(fold(solvedByIterationProjection, events).runs)) solvedCurve(counts);
}

async function exerciseFindings(ledger: Ledger, events: readonly AnyRecordedEvent[]): Promise<void> {
  const state = fold(trailProjection, events);
  const runs = Object.keys(state.runs).flatMap((run): AuditedRun[] => {
    const audited = auditedRun(state, run as StreamName);
    return audited === null ? [] : [audited];
  });
  const sketches = new Map();
  for (const event of events) {
    if (event.type !== 'CandidateGenerated') continue;
    const { candidate, program } = event.data;
    const text = await ledger.getText(program.digest);
    for (const language of ['javascript', 'python'] as const)
      sketches.set(candidate, sketchOf(text, language));
  }
  for (const finding of findings) {
    if (finding.scope === 'arms') finding.find(runs, sketches);
    else for (const run of runs) finding.find([run], sketches);
  }
}

async function exerciseReplay(
  ledger: Ledger,
  events: readonly AnyRecordedEvent[],
  rederive: Rederive,
): Promise<void> {
  const last = events.at(-1)?.at ?? 0;
  const { streams } = await replayScope(ledger, { kind: 'all' }, { sinceMs: 0, untilMs: last });
  await replayLedger(ledger, streams, { rederive });
  for (const { stream, type, data } of events) {
    if (type !== 'EpisodeStarted') continue;
    await replayEpisode(ledger, stream, { rederive });
    if (data.forkedFrom !== null) await readBranch(ledger, data.forkedFrom);
  }
}
