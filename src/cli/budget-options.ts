import type { Budget } from '../events/shapes.ts';

/** Options that limit an episode, already typed by the command line. */
export interface BudgetOptions {
  readonly candidates: number;
  readonly maxExecutions?: number;
  readonly maxTokens?: number;
  readonly maxSteps: number | 'none';
}

export function budgetOf({ candidates, maxExecutions, maxTokens, maxSteps }: BudgetOptions): Budget {
  return {
    candidates,
    executions: maxExecutions ?? null,
    tokens: maxTokens ?? null,
    stepsPerExecution: maxSteps === 'none' ? null : maxSteps,
  };
}
