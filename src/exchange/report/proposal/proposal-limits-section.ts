import { list, section } from '../elements.ts';
import { type Html, html } from '../html.ts';
import type { ProposalModel } from './proposal-model.ts';

/** What even a bundle of a proposal that checks out does not prove. */
export function proposalLimitsSection({ bundle, line }: ProposalModel): Html {
  const items: Html[] = [
    html`<b>What came next.</b> The line is here from its first record to revision ${line.length - 1}. A later rollback, or another promotion, is not; nor can a file show that nothing was cut off behind the end of this proposal.`,
    html`<b>The decisions about other proposals.</b> Their events are here, and the alpha that they spent; their evidence and their runs are not.`,
    html`<b>What the proposer was shown.</b> The view is in the data where a proposer was asked; it is not derived again here. <code>pawl replay</code> on the ledger does.`,
    html`<b>That the records were true when they were written.</b> The proof shows that they have not changed since the checkpoint. <code>pawl rerun</code> on the ledger executes the programs again.`,
    html`<b>When it happened, and who a name is.</b> The order is proved; times and names are what was written down.`,
  ];
  if (bundle.header.checkpoint === null) {
    items.unshift(
      html`<b>That these are the records that were written at the time.</b> No key signed them; the whole ledger could have been made up afterwards.`,
    );
  }
  return section('limits', 'What this does not prove', [list(items)]);
}
