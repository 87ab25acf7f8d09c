import type { ProposalBundle } from '../../bundle/bundle.ts';
import { bundleLedger } from '../../bundle/bundle-ledger.ts';
import { contentsSection } from '../contents-section.ts';
import { code, inline } from '../elements.ts';
import { html } from '../html.ts';
import { pageHead } from '../page-head.ts';
import { reviewSection } from '../review-section.ts';
import { voucherSection } from '../voucher-section.ts';
import { withheldSection } from '../withheld-section.ts';
import { shortDigest } from '../words.ts';
import { alphaSection } from './alpha-section.ts';
import { assumptionsSection } from './assumptions-section.ts';
import { checksSection } from './checks-section.ts';
import { contractSection } from './contract-section.ts';
import { approvalsSection, slotSection } from './course-section.ts';
import { proposalClaimSection } from './proposal-claim-section.ts';
import { proposalLimitsSection } from './proposal-limits-section.ts';
import { type ProposalModel, proposalModel } from './proposal-model.ts';
import { proposalStyle } from './proposal-style.ts';
import { standingOf } from './proposal-words.ts';
import { finalSection, runsSection } from './runs-section.ts';

/**
 * The readable part of a bundle of a proposal, in pieces; made from the bundle alone.
 *
 * @throws PawlError `BUNDLE_INVALID` when the records do not tell of the proposal that the header names, and those of reading
 * blobs
 */
export async function* proposalPage(bundle: ProposalBundle): AsyncGenerator<string> {
  const model = await proposalModel(bundle, bundleLedger(bundle));
  yield head(model);
  yield proposalClaimSection(model).markup;
  yield voucherSection(bundle.header).markup;
  yield (await contractSection(model)).markup;
  yield checksSection(model).markup;
  yield approvalsSection(model).markup;
  yield slotSection(model).markup;
  yield alphaSection(model).markup;
  yield finalSection(model)?.markup ?? '';
  yield runsSection(model).markup;
  yield withheldSection(model).markup;
  yield reviewSection(model, 'these runs').markup;
  yield assumptionsSection(model).markup;
  yield proposalLimitsSection(model).markup;
  yield contentsSection(model).markup;
  yield html`<p class="quiet">Written by Pawl ${code(bundle.header.pawl)}.</p>\n`.markup;
  yield '</main>\n';
}

function head(model: ProposalModel): string {
  const { change, opened, bundle } = model;
  const { slot, challenger } = change.data;
  const { word } = standingOf(model);
  return pageHead({
    title: html`${slot} of ${opened.data.name}, ${word}: audit bundle`,
    heading: html`${slot} ${code(shortDigest(challenger))} of ${inline(opened.data.name)}: ${word}`,
    of: `${bundle.header.improvement}/${bundle.header.proposal}`,
    style: proposalStyle,
  });
}
