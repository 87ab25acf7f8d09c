import { budgetProjection } from './budget.ts';
import { championProjection } from './champion.ts';
import { episodeProjection } from './episode.ts';
import { gateHistoryProjection } from './gate-history.ts';
import { heldOutUseProjection } from './held-out-use.ts';
import { leaderboardProjection } from './leaderboard.ts';
import { lineageProjection } from './lineage.ts';
import type { Projection } from './projection.ts';
import { runProjection } from './run.ts';

/** Every projection over a whole ledger. */
export const projections: readonly Projection<unknown>[] = [
  episodeProjection,
  runProjection,
  lineageProjection,
  budgetProjection,
  leaderboardProjection,
  championProjection,
  heldOutUseProjection,
  gateHistoryProjection,
] as readonly Projection<unknown>[];
