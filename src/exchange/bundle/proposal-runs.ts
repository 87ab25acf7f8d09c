import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';

/**
 * Runs that the evidence of a proposal rests on: those that its gate had executed, before it decided, of the configurations under
 * examination; and those of the final test, when there is one. In the order in which they were first named.
 *
 * @param events of the line, in order
 */
export function proposalRuns(events: Iterable<AnyRecordedEvent>, proposal: string): readonly StreamName[] {
  const named: Named[] = [];
  const runs = new Set<StreamName>();
  let open: Opened | null = null;
  const examined = (): void => {
    for (const each of named) if (open !== null && isOf(open, each)) runs.add(each.run);
  };
  for (const event of events) {
    if (event.type === 'EvaluationRequested' && event.data.purpose === 'dev') named.push(event.data);
    if (event.type === 'HeldOutUsed' && event.data.reader === 'gate') {
      if (event.data.purpose === 'final') runs.add(event.data.run);
      else named.push(event.data);
    }
    if (event.type === 'GateOpened' && event.data.proposal === proposal) open = event.data;
    if (event.type === 'GateDecided' && event.data.proposal === proposal) {
      examined();
      open = null;
    }
  }
  // Of one that goes on, what was executed so far.
  examined();
  return [...runs];
}

/**
 * Whether what an event refers to belongs to the examination of another proposal: the bundle of this one has its digest alone.
 */
export function isOfAnother(event: AnyRecordedEvent, proposal: string): boolean {
  const isApart = event.type === 'CheckFinished' || event.type === 'ProposalRequested';
  return isApart && event.data.proposal !== proposal;
}

type Data<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>['data'];
type Named = Data<'EvaluationRequested'> | Data<'HeldOutUsed'>;
type Opened = Data<'GateOpened'>;

function isOf({ gate, configuration, working, certified }: Opened, named: Named): boolean {
  const sides: readonly string[] =
    named.purpose === 'dev' ? [configuration, working, certified] : [configuration, certified];
  return named.gate === gate && sides.includes(named.configuration);
}
