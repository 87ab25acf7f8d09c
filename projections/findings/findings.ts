import { answerMisreported } from './answer-misreported.ts';
import { bestOverRun } from './best-over-run.ts';
import { diversityDecay } from './diversity-decay.ts';
import { feedbackWithoutEffect } from './feedback-without-effect.ts';
import type { Finding } from './finding.ts';
import { friction } from './friction.ts';
import { hiddenBeforePick } from './hidden-before-pick.ts';
import { missingEnvironment } from './missing-environment.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { nondeterministicExecutions } from './nondeterministic-executions.ts';
import { nothingTested } from './nothing-tested.ts';
import { overAccepted } from './over-accepted.ts';
import { repeatedCandidates } from './repeated-candidates.ts';
import { underAccepted } from './under-accepted.ts';
import { unequalBudgets } from './unequal-budgets.ts';
import { unequalSpending } from './unequal-spending.ts';
import { unfinishedEpisodes } from './unfinished-episodes.ts';
import { worseThanBest } from './worse-than-best.ts';

/** All that is looked for, the gravest first. */
export const findings: readonly Finding[] = [
  hiddenBeforePick,
  answerMisreported,
  nondeterministicExecutions,
  overAccepted,
  nothingTested,
  worseThanBest,
  unequalBudgets,
  missingEnvironment,
  unfinishedEpisodes,
  underAccepted,
  bestOverRun,
  unequalSpending,
  repeatedCandidates,
  nearDuplicates,
  feedbackWithoutEffect,
  friction,
  diversityDecay,
];
