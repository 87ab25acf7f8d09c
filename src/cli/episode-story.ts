import { createTwoFilesPatch } from 'diff';
import type { EpisodeCandidate, EpisodeExecution, EpisodeSummary } from '../../projections/episode.ts';
import { executionResultSchema } from '../events/execution-result.ts';
import { effectKeyText } from '../events/shapes.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { composeFeedback } from '../loop/compose-feedback.ts';
import { forkAccount } from '../loop/fork-account.ts';
import { BlobTexts } from './blob-text.ts';
import { accountLines, branchedFrom } from './branch-text.ts';
import type { Output } from './output.ts';
import { usageByKey } from './usage-by-key.ts';

/**
 * An episode from its beginning to its grade: what was asked, each candidate as a change to its parent, what its execution
 * showed, and what the next one was told. Where a text was erased stands who did it and why.
 *
 * @param at nothing from after the record at this position; null for all there is
 */
export async function episodeStory(
  ledger: Ledger,
  stream: StreamName,
  episode: EpisodeSummary | undefined,
  prompts: boolean,
  at: number | null,
  output: Output,
): Promise<void> {
  if (episode === undefined) {
    throw new PawlError(
      'RUN_NOT_FOUND',
      at === null
        ? `The episode ${stream} has not started yet. \`pawl resume\` goes on with its run.`
        : `The episode ${stream} had not started yet at position ${at}.`,
    );
  }
  const { task, strategy, generator, seed, forkedFrom } = episode;
  output.record({ type: 'episode', episode: stream, ...episode } as unknown as JsonObject);
  output.text(`episode    ${stream}`);
  output.text(`task       ${task}`);
  output.text(`strategy   ${strategy.name}, generator ${generator.name}, seed ${seed}`);
  if (forkedFrom !== undefined) {
    output.text(
      `branched   from ${branchedFrom({ stream: forkedFrom.episode, revision: forkedFrom.revision })}`,
    );
    for (const line of accountLines(await forkAccount(ledger, stream))) output.text(line);
  }
  const texts = new BlobTexts(ledger);
  const asked = await questionsByKey(ledger, stream, at);
  const usages = await usageByKey(ledger, stream, at);
  const firstPrompt = asked.values().next().value?.prompt;
  if (firstPrompt !== undefined) {
    // The turns it may hold are told below, each in its place.
    const [opening = ''] = (await texts.textOf(firstPrompt)).split('\n## Turn 1\n');
    output.text(`\n${indent(opening)}`);
  }
  for (const [index, candidate] of episode.candidates.entries()) {
    const question = candidate.key === null ? undefined : asked.get(candidate.key);
    if (prompts && question !== undefined) {
      const { prompt, completion } = question;
      if (prompt !== firstPrompt) output.text(`\n── asked\n${indent(await texts.textOf(prompt))}`);
      if (completion !== null) output.text(`\n── answered\n${indent(await texts.textOf(completion))}`);
    }
    await tellCandidate({ texts, usages }, index, candidate, episode, output);
  }
  const failures = await failuresOf(ledger, stream, at);
  output.text(`\n── end\n${indent([...failures, ending(episode)].join('\n'))}`);
}

/** What a story is told from besides the folded episode. */
interface Sources {
  readonly texts: BlobTexts;
  readonly usages: ReadonlyMap<string, string>;
}

async function tellCandidate(
  { texts, usages }: Sources,
  index: number,
  candidate: EpisodeCandidate,
  episode: EpisodeSummary,
  output: Output,
): Promise<void> {
  const picked = episode.picked?.candidate === candidate.candidate ? '  ← picked' : '';
  const origin = candidate.origin === 'given' ? 'the given program' : candidate.note;
  output.text(`\n── candidate ${index}  ${candidate.candidate.slice(0, 12)}${picked}\n   ${origin}`);
  const base = parentOf(episode, candidate);
  const program = await texts.read(candidate.program.digest);
  if (base !== null) {
    const before = await texts.read(base.program.digest);
    const erased = [program, before].find((one) => one.erased);
    output.text(
      indent(erased?.text ?? patch(before.text, program.text, episode.candidates.indexOf(base), index)),
    );
  } else if (program.erased) output.text(indent(program.text));
  const toldInFull = candidate.feedback?.level === 'full';
  for (const execution of candidate.executions) {
    const isBrief = toldInFull && execution.tests === 'public';
    output.text(indent(await tellExecution({ texts, usages }, execution, isBrief)));
  }
  if (candidate.score !== null) output.text(indent(`score ${candidate.score.toFixed(3)}`));
  if (candidate.feedback !== null) {
    output.text(indent(`told the next one (${candidate.feedback.level}):`));
    output.text(indent(indent(await texts.textOf(candidate.feedback.text))));
  }
}

