import type { SlotKind } from '../../events/slots.ts';
import type { TaskView } from '../../events/task-view.ts';
import type { Json } from '../../kernel/json.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { cutText } from '../cut-text.ts';
import { devGainOf } from './dev-gain.ts';
import type { RecordedFailure } from './failures/failure-taxonomy.ts';
import type { PastOutcome } from './past-outcomes.ts';
import type { ProposerReader } from './proposer-reader.ts';
import type { FailureCase, PastProposal, ProposerView } from './proposers/proposer.ts';

const casesMax = 20;
const pastMax = 500;
/** Long contents (prompts) are shown whole for so many of the latest proposals. */
const wholeMax = 20;
const contentCharactersMax = 4000;
const charactersMax = { statement: 2000, program: 4000, feedback: 2000, why: 200 } as const;

/**
 * What a proposer is shown for a slot and a class of failures: the same history always gives the same view, byte for byte. It is
 * made from a `ProposerReader` and nothing else, so that nothing of held-out items can get in.
 *
 * @throws PawlError `SLOT_EMPTY`; `BLOB_NOT_FOUND`, `BLOB_ERASED`
 */
export async function makeProposerView(
  reader: ProposerReader,
  slot: SlotKind,
  targetFailure: string,
): Promise<ProposerView> {
  const parent = reader.working(slot);
  if (parent === null) throw new PawlError('SLOT_EMPTY', `The slot ${slot} holds nothing.`);
  const known = reader.failures();
  const classes = known?.data.classes ?? [];
  return {
    slot,
    current: await json(reader, parent),
    parent,
    targetFailure,
    tasks: known?.data.tasks ?? 0,
    classes,
    cases: known === null ? [] : await casesOf(reader, known.data.cases.digest, targetFailure, classes),
    past: await pastOf(reader),
  };
}

async function casesOf(
  reader: ProposerReader,
  cases: Parameters<ProposerReader['text']>[0],
  targetFailure: string,
  classes: ProposerView['classes'],
): Promise<readonly FailureCase[]> {
  const failures = JSON.parse(await reader.text(cases)) as readonly RecordedFailure[];
  const order = [targetFailure, ...classes.map(({ name }) => name)];
  const first = failures.toSorted((left, right) => order.indexOf(left.class) - order.indexOf(right.class));
  return Promise.all(first.slice(0, casesMax).map((failure) => caseOf(reader, failure)));
}

async function caseOf(reader: ProposerReader, failure: RecordedFailure): Promise<FailureCase> {
  const events = await reader.episode(failure.episode);
  let statement = '';
  let answer: string | null = null;
  const programs = new Map<string, string>();
  const feedbacks = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'EpisodeStarted')
      statement = (JSON.parse(await reader.text(event.data.view.digest)) as TaskView).statement;
    else if (event.type === 'CandidateGenerated')
      programs.set(event.data.candidate, event.data.program.digest);
    else if (event.type === 'FeedbackComposed') feedbacks.set(event.data.candidate, event.data.text.digest);
    else if (event.type === 'FinalPicked') answer = event.data.candidate;
  }
  const text = async (digest: string | undefined): Promise<string | null> =>
    digest === undefined ? null : reader.text(digest as Parameters<ProposerReader['text']>[0]);
  const program = answer === null ? null : await text(programs.get(answer));
  const feedback = answer === null ? null : await text(feedbacks.get(answer));
  return {
    task: failure.task,
    class: failure.class,
    why: cutText(failure.why, charactersMax.why),
    statement: cutText(statement, charactersMax.statement),
    program: program === null ? null : cutText(program, charactersMax.program),
    feedback: feedback === null ? null : cutText(feedback, charactersMax.feedback),
  };
}

async function pastOf(reader: ProposerReader): Promise<readonly PastProposal[]> {
  const past = reader.past().slice(-pastMax);
  return Promise.all(
    past.map((outcome, index) => pastProposal(reader, outcome, past.length - index <= wholeMax)),
  );
}

async function pastProposal(
  reader: ProposerReader,
  { proposal: _, content, devEvidence, ...outcome }: PastOutcome,
  whole: boolean,
): Promise<PastProposal> {
  const held = content === null ? null : await json(reader, content.digest);
  const short = whole || content === null || content.bytes <= contentCharactersMax;
  const devGain = devEvidence === null ? null : devGainOf(await json(reader, devEvidence.digest));
  return { ...outcome, content: short ? held : cutStrings(held), devGain };
}

async function json(reader: ProposerReader, digest: Parameters<ProposerReader['text']>[0]): Promise<Json> {
  return JSON.parse(await reader.text(digest)) as Json;
}

function cutStrings(value: Json): Json {
  if (typeof value === 'string') return cutText(value, contentCharactersMax / 8);
  if (Array.isArray(value)) return value.map(cutStrings);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, cutStrings(held as Json)]));
}
