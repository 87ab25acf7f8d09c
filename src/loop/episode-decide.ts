import type { EffectKey } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';
import { invariant, PawlError } from '../kernel/pawl-error.ts';
import type { AnyStrategy, Command } from '../strategies/strategy.ts';
import type { EpisodeState, PendingEffect } from './episode-state.ts';

type BudgetKind = 'candidates' | 'executions' | 'tokens';

/** What happens next in an episode: the strategy's commands, and what the loop itself sees to around them. */
export type EpisodeCommand =
  | Command
  /** Issue the next attempt of an effect that failed and may be repeated. */
  | { readonly kind: 'retry'; readonly effect: PendingEffect; readonly key: EffectKey }
  | { readonly kind: 'exhaust'; readonly budget: BudgetKind; readonly limit: number; readonly spent: number }
  | { readonly kind: 'execute-hidden'; readonly candidate: Digest }
  | { readonly kind: 'grade' }
  | { readonly kind: 'close' };

/**
 * Pure: the same state always gives the same commands. The caller issues them in order as events, folds those, and asks
 * again until nothing is asked for; then it waits for an outcome.
 *
 * @throws PawlError `STRATEGY_STALLED` when nothing is asked for, nothing is under way and the episode has not ended
 */
export function decideEpisode(state: EpisodeState, strategy: AnyStrategy): readonly EpisodeCommand[] {
  if (state.finished !== null) return [];
  const retries = state.pending.filter(({ failed }) => failed).map(retry);
  if (retries.length > 0) return retries;
  if (state.picked !== null) return decideGrading(state);
  const commands = strategy.decide(state.strategyState);
  if (commands.length === 0 && state.pending.length === 0) {
    throw new PawlError(
      'STRATEGY_STALLED',
      `${strategy.name} asked for nothing although nothing is under way.`,
      {
        context: { strategy: strategy.name, task: state.started.task },
      },
    );
  }
  return state.exhausted ? withoutCost(commands, strategy) : withinBudget(state, commands);
}

/** A strategy that was told of an exhausted budget ends with what it has; one that spends on is defective. */
function withoutCost(commands: readonly Command[], strategy: AnyStrategy): readonly Command[] {
  const costly = commands.find(({ kind }) => kind === 'generate' || kind === 'execute');
  invariant(costly === undefined, `${strategy.name} asked to ${costly?.kind} after its budget was exhausted`);
  return commands;
}

function decideGrading(state: EpisodeState): readonly EpisodeCommand[] {
  if (state.pending.length > 0) return [];
  const candidate = state.picked?.candidate ?? null;
  if (candidate !== null && state.grading === null) return [{ kind: 'execute-hidden', candidate }];
  if (state.grading !== null && state.grading !== 'failed' && state.graded === null)
    return [{ kind: 'grade' }];
  return [{ kind: 'close' }];
}

/**
 * Cuts the list where it would overspend: what fits is issued, also a part of the candidates asked for at once; then the
 * exhaustion is stated and the strategy asked again.
 */
function withinBudget(state: EpisodeState, commands: readonly Command[]): readonly EpisodeCommand[] {
  const { budget } = state.started;
  let candidates = state.spent.candidates + state.pending.filter(({ kind }) => kind === 'generation').length;
  let executions = state.spent.executions;
  const allowed: EpisodeCommand[] = [];
  for (const command of commands) {
    if (command.kind === 'generate') {
      const left = budget.candidates === null ? command.count : budget.candidates - candidates;
      if (budget.candidates !== null && left <= 0) {
        return [...allowed, exhaust('candidates', budget.candidates, state.spent.candidates)];
      }
      if (budget.tokens !== null && state.spent.tokens >= budget.tokens) {
        return [...allowed, exhaust('tokens', budget.tokens, state.spent.tokens)];
      }
      const count = Math.min(command.count, left);
      candidates += count;
      allowed.push({ ...command, count });
      continue;
    }
    if (command.kind === 'execute') {
      executions += 1;
      if (budget.executions !== null && executions > budget.executions) {
        return [...allowed, exhaust('executions', budget.executions, state.spent.executions)];
      }
    }
    allowed.push(command);
  }
  return allowed;
}

function exhaust(budget: BudgetKind, limit: number, spent: number): EpisodeCommand {
  return { kind: 'exhaust', budget, limit, spent };
}

function retry(effect: PendingEffect): EpisodeCommand {
  const { key } = effect.request;
  return { kind: 'retry', effect, key: { ...key, attempt: key.attempt + 1 } };
}