function parentOf(episode: EpisodeSummary, { parent }: EpisodeCandidate): EpisodeCandidate | null {
  return episode.candidates.find(({ candidate }) => candidate === parent) ?? null;
}

/** @param brief without the failures, which the feedback below says anyway */
async function tellExecution(
  { texts, usages }: Sources,
  execution: EpisodeExecution,
  brief: boolean,
): Promise<string> {
  const { tests, outcome, passed, total, steps } = execution;
  if (execution.result === null) {
    const counted = passed === null || total === null ? '' : `, ${passed} of ${total} passed`;
    return `${tests} tests: ${outcome}${counted} (as another tool recorded it)`;
  }
  const usage = usages.get(execution.key);
  const spent = usage === undefined ? '' : `, ${usage}`;
  const line = `${tests} tests: ${outcome}, ${passed} of ${total} passed, ${steps} steps${spent}`;
  if (brief || outcome === 'passed') return line;
  const stored = await texts.read(execution.result);
  if (stored.erased) return `${line}\n${stored.text}`;
  const result = executionResultSchema.parse(JSON.parse(stored.text));
  return `${line}\n${composeFeedback(result, 'full').split('\n').slice(1).join('\n')}`.trimEnd();
}

function patch(before: string, after: string, from: number, to: number): string {
  const text = createTwoFilesPatch(`candidate ${from}`, `candidate ${to}`, before, after, '', '', {
    context: 2,
  });
  return text.split('\n').slice(1).join('\n').trimEnd();
}

function ending({ picked, graded, finished, exhausted }: EpisodeSummary): string {
  const lines: string[] = [];
  if (exhausted !== null) lines.push(`budget exhausted: ${exhausted}`);
  if (picked === null) return [...lines, 'not finished yet'].join('\n');
  lines.push(`answer: ${picked.candidate?.slice(0, 12) ?? 'none'} (${picked.reason.replaceAll('_', ' ')})`);
  if (graded !== null) {
    const verdict = graded.hiddenPass ? 'solved' : picked.publicPass ? 'over-accepted' : 'unsolved';
    lines.push(`hidden tests: ${graded.outcome}, ${graded.passed} of ${graded.total} passed: ${verdict}`);
  } else if (finished !== null) lines.push(finished.status.replaceAll('_', ' '));
  return lines.join('\n');
}

/** What the generator or the sandbox could not do, each once however often it was tried. */
async function failuresOf(ledger: Ledger, stream: StreamName, at: number | null): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const event of ledger.readStream(stream)) {
    if (at !== null && event.position > at) break;
    if (event.type !== 'GenerationFailed' && event.type !== 'ExecutionFailed') continue;
    if (!event.data.final) continue;
    const what = event.type === 'GenerationFailed' ? 'no candidate' : 'no execution';
    lines.push(`${what}: ${event.data.error.code}: ${event.data.error.message}`);
  }
  return lines;
}

/** What a generator was told, and all that it answered where that was more than a program. */
interface Question {
  readonly prompt: Digest;
  readonly completion: Digest | null;
}

async function questionsByKey(
  ledger: Ledger,
  stream: StreamName,
  at: number | null,
): Promise<ReadonlyMap<string, Question>> {
  const questions = new Map<string, Question>();
  for await (const event of ledger.readStream(stream)) {
    if (at !== null && event.position > at) break;
    if (event.type === 'GenerationRequested') {
      const { key, prompt } = event.data;
      questions.set(effectKeyText(key), { prompt: prompt.digest, completion: null });
    } else if (event.type === 'CandidateGenerated' && event.data.key !== null) {
      const { key, completion } = event.data;
      const question = questions.get(effectKeyText(key));
      if (question !== undefined && completion !== null)
        questions.set(effectKeyText(key), { ...question, completion: completion.digest });
    }
  }
  return questions;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n');
}
