import type { Budget } from '../src/events/shapes.ts';
import type { StreamName } from '../src/kernel/brand.ts';
import type { Projection } from './projection.ts';

export interface BudgetEntry {
  granted: Budget;
  /** Sum of the events that spend: proposals answered, public executions requested, tokens of proposals. */
  spent: { candidates: number; executions: number; tokens: number };
  exhausted: { kind: string; limit: number; spent: number } | null;
}

export interface BudgetState {
  episodes: Record<StreamName, BudgetEntry>;
  /** Wall time granted to each run, milliseconds, and whether it ran out. */
  runs: Record<StreamName, { wallMs: number | null; exhausted: boolean }>;
}

/** What was granted and what was spent, both from events alone. */
export const budgetProjection: Projection<BudgetState> = {
  name: 'budget',
  version: 1,
  initialState: () => ({ episodes: {}, runs: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'BudgetGranted':
        state.runs[event.stream] = { wallMs: event.data.runWallMs, exhausted: false };
        return state;
      case 'EpisodeStarted':
        state.episodes[event.stream] = {
          granted: event.data.budget,
          spent: { candidates: 0, executions: 0, tokens: 0 },
          exhausted: null,
        };
        return state;
      case 'CandidateGenerated': {
        const entry = state.episodes[event.stream];
        if (entry === undefined || event.data.key === null) return state;
        entry.spent.candidates += 1;
        entry.spent.tokens += event.data.usage.inputTokens + event.data.usage.outputTokens;
        return state;
      }
      case 'CandidateRejected': {
        const entry = state.episodes[event.stream];
        if (entry === undefined) return state;
        const { usage } = event.data;
        entry.spent.candidates += 1;
        entry.spent.tokens += usage.inputTokens + usage.outputTokens;
        return state;
      }
      case 'ExecutionRequested': {
        const entry = state.episodes[event.stream];
        const counts = event.data.tests === 'public' && event.data.key.attempt === 0;
        if (entry !== undefined && counts) entry.spent.executions += 1;
        return state;
      }
      case 'BudgetExhausted': {
        const run = state.runs[event.stream];
        if (run !== undefined) run.exhausted = true;
        const entry = state.episodes[event.stream];
        if (entry !== undefined) entry.exhausted = { ...event.data };
        return state;
      }
      default:
        return state;
    }
  },
};
