import { interpreterIdentity } from '../events/interpreter-identity.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { EventId, StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { EpisodeData, EpisodeState } from './episode-state.ts';
import { RecordedAnswers } from './recorded-answers.ts';
import { memberDifferences } from './replay-difference.ts';
import type { ReplayReads, RunHead } from './replay-reads.ts';
import { cutShort, Diverged, Inconclusive, refuted } from './replay-stops.ts';

/** What an episode has from the one that it branched off. */
export interface ReplayedBranch {
  /** The last revision that stands in both streams; 0 where nothing was repeated. */
  readonly revision: number;
  /** True where nothing that decides was changed, so that what was repeated must be decided the same way here. */
  readonly unchanged: boolean;
  readonly parentIds: ReadonlySet<EventId>;
  readonly answers: RecordedAnswers;
}

/**
 * Holds the repeated events against the parent's: the same types and data, each naming the parent's event as its cause.
 *
 * @throws Diverged; Inconclusive where the parent is not in the ledger
 */
export async function checkCopies(
  reads: ReplayReads,
  events: readonly AnyRecordedEvent[],
  started: EpisodeData<'EpisodeStarted'>,
  head: RunHead,
): Promise<ReplayedBranch | null> {
  if (started.forkedFrom === null) return null;
  const { episode } = started.forkedFrom;
  const revision = Math.max(0, started.forkedFrom.revision);
  const parent = await reads.events(episode);
  if (parent.length === 0 && revision > 0) {
    throw new Inconclusive(`the episode that was branched, ${episode}, which is not in the ledger`);
  }
  const first = events[0] as AnyRecordedEvent;
  if (parent.length <= revision && revision > 0)
    throw refuted(first, 'content', `${episode} has no revision ${revision} that could be repeated here`);
  for (const [at, original] of parent.slice(0, revision + 1).entries())
    if (at > 0) checkCopy(first.stream, events[at], original);
  return {
    revision,
    unchanged: await decidesAlike(reads, started, head, parent[0]),
    parentIds: new Set(parent.map(({ id }) => id)),
    answers: new RecordedAnswers(parent),
  };
}

function checkCopy(branch: StreamName, copy: AnyRecordedEvent | undefined, original: AnyRecordedEvent): void {
  const { stream: episode, revision: at } = original;
  if (copy === undefined)
    throw cutShort(branch, at, `history ends before it has repeated revision ${at} of ${episode}`);
  const asked = { type: original.type, data: original.data as JsonObject };
  const reason = `revision ${at} of ${episode} is repeated otherwise than it was recorded`;
  if (copy.type !== original.type) throw refuted(copy, 'kind', reason, asked);
  if (canonicalJson(copy.data) !== canonicalJson(original.data)) {
    const { divergence } = refuted(copy, 'content', reason, asked);
    const members = memberDifferences(asked.data, copy.data as JsonObject);
    throw new Diverged({ ...divergence, members });
  }
  if (copy.causation === original.id) return;
  throw refuted(copy, 'history', `it does not name revision ${at} of ${episode} as where it comes from`);
}

/** All that decides what happens in an episode besides what happened in it. */
async function decidesAlike(
  reads: ReplayReads,
  started: EpisodeData<'EpisodeStarted'>,
  head: RunHead,
  parent: AnyRecordedEvent | undefined,
): Promise<boolean> {
  if (parent?.type !== 'EpisodeStarted') return false;
  const other = await reads.run(parent.data.run);
  if (other === null) return false;
  const setting = (
    { view, hidden, strategy, generator, seed, budget }: EpisodeData<'EpisodeStarted'>,
    { started: { prompt, flags, scorer } }: RunHead,
  ) => canonicalJson({ view, hidden, strategy, generator, seed, budget, prompt, flags, scorer });
  // A branch names the interpreters it needs; its parent may have had more.
  const known = other.started.sandbox.map((fingerprint) => canonicalJson(interpreterIdentity(fingerprint)));
  const same = head.started.sandbox.every((fingerprint) =>
    known.includes(canonicalJson(interpreterIdentity(fingerprint))),
  );
  return same && setting(started, head) === setting(parent.data, other);
}

/** An outcome that says it was taken over from the parent is the one that the parent has for what is under way. */
export function checkTaken(
  event: AnyRecordedEvent,
  { parentIds, answers }: ReplayedBranch,
  state: EpisodeState,
): void {
  if (event.causation === null || !parentIds.has(event.causation)) return;
  const known = answers.next(state);
  const reason = 'it names an event of the branched episode as its cause, which does not answer it';
  if (known === null || known.causation !== event.causation) throw refuted(event, 'history', reason);
  const asked = { type: known.event.type as string, data: known.event.data as JsonObject };
  const taken = asDuplicate(asked, state);
  if (taken.type === event.type && canonicalJson(taken.data) === canonicalJson(event.data)) return;
  const { divergence } = refuted(event, 'content', 'it was taken over otherwise than it was recorded', taken);
  throw new Diverged({ ...divergence, members: memberDifferences(taken.data, event.data as JsonObject) });
}

/** What the branch has a candidate of already, it rejects, as it would had it been generated anew. */
function asDuplicate(asked: { type: string; data: JsonObject }, { candidates }: EpisodeState) {
  const { key, candidate, program, completion, usage } = asked.data;
  if (asked.type !== 'CandidateGenerated' || typeof candidate !== 'string' || !(candidate in candidates))
    return asked;
  const data = { key, candidate, reason: 'duplicate', program, completion, usage } as JsonObject;
  return { type: 'CandidateRejected', data };
}
