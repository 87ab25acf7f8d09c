import { list, section } from './elements.ts';
import { type Html, html } from './html.ts';
import type { ReportModel } from './report-model.ts';

/** What even a bundle that checks out does not prove. */
export function limitsSection({ bundle, started, course, run }: ReportModel): Html {
  const { checkpoint, episode } = bundle.header;
  const isEnded = course.some(({ type }) => type === 'RunFinished');
  const items: Html[] = [
    html`<b>That the records were true when they were written.</b> The proof shows that they have not changed since the checkpoint. What a program did can be seen again by executing it: <code>pawl rerun</code> on the ledger does.`,
    html`<b>That there was no other run.</b> A bundle is of one run${episode === null ? '' : ', here of one episode of it'}. Runs of one command share the group <code>${started.data.group}</code>; others can have been made and not be shown.`,
    html`<b>That nothing more was erased, found or replayed.</b> Of those records the bundle selects what is about this run; that one is absent proves nothing.`,
    html`<b>When it happened.</b> Times are what the clock of the writing machine said. Their order is proved, the hours are not.`,
    html`<b>Who a name is.</b> Actors are written down as they called themselves.`,
  ];
  if (checkpoint === null) {
    items.unshift(
      html`<b>That these are the records that were written at the time.</b> No key signed them; the whole ledger could have been made up afterwards.`,
    );
  }
  if (!isEnded) {
    items.unshift(
      html`<b>What came next.</b> The run had not ended; records that its streams got later are not in here.`,
    );
  }
  if (started.data.imported !== null) {
    items.push(html`<b>The outcomes.</b> They are what another tool recorded, not what was executed here.`);
  }
  if (run.generator.name !== 'repair' && started.data.imported === null) {
    items.push(
      html`<b>Who wrote the programs.</b> What a generator answered is recorded; that it was that generator is what the ledger says.`,
    );
  }
  return section('limits', 'What this does not prove', [list(items)]);
}
