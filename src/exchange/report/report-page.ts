import { type Bundle, isProposalBundle, isRunBundle, type RunBundle } from '../bundle/bundle.ts';
import { bundleLedger } from '../bundle/bundle-ledger.ts';
import { budgetSection } from './budget-section.ts';
import { claimSection } from './claim-section.ts';
import { contentsSection } from './contents-section.ts';
import { inline } from './elements.ts';
import { environmentSection } from './environment-section.ts';
import { episodeSection } from './episode-section.ts';
import { html } from './html.ts';
import { limitsSection } from './limits-section.ts';
import { pageHead } from './page-head.ts';
import { proposalPage } from './proposal/proposal-page.ts';
import { type ReportModel, reportModel } from './report-model.ts';
import { reportStyle } from './report-style.ts';
import { reviewSection } from './review-section.ts';
import { tasksSection } from './tasks-section.ts';
import { voucherSection } from './voucher-section.ts';
import { withheldSection } from './withheld-section.ts';
import { plural } from './words.ts';

/** Characters of stories that one report shows; of later episodes it has the figures. The data always has everything. */
const storyCharactersMax = 6_000_000;

/**
 * The readable part of a bundle, in pieces: everything from the first byte of the page to where the data begins. It is made
 * from the bundle alone, so that whoever has the bundle can make it again, and it is the same text whenever and wherever it
 * is made.
 *
 * @throws PawlError `BUNDLE_INVALID` when the records do not tell of the run that the header names, and those of reading blobs
 */
export async function* reportPage(bundle: Bundle): AsyncGenerator<string> {
  if (isProposalBundle(bundle)) yield* proposalPage(bundle);
  else if (isRunBundle(bundle)) yield* runPage(bundle);
}

async function* runPage(bundle: RunBundle): AsyncGenerator<string> {
  const model = await reportModel(bundle, bundleLedger(bundle));
  const { episode } = bundle.header;
  const claimed = model.run.episodes.filter((entry) => episode === null || entry.episode === episode);
  yield head(model);
  yield claimSection(model, claimed).markup;
  yield voucherSection(bundle.header).markup;
  yield withheldSection(model).markup;
  yield reviewSection(model).markup;
  yield tasksSection(model).markup;
  yield* stories(model);
  yield budgetSection(model).markup;
  yield environmentSection(model).markup;
  yield limitsSection(model).markup;
  yield contentsSection(model).markup;
  yield '</main>\n';
}

function head({ bundle, run }: ReportModel): string {
  const { strategy, suiteName } = run;
  return pageHead({
    title: html`${strategy.name} on ${suiteName}: audit bundle`,
    heading: html`${inline(strategy.name)} on ${inline(suiteName)}`,
    of: bundle.header.episode ?? bundle.header.run,
    style: reportStyle,
  });
}

async function* stories(model: ReportModel): AsyncGenerator<string> {
  yield '<section aria-labelledby="episodes">\n<h2 id="episodes">Episodes</h2>\n';
  yield '<p>Each episode as it went: the task, every candidate as a change to the one it came from, what its tests showed, and what the next one was told.</p>\n';
  let characters = 0;
  let untold = 0;
  for (const [index, entry] of model.run.episodes.entries()) {
    if (!model.present.has(entry.episode)) continue;
    if (characters > storyCharactersMax) {
      untold += 1;
      continue;
    }
    const { markup } = await episodeSection(model, entry, index);
    characters += markup.length;
    yield markup;
  }
  if (untold > 0) {
    yield html`<p class="more">${plural(untold, 'more episode')} would make this page too long; all of them are in the bundle, and in the table above.</p>\n`
      .markup;
  }
  yield '</section>\n';
}
