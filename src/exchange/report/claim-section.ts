import type { RunEpisode } from '../../../projections/run.ts';
import { code, facts, inline } from './elements.ts';
import { type Html, html } from './html.ts';
import type { ReportModel } from './report-model.ts';
import { type Totals, totalsOf } from './totals.ts';
import { count, plural, share, shortDigest, time } from './words.ts';

/** What is claimed: the figures, the sentence, and what was run on what. */
export function claimSection(model: ReportModel, episodes: readonly RunEpisode[]): Html {
  const totals = totalsOf(episodes);
  return html`<section aria-labelledby="claim">
<h2 id="claim">What is claimed</h2>
${tiles(totals)}${bar(totals)}<p>${sentence(model, totals)}</p>
${runFacts(model)}</section>
`;
}

function tiles({ tasks, solved, overAccepted, unsolved, open, publicPass }: Totals): Html {
  const tile = (value: number, of: number, name: string, tone: string): Html =>
    html`<div class="tile ${value === 0 ? 'none' : tone}"><dt>${name}</dt><dd><b>${count(value)}</b> <span>${share(value, of)}</span></dd></div>\n`;
  const unfinished = open === 0 ? null : tile(open, tasks, 'not finished', 'open');
  return html`<dl class="tiles">
${tile(tasks, 0, 'tasks', 'all')}${tile(publicPass, tasks, 'pass public tests', 'all')}${tile(solved, tasks, 'solved', 'good')}${tile(overAccepted, tasks, 'over-accepted', 'bad')}${tile(unsolved, tasks, 'unsolved', 'plain')}${unfinished}</dl>
`;
}

/** The same as a picture; the figures above say it in words. */
function bar({ tasks, solved, overAccepted, unsolved, open }: Totals): Html | null {
  if (tasks === 0) return null;
  let from = 0;
  const part = (value: number, tone: string): Html | null => {
    if (value === 0) return null;
    const width = (1000 * value) / tasks;
    const rect = html`<rect class="${tone}" x="${from.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="12"/>`;
    from += width;
    return rect;
  };
  return html`<svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">${part(solved, 'good')}${part(overAccepted, 'bad')}${part(unsolved, 'plain')}${part(open, 'open')}</svg>\n`;
}

function sentence({ bundle, run, course }: ReportModel, totals: Totals): Html {
  const { header } = bundle;
  const { strategy, suiteName, split } = run;
  const { tasks, publicPass, solved, overAccepted } = totals;
  const where =
    split === null ? html`${inline(suiteName)}` : html`the ${code(split)} split of ${inline(suiteName)}`;
  const what =
    header.episode === null ? html`run ${code(header.run)}` : html`episode ${code(header.episode)}`;
  const ended = course.some(({ type }) => type === 'RunFinished')
    ? ''
    : ' The run had not ended when the tree below was made; what it did later is not in here.';
  return html`In ${what}, the strategy ${code(strategy.name)} worked on ${plural(tasks, 'task')} of ${where}. For ${count(publicPass)} it gave a program that passes every public test. ${count(solved)} of its answers pass the hidden tests, which are used for grading alone; ${count(overAccepted)} passed the public tests and failed a hidden one: over-accepted.${ended}`;
}

function runFacts({ run, started, granted, course, bundle }: ReportModel): Html {
  const { strategy, generator } = run;
  const { scorer, seed, group, suite, prompt, flags, forkedFrom, imported } = started.data;
  const last = course.at(-1);
  const pairs: [string, Html][] = [
    ['run', code(bundle.header.run)],
    ['status', html`${run.status}`],
    ['began', html`${time(started.at)}, by ${inline(started.actor)}`],
  ];
  if (last !== undefined && last !== started) {
    pairs.push([last.type === 'RunFinished' ? 'ended' : 'last heard of', html`${time(last.at)}`]);
  }
  pairs.push(
    ['suite', html`${inline(run.suiteName)} ${code(suite)}`],
    ['split', run.split === null ? html`none: tasks were chosen by name or all taken` : code(run.split)],
    [
      'strategy',
      html`${code(strategy.name)} version ${strategy.version} ${code(JSON.stringify(strategy.params), 1000)}`,
    ],
    [
      'generator',
      html`${code(generator.name)} version ${generator.version} ${code(JSON.stringify(generator.config), 1000)}`,
    ],
    ['scorer', html`${code(scorer.name)} version ${scorer.version}`],
    ['seed', code(seed)],
    ['group', html`${code(group)}, which runs of one command share`],
    ['replay flags', html`${flags.length === 0 ? 'none' : flags.join(', ')}`],
  );
  if (prompt !== null) pairs.push(['prompts', html`rendered from the template ${code(prompt.digest)}`]);
  if (forkedFrom !== null) {
    pairs.push([
      'branched off',
      html`${code(forkedFrom.stream)}${forkedFrom.revision > 0 ? ` after revision ${forkedFrom.revision}` : ''}`,
    ]);
  }
  if (imported !== null) {
    const { format, formatVersion, name, file } = imported;
    pairs.push([
      'imported',
      html`from ${inline(name)} (${code(format)} version ${formatVersion}, SHA-256 ${code(shortDigest(file))}…): the outcomes are what another tool recorded`,
    ]);
  }
  if (granted === null) pairs.push(['budget', html`none was recorded`]);
  return facts(pairs);
}
