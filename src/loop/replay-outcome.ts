import type { EpisodeEvent } from '../events/episode.ts';
import type { ExecutionResult } from '../events/execution-result.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { effectKeyText } from '../events/shapes.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Contents } from './contents.ts';
import type { EpisodeState, PendingEffect } from './episode-state.ts';
import { attemptsMax } from './perform-effect.ts';
import { programBytesMax } from './perform-generation.ts';
import { memberDifferences } from './replay-difference.ts';
import { checkShape, Diverged, refuted } from './replay-stops.ts';
import type { ReplayLayer } from './replay-verdict.ts';

type Event<Type extends EpisodeEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>;
export type Outcome =
  | Event<'CandidateGenerated'>
  | Event<'CandidateRejected'>
  | Event<'GenerationFailed'>
  | Event<'ExecutionFinished'>
  | Event<'ExecutionFailed'>
  | Event<'BudgetExhausted'>;

/** Events that tell what happened outside; all others must follow from them. */
export function isOutcome(event: AnyRecordedEvent): event is Outcome {
  switch (event.type) {
    case 'CandidateGenerated':
      return event.data.key !== null;
    case 'CandidateRejected':
    case 'GenerationFailed':
    case 'ExecutionFinished':
    case 'ExecutionFailed':
      return true;
    case 'BudgetExhausted':
      return event.data.kind === 'wallTime';
    default:
      return false;
  }
}

/**
 * What happened outside cannot be derived, but it answers an effect that is under way, and what is said of it follows from the
 * content it refers to: a duplicate is one, and the counts of an execution are those of its result.
 *
 * @param runWallMs what the run was granted
 * @throws Diverged; PawlError `BLOB_NOT_FOUND`, `BLOB_ERASED`
 */
export async function checkOutcome(
  event: Outcome,
  state: EpisodeState,
  contents: Contents,
  runWallMs: number | null,
): Promise<void> {
  checkShape(event);
  switch (event.type) {
    case 'BudgetExhausted':
      return checkWallTime(event, state, runWallMs);
    case 'CandidateGenerated':
      answered(event, 'generation', state);
      if (event.data.candidate in state.candidates)
        throw refuted(event, 'history', 'a candidate is generated once; again it is a duplicate');
      checkParent(event, state);
      return follows(event, { origin: 'generated', candidate: event.data.program.digest });
    case 'CandidateRejected':
      answered(event, 'generation', state);
      follows(event, { candidate: event.data.program.digest });
      return checkRejection(event, state, contents);
    case 'ExecutionFinished':
      answered(event, 'execution', state);
      return follows(event, await summaryOf(event, contents));
    case 'GenerationFailed':
    case 'ExecutionFailed': {
      const { key, error } = event.data;
      answered(event, event.type === 'GenerationFailed' ? 'generation' : 'execution', state);
      return follows(event, { final: !error.retryable || key.attempt + 1 >= attemptsMax });
    }
  }
}

/** The effect under way that this answers, in the three layers: kind, key, and what it was asked of. */
function answered(
  event: Exclude<Outcome, { type: 'BudgetExhausted' }>,
  kind: PendingEffect['kind'],
  state: EpisodeState,
): void {
  const { key } = event.data;
  // Only a given program has no key, and that is no outcome.
  const name = key === null ? 'without a key' : effectKeyText(key);
  const effect = state.pending.find(({ request, failed }) => !failed && effectKeyText(request.key) === name);
  const reason = `outcome ${name} answers one pending ${kind}`;
  if (effect === undefined) throw unanswered(event, 'key', reason, nearest(kind, state));
  if (effect.kind !== kind) throw unanswered(event, 'kind', reason, effect);
  if (effect.kind !== 'execution' || !('tests' in event.data)) return;
  const { candidate, tests } = effect.request;
  if (candidate === event.data.candidate && tests === event.data.tests) return;
  const what = `outcome ${name} is about the candidate and the tests of its request`;
  throw unanswered(event, 'content', what, effect);
}

function nearest(kind: PendingEffect['kind'], { pending }: EpisodeState): PendingEffect | undefined {
  return pending.find((effect) => effect.kind === kind) ?? pending[0];
}

function unanswered(
  event: Outcome,
  layer: ReplayLayer,
  reason: string,
  effect: PendingEffect | undefined,
): Diverged {
  if (effect === undefined) return refuted(event, layer, reason);
  const type = effect.kind === 'generation' ? 'GenerationRequested' : 'ExecutionRequested';
  const { divergence } = refuted(event, layer, reason, { type, data: effect.request as JsonObject });
  const { key, ...rest } = effect.request;
  const asked = 'tests' in rest ? { key, candidate: rest.candidate, tests: rest.tests } : { key };
  const said = Object.fromEntries(
    Object.entries(event.data).filter(([name]) => Object.hasOwn(asked, name)),
  ) as JsonObject;
  return new Diverged({ ...divergence, members: memberDifferences(asked, said) });
}

/** Refutes an outcome where one of its members is not what follows from the rest. */
function follows(event: Outcome, derived: JsonObject): void {
  const data = event.data as JsonObject;
  const wrong = Object.keys(derived).filter(
    (name) => canonicalJson(data[name] ?? null) !== canonicalJson(derived[name]),
  );
  if (wrong.length === 0) return;
  const asked = { type: event.type, data: { ...data, ...derived } };
  const { divergence } = refuted(
    event,
    'content',
    `${event.type} was recorded with ${wrong.join(', ')} other than what it refers to`,
    asked,
  );
  throw new Diverged({ ...divergence, members: memberDifferences(asked.data, data) });
}

/** A generator says what it began with; what the episode does not have it cannot have begun with. */
function checkParent(event: Event<'CandidateGenerated'>, { candidates }: EpisodeState): void {
  const { parent } = event.data;
  if (parent === null || parent in candidates) return;
  throw refuted(event, 'content', 'the parent of a candidate is none of those before it');
}

async function checkRejection(
  event: Event<'CandidateRejected'>,
  { candidates }: EpisodeState,
  contents: Contents,
): Promise<void> {
  const { candidate, program, reason } = event.data;
  const holds = {
    duplicate: () => candidate in candidates,
    empty: async () => (await contents.text(program.digest)).trim() === '',
    too_large: () => program.bytes >= programBytesMax,
  };
  if (await holds[reason]()) return;
  throw refuted(event, 'content', `a candidate was rejected as ${reason}, which it is not`);
}

/** What `ExecutionFinished` says beside its result is there to be read at a glance; it follows from the result. */
async function summaryOf(event: Event<'ExecutionFinished'>, contents: Contents): Promise<JsonObject> {
  let result: ExecutionResult;
  try {
    result = await contents.result(event.data.result.digest);
  } catch (error) {
    if (isPawlError(error)) throw error;
    throw refuted(event, 'content', 'its result is not the result of an execution');
  }
  const { outcome, tests, steps } = result;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return { outcome, passed, total: tests.length, steps };
}

function checkWallTime(
  event: Event<'BudgetExhausted'>,
  { exhausted, picked }: EpisodeState,
  runWallMs: number | null,
): void {
  const { limit, spent } = event.data;
  if (exhausted || picked !== null)
    throw refuted(event, 'history', 'the wall time ran out after nothing could come of it any more');
  if (limit === runWallMs && spent >= limit) return;
  throw refuted(event, 'content', `the run was granted ${runWallMs ?? 'no'} ms of wall time`);
}
