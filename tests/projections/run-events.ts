import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { GeneratorRef, StrategyRef } from '../../src/events/run.ts';
import type { Budget } from '../../src/events/shapes.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { digest } from '../strategies/episode-events.ts';

/** Events of runs and the ends of episodes in few words; `episode-events.ts` has the rest. */

export const stream = (name: string): StreamName => name as StreamName;
export const strategy: StrategyRef = { name: 'best-of-n', version: 1, params: { candidates: 3 } };
export const generator: GeneratorRef = { name: 'scripted', version: 1, config: {} };
const unlimited: Budget = { candidates: null, executions: null, tokens: null, stepsPerExecution: null };

export const runStarted = (
  more: { readonly suite?: string; readonly strategy?: StrategyRef; readonly generator?: GeneratorRef } = {},
): PawlEvent => ({
  type: 'RunStarted',
  data: {
    ...{ suite: digest(more.suite ?? 'suite'), suiteName: more.suite ?? 'suite', split: null },
    ...{ strategy: more.strategy ?? strategy, generator: more.generator ?? generator },
    ...{ generatorSpec: 'scripted', scorer: { name: 'tests', version: 1 }, sandbox: [], seed: '7' },
    ...{ tasks: 2, group: 'together', prompt: null, flags: [], forkedFrom: null, imported: null },
  },
});

export const granted = (budget: Budget = unlimited, runWallMs: number | null = null): PawlEvent => ({
  type: 'BudgetGranted',
  data: { episode: budget, runWallMs },
});

export const scheduled = (index: number, task: string, episode: string): PawlEvent => ({
  type: 'EpisodeScheduled',
  data: { index, task, episode: stream(episode) },
});

export const runPaused: PawlEvent = {
  type: 'RunPaused',
  data: { reason: 'interrupted', volatile: { wallMs: 5 } },
};
export const runResumed: PawlEvent = { type: 'RunResumed', data: { unfinished: 1 } };
export const runFinished: PawlEvent = {
  type: 'RunFinished',
  data: { episodes: 2, publicPass: 1, hiddenPass: 1, volatile: { wallMs: 9 } },
};

export const started = (
  run: string,
  index: number,
  task: string,
  budget: Budget = unlimited,
): EpisodeEvent => ({
  type: 'EpisodeStarted',
  data: {
    ...{ run: stream(run), index, task, strategy, generator, budget, seed: `7/${task}` },
    view: { digest: digest(`${task} view`), bytes: 10 },
    hidden: { digest: digest(`${task} hidden`), bytes: 10 },
    ...{ forkedFrom: null, source: null },
  },
});

export const graded = (name: string, passed: number, total: number): EpisodeEvent => ({
  type: 'FinalGraded',
  data: {
    ...{ candidate: digest(name), execution: { ordinal: 9, occurrence: 0, attempt: 0 }, passed, total },
    ...{ outcome: passed === total ? 'passed' : 'failed', hiddenPass: passed === total },
  },
});

export const finished = (
  publicPass: boolean,
  hiddenPass: boolean,
  cost: {
    readonly candidates: number;
    readonly executions: number;
    readonly tokens: number;
    readonly steps: number;
  },
): EpisodeEvent => ({
  type: 'EpisodeFinished',
  data: { status: 'graded', publicPass, hiddenPass, ...cost },
});
