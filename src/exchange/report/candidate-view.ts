import type { EpisodeCandidate, EpisodeSummary } from '../../../projections/episode.ts';
import { diffView } from './diff-view.ts';
import { block, code, inline } from './elements.ts';
import { executionView } from './execution-view.ts';
import { type Html, html } from './html.ts';
import { contentOf, type ReportModel } from './report-model.ts';
import { withheldNote } from './withheld-note.ts';
import { shortDigest } from './words.ts';

const feedbackCharactersMax = 1500;

/** One candidate: where it came from, what it changed, how it did, and what was said about it. */
export async function candidateView(
  model: ReportModel,
  episode: EpisodeSummary,
  candidate: EpisodeCandidate,
  index: number,
): Promise<Html> {
  const { candidate: digest, origin, note, executions, score, feedback, parent } = candidate;
  const isPicked = episode.picked?.candidate === digest;
  const picked = isPicked ? html` <span class="picked">picked as the answer</span>` : null;
  const parentIndex = episode.candidates.findIndex((each) => each.candidate === parent);
  const from = origin === 'given' || parentIndex === -1 ? null : html`, made from candidate ${parentIndex}`;
  const toldInFull = feedback?.level === 'full';
  const runs: Html[] = [];
  for (const execution of executions) {
    runs.push(await executionView(model, execution, toldInFull && execution.tests === 'public'));
  }
  if (executions.length === 0) runs.push(html`<p class="quiet">No execution of it is recorded.</p>\n`);
  const scored = score === null ? null : html`, score ${score.toFixed(3)}`;
  return html`<div class="candidate">
<h4>Candidate ${index} ${code(shortDigest(digest))}${picked}</h4>
<p class="quiet">${origin === 'given' ? 'the program that the task hands out' : inline(note, 500)}${from}${scored}</p>
${await program(model, episode, candidate)}${runs}${await told(model, feedback)}</div>
`;
}

async function program(
  model: ReportModel,
  episode: EpisodeSummary,
  { program: { digest }, parent }: EpisodeCandidate,
): Promise<Html> {
  const content = await contentOf(model, digest);
  if ('withheld' in content) return withheldNote('The program', content.withheld);
  const base = episode.candidates.find(({ candidate }) => candidate === parent);
  if (base === undefined) return block(content.text);
  const before = await contentOf(model, base.program.digest);
  return 'withheld' in before ? block(content.text) : diffView(before.text, content.text);
}

async function told(model: ReportModel, feedback: EpisodeCandidate['feedback']): Promise<Html | null> {
  if (feedback === null) return null;
  const content = await contentOf(model, feedback.text);
  if ('withheld' in content) return withheldNote('What the next one was told', content.withheld);
  return html`<p><b>told the next one</b> (${feedback.level}):</p>\n${block(content.text, feedbackCharactersMax)}`;
}
