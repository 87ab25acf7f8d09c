/**
 * The public API: open a ledger, run strategies over a suite, fold and replay what was recorded. The only barrel of the
 * product; everything else is imported from the file it lives in.
 */

export { budgetProjection } from '../projections/budget.ts';
export { projections } from '../projections/catalogue.ts';
export { episodeProjection } from '../projections/episode.ts';
export { leaderboardProjection } from '../projections/leaderboard.ts';
export { ancestry, lineageProjection } from '../projections/lineage.ts';
export { fold, type Projection, stateHash } from '../projections/projection.ts';
export { runProjection } from '../projections/run.ts';
export { runOutcomeDigest } from '../projections/run-outcome.ts';
export type { Execution, ExecutionRequest, Sandbox } from '../sandbox/sandbox.ts';
export { createWasmSandbox } from '../sandbox/wasm/wasm-sandbox.ts';
export { catalogue, type EventType, type PawlEvent } from './events/catalogue.ts';
export type { EpisodeEvent } from './events/episode.ts';
export type { ExecutionResult, Outcome, TestResult } from './events/execution-result.ts';
export type { AnyRecordedEvent, EventDraft, RecordedEvent } from './events/record.ts';
export type { TaskView } from './events/task-view.ts';
export type { TestSpec } from './events/test-spec.ts';
export type { GeneratedCandidate, GenerationRequest, Generator } from './generators/generator.ts';
export { createGenerator } from './generators/registry.ts';
export { type Clock, systemClock } from './kernel/clock.ts';
export { type ErrorCode, errorTable } from './kernel/error-table.ts';
export { type IdSource, seededIdSource, ulidSource } from './kernel/id-source.ts';
export { isPawlError, PawlError } from './kernel/pawl-error.ts';
export { seededRandom } from './kernel/random.ts';
export { type Erasure, eraseBlob } from './ledger/erase-blob.ts';
export type { EventStore, StoredRecord, TreeHead } from './ledger/event-store.ts';
export { Ledger } from './ledger/ledger.ts';
export { openLedger } from './ledger/open-ledger.ts';
export { checkSnapshots, type SnapshotProblem } from './ledger/snapshots/check-snapshots.ts';
export { projectAt } from './ledger/snapshots/project-at.ts';
export { readProjection } from './ledger/snapshots/read-projection.ts';
export { verifyLedger } from './ledger/verify-ledger.ts';
export type { DataChange } from './loop/data-changes.ts';
export { type DiffStep, diffEpisodes, type EpisodeDiff } from './loop/diff-episodes.ts';
export { diffRuns, type RunDiff, type TaskDiff } from './loop/diff-runs.ts';
export { executeRun, type RunServices, type RunSignals } from './loop/execute-run.ts';
export { type ForkAccount, forkAccount } from './loop/fork-account.ts';
export { type EpisodeFork, type ForkedEpisode, forkEpisode } from './loop/fork-episode.ts';
export { forkRun, type RunFork } from './loop/fork-run.ts';
export type { ForkChanges, ForkServices } from './loop/forked-run.ts';
export { replayEpisode } from './loop/replay-episode.ts';
export type { Divergence, ReplayVerdict } from './loop/replay-verdict.ts';
export { type RunPlan, startRuns } from './loop/start-runs.ts';
export type { Scorer } from './scorers/scorer.ts';
export { testsScorer } from './scorers/tests-scorer.ts';
export { strategies, strategyNamed, strategyRef } from './strategies/registry.ts';
export type { Command, Strategy } from './strategies/strategy.ts';
export { loadSuite } from './tasks/registry.ts';
export type { Suite } from './tasks/suite.ts';
export type { Task } from './tasks/task.ts';
