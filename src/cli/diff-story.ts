import { createTwoFilesPatch } from 'diff';
import type { EpisodeSummary } from '../../projections/episode.ts';
import type { Digest } from '../kernel/brand.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { DataChange } from '../loop/data-changes.ts';
import type { DiffStep, EpisodeDiff, PlacedEvent } from '../loop/diff-episodes.ts';
import { branchedFrom } from './branch-text.ts';
import { describeEvent } from './describe-event.ts';
import { fitWidth } from './fit-width.ts';
import { episodeVerdict } from './fork-report.ts';
import type { Output } from './output.ts';
import { readEpisodes } from './read-projections.ts';
import { table } from './table.ts';

const columnsMax = 100;
const sideColumns = 47;
/** What the line of the event itself says already. */
const saidAbove: ReadonlySet<string> = new Set(['candidate', 'program']);
const patchLinesMax = 60;

/** Two branches of a task side by side: how they began, what they share, where they differ, and what each came to. */
export async function diffStory(
  ledger: Ledger,
  diff: EpisodeDiff,
  prompts: boolean,
  output: Output,
): Promise<void> {
  const { left, right, task, setup, common, steps, identical } = diff;
  const folded = await readEpisodes(ledger, [left, right]);
  const summaries = [folded.episodes[left], folded.episodes[right]] as const;
  output.record({ type: 'diff', left, right, task, setup, common, identical } as unknown as JsonObject);
  output.text(`task       ${task}`);
  output.text(`left       ${left}${origin(summaries[0])}`);
  output.text(`right      ${right}${origin(summaries[1])}`);
  for (const line of setupLines(setup)) output.text(line);
  output.text(`the same   ${common === 0 ? 'nothing but the task' : `revisions 1 to ${common}`}`);
  if (identical) output.text('\nNothing happened otherwise.');
  else {
    output.text(`\n  ${sides('left', 'right')}\n${'─'.repeat(columnsMax)}`);
    await tellSteps(ledger, steps, prompts, output);
  }
  ending(summaries, output);
}

export function setupLines(setup: readonly DataChange[]): readonly string[] {
  return setup.map((change, index) => {
    const label = index === 0 ? 'setup' : '';
    return fitWidth(`${label.padEnd(11)}${changeText(change)}`, columnsMax);
  });
}

async function tellSteps(
  ledger: Ledger,
  steps: readonly DiffStep[],
  prompts: boolean,
  output: Output,
): Promise<void> {
  let same = 0;
  const tellSame = (): void => {
    if (same > 0) output.text(`= ${same} ${same === 1 ? 'event is' : 'events are'} the same`);
    same = 0;
  };
  for (const step of steps) {
    const { relation, left, right, changes } = step;
    output.record({ type: 'step', relation, left, right, changes } as unknown as JsonObject);
    if (relation === 'same') {
      same += 1;
      continue;
    }
    tellSame();
    const mark = { changed: '≠', left: '<', right: '>' }[relation];
    output.text(`${mark} ${sides(placed(left), placed(right))}`.trimEnd());
    for (const change of withoutSizes(changes))
      output.text(fitWidth(`       ${changeText(change)}`, columnsMax));
    for (const line of await texts(ledger, step, prompts))
      output.text(fitWidth(`       ${line}`, columnsMax));
  }
  tellSame();
}

/** A reference to a blob is its digest; how many bytes that has follows. */
function withoutSizes(changes: readonly DataChange[]): readonly DataChange[] {
  const members = new Set(changes.map(({ member }) => member));
  return changes
    .filter(({ member }) => !member.endsWith('.bytes') || !members.has(member.replace(/bytes$/, 'digest')))
    .map((change) => ({ ...change, member: change.member.replace(/\.digest$/, '') }))
    .filter(({ member }) => !saidAbove.has(member));
}

/**
 * What two digests stand for, as a difference of texts: programs and feedback, and prompts where they are wanted. A candidate
 * of one side alone is told as a change to what it was made from.
 */
