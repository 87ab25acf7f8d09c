import { type EpisodeSummary, episodeProjection } from '../../../projections/episode.ts';
import type { RunEpisode } from '../../../projections/run.ts';
import { commandsText } from '../../events/commands-text.ts';
import type { AnyRecordedEvent } from '../../events/record.ts';
import { type TaskView, taskViewSchema } from '../../events/task-view.ts';
import type { Digest } from '../../kernel/brand.ts';
import { candidateView } from './candidate-view.ts';
import { block, code, facts, folded, inline } from './elements.ts';
import { type Html, html } from './html.ts';
import { contentOf, type ReportModel } from './report-model.ts';
import { verdictLabel } from './tasks-section.ts';
import { withheldNote } from './withheld-note.ts';
import { candidateName, plural } from './words.ts';

/** The first ones show how it began and the last ones how it ended. */
const candidatesShownFirst = 3;
const candidatesShownLast = 7;
const errorsShownMax = 10;

/** An episode as a story, folded: the task, each candidate as a change, what it did, what the next was told, and the grade. */
export async function episodeSection(model: ReportModel, entry: RunEpisode, index: number): Promise<Html> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of model.ledger.readStream(entry.episode)) events.push(event);
  const state = events.reduce(episodeProjection.evolve, episodeProjection.initialState());
  const episode = state.episodes[entry.episode];
  const summary = html`<h3><span class="n">${index}</span> ${inline(entry.task)}</h3> ${verdictLabel(entry, true)} <span class="quiet">${plural(entry.candidates, 'candidate')}, ${plural(entry.executions, 'execution')}</span>`;
  if (episode === undefined)
    return folded(`e${index}`, summary, html`<p>The episode has no beginning.</p>\n`);
  const content = html`${beginning(events, episode)}${await taskView(model, events)}${await prompt(model, events)}${await candidates(model, episode)}${ending(events, episode)}`;
  return folded(`e${index}`, summary, content);
}

function beginning(events: readonly AnyRecordedEvent[], { seed }: EpisodeSummary): Html {
  const [first] = events;
  const pairs: [string, Html][] = [
    ['stream', html`${code(first?.stream ?? '')}, ${plural(events.length, 'record')}`],
    ['seed', code(seed)],
  ];
  if (first?.type === 'EpisodeStarted' && first.data.forkedFrom !== null) {
    const { episode, revision } = first.data.forkedFrom;
    const taken =
      revision > 0
        ? `of which revisions 1 to ${revision} are repeated here`
        : 'of which nothing is repeated here';
    pairs.push(['branched off', html`${code(episode)}, ${taken}`]);
  }
  return facts(pairs);
}

async function taskView(model: ReportModel, events: readonly AnyRecordedEvent[]): Promise<Html> {
  const [first] = events;
  if (first?.type !== 'EpisodeStarted') return html``;
  const content = await contentOf(model, first.data.view.digest);
  if ('withheld' in content) return withheldNote('The task', content.withheld);
  const view = parsed(content.text);
  if (view === null) return html`<h4>The task</h4>\n${block(content.text)}`;
  const { language, entryPoint, statement, publicTests } = view;
  const tests =
    publicTests.kind === 'asserts'
      ? publicTests.source
      : publicTests.kind === 'commands'
        ? commandsText(publicTests)
        : publicTests.cases.map(({ call, expected }) => `${call} → ${expected}`).join('\n');
  return html`<h4>The task</h4>
<p>${language}, to be written: ${code(entryPoint)}</p>
${block(statement)}<details><summary>Public tests</summary>
${block(tests)}</details>
`;
}

function parsed(text: string): TaskView | null {
  try {
    const view = taskViewSchema.safeParse(JSON.parse(text));
    return view.success ? view.data : null;
  } catch {
    return null;
  }
}

/** The first prompt; later ones repeat it and add the turns that are told below. */
async function prompt(model: ReportModel, events: readonly AnyRecordedEvent[]): Promise<Html> {
  const asked = events.flatMap((event) =>
    event.type === 'GenerationRequested' ? [event.data.prompt.digest] : [],
  );
  const [first] = asked;
  if (first === undefined) return html``;
  const content = await contentOf(model, first);
  if ('withheld' in content) return withheldNote('What the generator was told', content.withheld);
  const others = new Set<Digest>(asked).size - 1;
  const later =
    others === 0
      ? null
      : html`<p class="quiet">${plural(others, 'later prompt')} in this episode; they are in the bundle.</p>\n`;
  return html`<details><summary>What the generator was told first</summary>
${block(content.text)}${later}</details>
`;
}

async function candidates(model: ReportModel, episode: EpisodeSummary): Promise<Html> {
  const views: Html[] = [];
  const lastShown = episode.candidates.length - candidatesShownLast;
  let skipped = 0;
  for (const [index, candidate] of episode.candidates.entries()) {
    const isPicked = candidate.candidate === episode.picked?.candidate;
    if (index >= candidatesShownFirst && index < lastShown && !isPicked) {
      skipped += 1;
      continue;
    }
    if (skipped > 0) views.push(notShown(skipped));
    skipped = 0;
    views.push(await candidateView(model, episode, candidate, index));
  }
  return html`${views}`;
}

function notShown(skipped: number): Html {
  return html`<p class="more">${plural(skipped, 'candidate')} in between ${skipped === 1 ? 'is' : 'are'} in the bundle and not shown here.</p>\n`;
}

function ending(events: readonly AnyRecordedEvent[], episode: EpisodeSummary): Html {
  const { picked, graded, finished, exhausted, rejected } = episode;
  const pairs: [string, Html][] = [];
  if (exhausted !== null) pairs.push(['budget exhausted', html`${exhausted}`]);
  if (rejected > 0) pairs.push(['proposals rejected', html`${rejected}`]);
  for (const error of errorsOf(events)) pairs.push(['could not be done', error]);
  if (picked === null) pairs.push(['answer', html`none yet: the episode had not ended`]);
  else {
    const reason = picked.reason.replaceAll('_', ' ');
    pairs.push(['answer', html`${candidateName(episode, picked.candidate)} (${reason})`]);
  }
  if (graded !== null) {
    const { outcome, passed, total } = graded;
    pairs.push(['hidden tests', html`${outcome.replaceAll('_', ' ')}, ${passed} of ${total} passed`]);
  } else if (finished !== null) pairs.push(['grade', html`${finished.status.replaceAll('_', ' ')}`]);
  return html`<h4>The end</h4>\n${facts(pairs)}`;
}

/** What the generator or the sandbox could not do in the end; a failure that was mended by trying again is not one. */
function errorsOf(events: readonly AnyRecordedEvent[]): readonly Html[] {
  const errors = events.flatMap((event) =>
    (event.type === 'GenerationFailed' || event.type === 'ExecutionFailed') && event.data.final
      ? [event.data.error]
      : [],
  );
  return errors
    .slice(0, errorsShownMax)
    .map(({ code: name, message }) => html`${code(name)} ${inline(message, 400)}`);
}
