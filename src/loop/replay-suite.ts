import { z } from 'zod';
import type { AnyRecordedEvent } from '../events/record.ts';
import { blobRefSchema } from '../events/shapes.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { digestOf } from '../kernel/digest.ts';
import type { JsonObject } from '../kernel/json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import { newBlob } from '../ledger/ledger.ts';
import { makeSuite } from '../tasks/make-suite.ts';
import { parseHiddenTests, parseTaskView } from '../tasks/serialize.ts';
import type { Suite } from '../tasks/suite.ts';
import type { Task } from '../tasks/task.ts';
import type { RegisteredTask } from './register-suite.ts';
import { replayBlobs } from './replay-blobs.ts';
import { memberDifferences } from './replay-difference.ts';
import type { ReplayReads } from './replay-reads.ts';
import { replaySplit } from './replay-split.ts';
import { checkShape, cutShort, Diverged, refuted, verdictOf } from './replay-stops.ts';
import type { ReplayVerdict } from './replay-verdict.ts';
import { suiteStream } from './stream-names.ts';

type Registered = Extract<AnyRecordedEvent, { type: 'SuiteRegistered' }>;

const manifestSchema = z.array(
  z.strictObject({ id: z.string(), view: blobRefSchema, hidden: blobRefSchema }),
);

/**
 * A suite's stream: what was registered must be what the stored tasks add up to, under the digest that the stream is named after,
 * and each split must be one that its seed draws from them.
 */
export async function replaySuiteStream(reads: ReplayReads, stream: StreamName): Promise<ReplayVerdict> {
  const events = await reads.events(stream);
  try {
    const [first, ...rest] = events;
    if (first === undefined) throw cutShort(stream, 0, 'the suite was never registered');
    if (first.type !== 'SuiteRegistered')
      throw refuted(first, 'history', 'a suite begins with SuiteRegistered');
    checkShape(first);
    const suite = await checkRegistered(reads, first);
    const frozen = new Map<string, readonly string[]>();
    for (const event of rest) {
      if (event.type !== 'SplitFrozen') throw refuted(event, 'history', 'nothing of a suite leads to this');
      checkShape(event);
      frozen.set(event.data.split, await replaySplit(reads.ledger, event, suite, frozen));
    }
    await replayBlobs(reads.ledger, events);
    return { verdict: 'pass', events: events.length, decisions: events.length, finished: true };
  } catch (error) {
    return verdictOf(error, events.length);
  }
}

async function checkRegistered(reads: ReplayReads, event: Registered): Promise<Suite> {
  const { name, format } = event.data;
  const entries = await manifestOf(reads, event);
  const tasks: Task[] = [];
  for (const entry of entries) tasks.push(await taskOf(reads, event, entry));
  const suite = suiteOf(event, name, format, tasks);
  const languages = [...new Set(tasks.map(({ view }) => view.language))].sort();
  const manifest = newBlob(canonicalJson(entries)).ref;
  const data = { suite: suite.digest, name, format, tasks: tasks.length, languages, manifest };
  if (suiteStream(suite.digest) === event.stream && canonicalJson(data) === canonicalJson(event.data))
    return suite;
  const reason = 'the stored tasks add up to another suite than was registered';
  const { divergence } = refuted(event, 'content', reason, { type: event.type, data });
  const members = memberDifferences(data, event.data as unknown as JsonObject);
  throw new Diverged({ ...divergence, members });
}

async function manifestOf(reads: ReplayReads, event: Registered): Promise<readonly RegisteredTask[]> {
  const { manifest } = event.data;
  const text = await reads.ledger.getText(manifest.digest);
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw refuted(event, 'content', 'its manifest is no list of tasks');
  }
}

async function taskOf(reads: ReplayReads, event: Registered, { id, view, hidden }: RegisteredTask) {
  try {
    const task: Task = {
      view: parseTaskView(await reads.ledger.getBlob(view.digest)),
      hidden: parseHiddenTests(await reads.ledger.getBlob(hidden.digest)),
      reference: null,
    };
    // The parsed parts are written again: a blob that only reads as the same task has another digest.
    const same = task.view.id === id && digestOf(task.view) === view.digest;
    if (same) return task;
  } catch (error) {
    if (!isPawlError(error, 'SUITE_INVALID')) throw error;
  }
  throw refuted(event, 'content', `the stored task "${id}" is not the one of its manifest`);
}

function suiteOf(event: Registered, name: string, format: string, tasks: readonly Task[]): Suite {
  try {
    return makeSuite(name, format, tasks);
  } catch (error) {
    if (isPawlError(error, 'SUITE_INVALID')) throw refuted(event, 'content', error.message);
    throw error;
  }
}