async function texts(
  ledger: Ledger,
  { left, right }: DiffStep,
  prompts: boolean,
): Promise<readonly string[]> {
  const lone = left === null ? right : right === null ? left : null;
  const [before, after] = [textOf(left, prompts), textOf(right, prompts)];
  if (lone?.type === 'CandidateGenerated' && lone.data.parent !== null) {
    return patch(ledger, 'parent', lone.data.parent, 'candidate', lone.data.program.digest);
  }
  if (before === null || after === null || before === after) return [];
  return patch(ledger, 'left', before, 'right', after);
}

async function patch(
  ledger: Ledger,
  leftName: string,
  left: Digest,
  rightName: string,
  right: Digest,
): Promise<readonly string[]> {
  try {
    const [before, after] = [await ledger.getText(left), await ledger.getText(right)];
    const text = createTwoFilesPatch(leftName, rightName, before, after, '', '', { context: 2 });
    const lines = text.trimEnd().split('\n').slice(1);
    if (lines.length <= patchLinesMax) return lines;
    return [...lines.slice(0, patchLinesMax), `… ${lines.length - patchLinesMax} more lines`];
  } catch (error) {
    // The rest of the story can be told without it.
    if (isPawlError(error, 'BLOB_ERASED')) return ['(the text was erased)'];
    throw error;
  }
}

function textOf(event: PlacedEvent | null, prompts: boolean): Digest | null {
  switch (event?.type) {
    case 'CandidateGenerated':
    case 'CandidateRejected':
      return event.data.program.digest;
    case 'FeedbackComposed':
      return event.data.text.digest;
    case 'GenerationRequested':
      return prompts ? event.data.prompt.digest : null;
    default:
      return null;
  }
}

function sides(left: string, right: string): string {
  const fitted = fitWidth(left, sideColumns);
  // The width in columns, not in characters, is what must come out even.
  let padded = fitted;
  while (fitWidth(`${padded} `, sideColumns) === `${padded} `) padded += ' ';
  return `${padded}   ${fitWidth(right, sideColumns)}`;
}

function placed(event: PlacedEvent | null): string {
  return event === null ? '' : `${String(event.revision).padStart(4)}  ${describeEvent(event)}`;
}

function changeText({ member, left, right }: DataChange): string {
  return `${member}  ${valueText(left)} → ${valueText(right)}`;
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string')
    return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : JSON.stringify(value);
  return fitWidth(JSON.stringify(value), sideColumns);
}

function origin(episode: EpisodeSummary | undefined): string {
  if (episode?.forkedFrom === undefined) return '';
  const { episode: stream, revision } = episode.forkedFrom;
  return `, branched from ${branchedFrom({ stream, revision })}`;
}

function ending([left, right]: readonly (EpisodeSummary | undefined)[], output: Output): void {
  if (left === undefined || right === undefined) return;
  const rows = Object.entries(outcome(left))
    .map(([what, ours]) => [what, ours, outcome(right)[what] ?? ''])
    .filter(([, ours, theirs]) => ours !== '' || theirs !== '');
  output.record({ type: 'outcome', left: outcome(left), right: outcome(right) });
  output.text(`\n${table(['', 'left', 'right'], rows)}`);
}

function outcome(episode: EpisodeSummary): Readonly<Record<string, string | number>> {
  const { picked, graded, finished, candidates, exhausted, strategy } = episode;
  const answer = candidates.find(({ candidate }) => candidate === picked?.candidate);
  const { candidates: drawn = '', executions = '', tokens = '', steps = '' } = finished ?? {};
  return {
    strategy: strategy.name,
    verdict: episodeVerdict(episode),
    answer: picked === null ? '' : (picked.candidate?.slice(0, 12) ?? 'none'),
    reason: picked?.reason.replaceAll('_', ' ') ?? '',
    score: answer?.score?.toFixed(3) ?? '',
    hidden: graded === null ? '' : `${graded.passed} of ${graded.total}`,
    exhausted: exhausted ?? '',
    ...{ candidates: drawn, executions, tokens, steps },
  };
}
