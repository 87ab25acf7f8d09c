/**
 * The public API: open a ledger, run strategies over a suite, fold and replay what was recorded. The only barrel of the
 * product; everything else is imported from the file it lives in.
 */

export { alphaInvesting } from '../gates/policy/alpha-investing.ts';
export { alphaSpending, onlineFallback } from '../gates/policy/alpha-spending.ts';
export { fixedBetPath, gridMixturePath } from '../gates/policy/bets.ts';
export { bootstrapIntervals } from '../gates/policy/bootstrap.ts';
export { clusteredError } from '../gates/policy/clustered-error.ts';
export { codedLevel, discloseSymbol, leakBits, openCodedLedger } from '../gates/policy/coded-ledger.ts';
export {
  empiricalBernsteinSequence,
  hedgedCapital,
  hedgedInterval,
} from '../gates/policy/confidence-sequence.ts';
export { deadlineBet } from '../gates/policy/deadline-bet.ts';
export { devScreen } from '../gates/policy/dev-screen.ts';
export { averageE, eBenjaminiHochberg, productE } from '../gates/policy/e-values.ts';
export { harmVeto, proveNonInferior } from '../gates/policy/harm-veto.ts';
export { heldOutTest } from '../gates/policy/held-out-test.ts';
export { ladderFixed, ladderFree } from '../gates/policy/ladder.ts';
export {
  certifiedAccount,
  everyCandidateAccount,
  exploreAccount,
  freshShardAccount,
} from '../gates/policy/level-policy.ts';
export { eLond, lond, lordPlusPlus } from '../gates/policy/lord.ts';
export { parseRational, type Rational, rationalText, toNumber } from '../gates/policy/math/rational.ts';
export {
  mcnemarCriticalWins,
  mcnemarMidP,
  mcnemarPValue,
  mcnemarRejects,
  mcnemarTwoSided,
} from '../gates/policy/mcnemar.ts';
export { mixtureSprt } from '../gates/policy/mixture-sprt.ts';
export { nonInferiorityDifferences, tangoNonInferiority } from '../gates/policy/non-inferiority.ts';
export { runOnline } from '../gates/policy/online-tests.ts';
export { passAtK } from '../gates/policy/pass-at-k.ts';
export {
  conditionalPower,
  mcnemarPower,
  mcnemarSampleSize,
  pairedSampleSize,
} from '../gates/policy/planning.ts';
export { predictedPower } from '../gates/policy/predicted-power.ts';
export { meanRatioBound } from '../gates/policy/ratio-bound.ts';
export { addis, saffron } from '../gates/policy/saffron.ts';
export { signFlipExact, signFlipMonteCarlo } from '../gates/policy/sign-flip.ts';
export { signMixture } from '../gates/policy/sign-mixture.ts';
export { pairedTTest } from '../gates/policy/student-t.ts';
export { thresholdout } from '../gates/policy/thresholdout.ts';
export { budgetProjection } from '../projections/budget.ts';
export { projections } from '../projections/catalogue.ts';
export { episodeProjection } from '../projections/episode.ts';
export type { Evidence, Finding, FindingCase, Found } from '../projections/findings/finding.ts';
export { findings } from '../projections/findings/findings.ts';
export { trailProjection } from '../projections/findings/trail.ts';
export { leaderboardProjection } from '../projections/leaderboard.ts';
export { ancestry, lineageProjection } from '../projections/lineage.ts';
export { fold, type Projection, stateHash } from '../projections/projection.ts';
export { runProjection } from '../projections/run.ts';
export { runOutcomeDigest } from '../projections/run-outcome.ts';
export { solvedByIterationProjection, solvedCurve } from '../projections/solved-by-iteration.ts';
export { createDockerSandbox } from '../sandbox/docker/docker-sandbox.ts';
export { type DockerSettings, dockerSettingsSchema } from '../sandbox/docker/settings.ts';
export type { Execution, ExecutionRequest, Sandbox } from '../sandbox/sandbox.ts';
export { createWasmSandbox } from '../sandbox/wasm/wasm-sandbox.ts';
export { catalogue, type EventType, type PawlEvent } from './events/catalogue.ts';
export type { EpisodeEvent } from './events/episode.ts';
export type { ExecutionResult, Outcome, TestResult } from './events/execution-result.ts';
export type { AnyRecordedEvent, EventDraft, RecordedEvent } from './events/record.ts';
export type { TaskView } from './events/task-view.ts';
export type { TestSpec } from './events/test-spec.ts';
export type { Bundle, BundleBlob } from './exchange/bundle/bundle.ts';
export { type BundleFile, openBundleFile } from './exchange/bundle/bundle-file.ts';
export { bundleLedger } from './exchange/bundle/bundle-ledger.ts';
export { type MadeBundle, type MakeBundleOptions, makeBundle } from './exchange/bundle/make-bundle.ts';
export { readBundle } from './exchange/bundle/read-bundle.ts';
export {
  type BundleVerdict,
  type VerifyBundleOptions,
  verifyBundle,
} from './exchange/bundle/verify-bundle.ts';
export {
  type WriteBundleOptions,
  type WrittenBundle,
  writeBundle,
} from './exchange/bundle/write-bundle.ts';
export { type ImportPlan, planImport } from './exchange/import-plan.ts';
export { type ImportOutcome, type ImportServices, importRun } from './exchange/import-run.ts';
export type { ImportedEpisode, ImportedFile, ImportedRow, Importer } from './exchange/importers/importer.ts';
export { importerNamed, importers } from './exchange/importers/registry.ts';
export { rederiveImported } from './exchange/rederive-imported.ts';
export type { GeneratedCandidate, GenerationRequest, Generator } from './generators/generator.ts';
export type { Completion, LanguageModel, ModelRef, ModelRequest } from './generators/model/language-model.ts';
export { createModelGenerator } from './generators/model/model-generator.ts';
export { type ModelSpec, readModelSpec } from './generators/model/model-spec.ts';
export { openLanguageModel } from './generators/model/open-language-model.ts';
export { createGenerator } from './generators/registry.ts';
export { type Clock, systemClock } from './kernel/clock.ts';
export { type ErrorCode, errorTable } from './kernel/error-table.ts';
export { type IdSource, seededIdSource, ulidSource } from './kernel/id-source.ts';
export { isPawlError, PawlError } from './kernel/pawl-error.ts';
export { seededRandom } from './kernel/random.ts';
export { type Checkpoint, openCheckpoint } from './ledger/audit/checkpoint.ts';
export { verifyConsistency } from './ledger/audit/consistency-proof.ts';
export { verifyConsistencyText } from './ledger/audit/consistency-text.ts';
export { firstDifference } from './ledger/audit/first-difference.ts';
export { verifyInclusion } from './ledger/audit/inclusion-proof.ts';
export { proveConsistency, proveRecord } from './ledger/audit/prove-from-ledger.ts';
export { StoreTree } from './ledger/audit/store-tree.ts';
export { rootFromSubset, subsetProof } from './ledger/audit/subset-proof.ts';
export { openTiles } from './ledger/audit/tiles-tree.ts';
export { parseTlogProof, verifyTlogProof } from './ledger/audit/tlog-proof.ts';
export { leafHash } from './ledger/audit/tree-hash.ts';
export { type Erasure, eraseBlob } from './ledger/erase-blob.ts';
export type { EventStore, StoredRecord, TreeHead } from './ledger/event-store.ts';
export { Ledger } from './ledger/ledger.ts';
export { openLedger } from './ledger/open-ledger.ts';
export { checkSnapshots, type SnapshotProblem } from './ledger/snapshots/check-snapshots.ts';
export { projectAt } from './ledger/snapshots/project-at.ts';
export { readProjection } from './ledger/snapshots/read-projection.ts';
export type { OutsideCheckpoint, Trust } from './ledger/verify/trust.ts';
export type { VerifyReport } from './ledger/verify/verify-report.ts';
export { verifyLedger } from './ledger/verify-ledger.ts';
export { type Audit, auditRuns, type FindingReport } from './loop/audit-runs.ts';
export { currentEnvironment, type Environment } from './loop/current-environment.ts';
export type { DataChange } from './loop/data-changes.ts';
export { type DiffStep, diffEpisodes, type EpisodeDiff } from './loop/diff-episodes.ts';
export { diffRuns, type RunDiff, type TaskDiff } from './loop/diff-runs.ts';
export { executeRun, type RunServices, type RunSignals } from './loop/execute-run.ts';
export { type ForkAccount, forkAccount } from './loop/fork-account.ts';
export { type EpisodeFork, type ForkedEpisode, forkEpisode } from './loop/fork-episode.ts';
export { forkRun, type RunFork } from './loop/fork-run.ts';
export type { ForkChanges, ForkServices } from './loop/forked-run.ts';
export type { FailureTaxonomy, FinishedEpisode } from './loop/improve/failures/failure-taxonomy.ts';
export { standardTaxonomy } from './loop/improve/failures/standard-taxonomy.ts';
export { improve } from './loop/improve/improve.ts';
export { ImprovementLine } from './loop/improve/improvement-line.ts';
export { type Parameter, type ParameterSpace, parameterSpaceOf } from './loop/improve/parameter-space.ts';
export { parameterValuesOf, withParameterValues } from './loop/improve/parameter-values.ts';
export { propose } from './loop/improve/propose.ts';
export type { ChangeContract, Proposer, ProposerView } from './loop/improve/proposers/proposer.ts';
export { createProposer } from './loop/improve/proposers/registry.ts';
export type { ImproveOutcome, ImproveWatch, SittingOptions } from './loop/improve/sitting.ts';
export { type PromptTemplate, parsePromptTemplate } from './loop/prompt-template.ts';
export { recordFindings } from './loop/record-findings.ts';
export { type FinishedReplay, recordReplay } from './loop/record-replay.ts';
export { type Regenerated, regenerateEpisode } from './loop/regenerate-episode.ts';
export { type RegenerateServices, type RunRegenerated, regenerateRuns } from './loop/regenerate-runs.ts';
export { renderPromptTemplate } from './loop/render-prompt-template.ts';
export { type ReplayOptions, replayEpisode } from './loop/replay-episode.ts';
export { type LedgerReplayReport, replayLedger } from './loop/replay-ledger.ts';
export { type ReplayScope, type ReplayWhat, replayScope, type TimeWindow } from './loop/replay-scope.ts';
export type { Divergence, ReplayVerdict, StreamReplay } from './loop/replay-verdict.ts';
export type { Difference, ExecutionCheck } from './loop/rerun-check.ts';
export { type EpisodeRerun, type RerunContext, rerunEpisode } from './loop/rerun-episode.ts';
export { type RerunScope, type RerunServices, type RunRerun, rerunEpisodes } from './loop/rerun-episodes.ts';
export { RerunExecutor, type RerunExecutorOptions, RerunPaused } from './loop/rerun-executor.ts';
export { type RunPlan, startRuns } from './loop/start-runs.ts';
export type { Scorer } from './scorers/scorer.ts';
export { testsScorer } from './scorers/tests-scorer.ts';
export { strategies, strategyNamed, strategyRef } from './strategies/registry.ts';
export type { Command, Strategy } from './strategies/strategy.ts';
export { loadSuite } from './tasks/registry.ts';
export type { Suite } from './tasks/suite.ts';
export type { Task } from './tasks/task.ts';
