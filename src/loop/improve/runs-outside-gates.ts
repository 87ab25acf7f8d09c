import { gateDefinitionSchema } from '../../../gates/definition/gate-definition.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LineProblem } from './line-problem.ts';
import { itemIds } from './opened-items.ts';
import { runsOfSuite } from './runs-of-suite.ts';

/** Items that were held out between two positions of the ledger. */
interface HeldOutSpan {
  readonly what: string;
  readonly items: Digest;
  readonly from: number;
  to: number;
}

/**
 * Runs that executed something on held-out items, while these decided about proposals, without a gate that says so. A sealed set
 * counts from the registration of its gate to the end of the final test.
 *
 * @param gateRuns runs that the gate of some line named before they began: a branch has the sealed set of its parent
 */
export async function runsOutsideGates(
  ledger: Ledger,
  line: StreamName,
  events: readonly AnyRecordedEvent[],
  gateRuns: ReadonlySet<StreamName>,
): Promise<readonly LineProblem[]> {
  const opened = events.find((event) => event.type === 'ImprovementOpened');
  if (opened?.type !== 'ImprovementOpened') return [];
  const spans: { readonly span: HeldOutSpan; readonly ids: ReadonlySet<string> }[] = [];
  for (const span of spansOf(events)) {
    const ids = await itemIds(ledger, span.items);
    if (ids !== null) spans.push({ span, ids });
  }
  const problems: LineProblem[] = [];
  for await (const { run, position, tasks } of runsOfSuite(ledger, opened.data.suite)) {
    if (gateRuns.has(run)) continue;
    for (const { span, ids } of spans) {
      const read = tasks.filter((task) => ids.has(task)).length;
      if (read === 0 || position < span.from || position > span.to) continue;
      problems.push({
        position,
        code: 'RULE_BROKEN',
        message: `${run} executed ${read} ${span.what} items of ${line} outside of its gate (rule held-out-inside-gate).`,
      });
    }
  }
  return problems;
}

function spansOf(events: readonly AnyRecordedEvent[]): readonly HeldOutSpan[] {
  const spans: HeldOutSpan[] = [];
  const end = Number.MAX_SAFE_INTEGER;
  for (const event of events) {
    const { position } = event;
    if (event.type === 'HeldOutOpened') {
      spans.push({ what: 'held-out', items: event.data.items.digest, from: position, to: end });
    } else if (event.type === 'GateRegistered') {
      const sealed = gateDefinitionSchema.safeParse(event.data.definition).data?.evaluation.sealed ?? null;
      if (sealed === null || spans.some(({ items }) => items === sealed.items)) continue;
      spans.push({ what: 'sealed', items: sealed.items as Digest, from: position, to: end });
    } else if (event.type === 'HeldOutExhausted') close(spans, 'held-out', position);
    else if (event.type === 'FinalTestFinished') close(spans, 'sealed', position);
  }
  return spans;
}

function close(spans: readonly HeldOutSpan[], what: string, position: number): void {
  const last = spans.findLast((span) => span.what === what);
  if (last !== undefined) last.to = position;
}
