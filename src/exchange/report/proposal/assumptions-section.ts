import { list, section } from '../elements.ts';
import { type Html, html } from '../html.ts';
import { of } from '../report-model.ts';
import { plural } from '../words.ts';
import type { ProposalModel } from './proposal-model.ts';

/** What the guarantee rests on: what Pawl enforces, and what somebody declares. */
export function assumptionsSection(model: ProposalModel): Html {
  const enforced = html`<span class="enforced">enforced</span>`;
  const declared = html`<span class="declared">declared</span>`;
  return section('assumptions', 'What the guarantee rests on', [
    html`<p>${guarantee(model)}</p>\n`,
    list([
      html`${enforced} The gate was registered before anything that it judged was executed.`,
      html`${enforced} The splits are disjoint, and the order of the held-out items was fixed before the first test.`,
      html`${enforced} Every test was carried out at the level that the alpha ledger gave, and every symbol shrank it.`,
      html`${enforced} Held-out items were executed within an examination only, and each read is an event of the line.`,
      html`${enforced} What was promoted is the content that was evaluated, against the champion that still held.`,
      html`${declared} The held-out items are independent draws from the tasks that the claim is about.`,
      html`${declared} Whoever proposed saw nothing of held-out items but the symbols: no trace, count, time or cost by a way around Pawl.`,
      html`${declared} No model behind a generator or a proposer was trained on these items.`,
      ...earlier(model),
    ]),
  ]);
}

function guarantee({ gate }: ProposalModel): string {
  const { policy = 'certified', alpha = '1/20', epochs = 'same' } = gate?.definition ?? {};
  switch (policy) {
    case 'explore':
      return `The policy explore aims at a false discovery rate of ${alpha}; there is no proof for it where held-out items are used again.`;
    case 'fresh-shard':
      return `The policy fresh-shard keeps the expected number of false promotions at or below ${alpha} for each set of held-out items that is opened.`;
    default: {
      const per = epochs === 'same' ? 'in one epoch' : 'in all epochs together';
      return `The policy ${policy} keeps the probability of any false promotion ${per} at or below ${alpha}, whatever is proposed, as long as the following holds.`;
    }
  }
}

function earlier({ line }: ProposalModel): readonly Html[] {
  const reads = of(line, 'HeldOutOpened').reduce((sum, { data }) => sum + data.earlierReads, 0);
  const seen = of(line, 'HeldOutUsed').filter(({ data }) => data.reader === 'person').length;
  return [
    ...(reads === 0
      ? []
      : [
          html`<b>Weakened.</b> ${plural(reads, 'run')} of this ledger had executed some of the held-out items before they were held out.`,
        ]),
    ...(seen === 0
      ? []
      : [html`<b>Disclosed.</b> Somebody looked at results on held-out items: ${plural(seen, 'time')}.`]),
  ];
}
