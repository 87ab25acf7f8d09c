import { sha256Bytes } from '../../kernel/digest.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { bundleLedger } from '../bundle/bundle-ledger.ts';
import { budgetSection } from './budget-section.ts';
import { claimSection } from './claim-section.ts';
import { contentsSection } from './contents-section.ts';
import { code, inline } from './elements.ts';
import { environmentSection } from './environment-section.ts';
import { episodeSection } from './episode-section.ts';
import { html } from './html.ts';
import { limitsSection } from './limits-section.ts';
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
  // No script is ever run and nothing is ever fetched; the one style is allowed by its digest.
  const style = Buffer.from(sha256Bytes(reportStyle)).toString('base64');
  const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`;
  const { strategy, suiteName } = run;
  const of = bundle.header.episode ?? bundle.header.run;
  const top = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${strategy.name} on ${suiteName}: audit bundle</title>
<style>`;
  const body = html`</style>
</head>
<body>
<main>
<header>
<p class="kind">Pawl audit bundle</p>
<h1>${inline(strategy.name)} on ${inline(suiteName)}</h1>
<p class="quiet">${code(of)}</p>
</header>
`;
  return `${top.markup}${reportStyle}${body.markup}`;
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
