import type { ItemUse } from '../../../../gates/checks/item-outcome.ts';
import type { GateDefinition } from '../../../../gates/definition/gate-definition.ts';
import type { AnyRecordedEvent } from '../../../events/record.ts';
import type { StreamName } from '../../../kernel/brand.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import { readRunState } from '../../run-state.ts';

/** What one configuration made of one item; where items are repeated, the mean of its scores and the sum of what it used. */
export interface SideOutcome {
  readonly item: string;
  /** In [0, 1]; null where infrastructure failed, which is nobody's fault and no result. */
  readonly score: number | null;
  readonly use: ItemUse;
}

/**
 * What finished runs came to, item by item, in the order in which their tasks were scheduled. A pass/fail score is 1 where all
 * hidden tests passed; a graded one is the share of hidden tests that passed; of repeats it is the share of runs that passed.
 */
export async function readOutcomes(
  ledger: Ledger,
  runs: readonly StreamName[],
  metric: GateDefinition['metric'],
): Promise<readonly SideOutcome[]> {
  const repeats: (readonly SideOutcome[])[] = [];
  for (const run of runs) repeats.push(await outcomesOfRun(ledger, run, metric));
  const [first = []] = repeats;
  return first.map(({ item }, index) => {
    const all = repeats.flatMap((outcomes) => outcomes[index] ?? []);
    const scores = all.flatMap(({ score }) => score ?? []);
    const score =
      scores.length < repeats.length ? null : scores.reduce((sum, one) => sum + one, 0) / scores.length;
    return { item, score, use: all.map(({ use }) => use).reduce(add) };
  });
}

async function outcomesOfRun(
  ledger: Ledger,
  run: StreamName,
  metric: GateDefinition['metric'],
): Promise<readonly SideOutcome[]> {
  const { episodes } = await readRunState(ledger, run);
  const outcomes: SideOutcome[] = [];
  for (const { task, episode } of episodes) {
    const events = await Array.fromAsync(ledger.readStream(episode));
    outcomes.push({ item: task, ...outcomeOf(events, metric) });
  }
  return outcomes;
}

function outcomeOf(
  events: readonly AnyRecordedEvent[],
  metric: GateDefinition['metric'],
): Pick<SideOutcome, 'score' | 'use'> {
  let wallMs = 0;
  let failed = false;
  let share: number | null = null;
  let ended: Extract<AnyRecordedEvent, { type: 'EpisodeFinished' }>['data'] | null = null;
  for (const event of events) {
    if ('volatile' in event.data) wallMs += event.data.volatile.wallMs;
    // Nothing that a candidate or a generator answers can be tried again; what can be, and still failed, is infrastructure.
    if (event.type === 'GenerationFailed' || event.type === 'ExecutionFailed')
      failed ||= event.data.final && event.data.error.retryable;
    if (event.type === 'FinalGraded')
      share = event.data.total === 0 ? null : event.data.passed / event.data.total;
    if (event.type === 'EpisodeFinished') ended = event.data;
  }
  if (ended === null) {
    return { score: null, use: { candidates: 0, executions: 0, tokens: 0, steps: 0, wallMs } };
  }
  const { candidates, executions, tokens, steps, hiddenPass, status } = ended;
  const use = { candidates, executions, tokens, steps, wallMs };
  if (status === 'grading_failed' || (failed && !hiddenPass)) return { score: null, use };
  const passed = hiddenPass ? 1 : 0;
  return { score: metric === 'graded' ? (share ?? passed) : passed, use };
}

function add(left: ItemUse, right: ItemUse): ItemUse {
  return {
    candidates: left.candidates + right.candidates,
    executions: left.executions + right.executions,
    tokens: left.tokens + right.tokens,
    steps: left.steps + right.steps,
    wallMs: left.wallMs + right.wallMs,
  };
}
