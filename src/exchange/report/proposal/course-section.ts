import type { SlotChange } from '../../../../gates/governance/governance.ts';
import { code, inline, list, section, table } from '../elements.ts';
import { type Html, html } from '../html.ts';
import { shortDigest, time } from '../words.ts';
import { ofProposal, type ProposalModel } from './proposal-model.ts';

/** What people said, and what followed from the decision. */
export function approvalsSection({ line, bundle, gate }: ProposalModel): Html {
  const required = gate?.definition.approvals.required ?? 0;
  const said = ofProposal(line, bundle.header.proposal).flatMap((event): readonly Html[] => {
    const at = html`<span class="quiet">${time(event.at)}</span>`;
    switch (event.type) {
      case 'ApprovalGiven':
        return [html`${inline(event.data.by)} <b>approved</b> it. ${inline(event.data.comment, 2000)} ${at}`];
      case 'ApprovalRefused':
        return [html`${inline(event.data.by)} <b>refused</b> it: ${inline(event.data.reason, 2000)} ${at}`];
      case 'ChallengerPromoted':
        return [
          html`<b>Promoted</b> on the ${event.data.track} track. ${inline(event.data.sentence, 2000)} ${at}`,
        ];
      case 'ChallengerDiscarded':
        return [html`<b>Discarded.</b> ${inline(event.data.sentence, 2000)} ${at}`];
      case 'GateRegistered':
        return [html`<b>Registered</b> as the gate that judges from here on. ${at}`];
      default:
        return [];
    }
  });
  const rule =
    required === 0
      ? html`<p>The gate asks for nobody’s approval.</p>\n`
      : html`<p>The gate asks for ${required} ${required === 1 ? 'approval' : 'approvals'}; whoever proposed it does not count.</p>\n`;
  const none = html`<p class="quiet">Nothing followed yet.</p>\n`;
  return section('approvals', 'Approvals, and what followed', [rule, said.length === 0 ? none : list(said)]);
}

const trackTexts: Readonly<Record<SlotChange['track'], string>> = {
  baseline: 'installed as the baseline',
  working: 'promoted on the working track',
  certified: 'promoted on the certified track',
  rollback: 'rolled back to',
};

/** Everything that the slot ever held; nothing is taken out of the list. */
export function slotSection({ state, change, bundle, line }: ProposalModel): Html {
  const { slot } = change.data;
  const rows = (state.history[slot] ?? []).map(({ champion, track, proposal, revision }, index) => [
    html`${index + 1}`,
    code(shortDigest(champion)),
    html`${trackTexts[track]}${proposal === bundle.header.proposal ? html` <b>by this proposal</b>` : null}`,
    proposal === null ? html`` : code(proposal),
    html`${time(line[revision]?.at ?? 0)}`,
  ]);
  const columns = [
    { title: '#', numeric: true },
    { title: 'content' },
    { title: 'what happened' },
    { title: 'proposal' },
    { title: 'when' },
  ];
  return section('slot', `What the slot ${slot} held`, [
    table(`Every change of the slot ${slot} that is in this file`, columns, rows),
  ]);
}
