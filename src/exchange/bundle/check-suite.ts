import { z } from 'zod';
import type { AnyRecordedEvent } from '../../events/record.ts';
import { blobRefSchema } from '../../events/shapes.ts';
import type { Digest, StreamName } from '../../kernel/brand.ts';
import { digestOf } from '../../kernel/digest.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { suiteStream } from '../../loop/stream-names.ts';

const manifestSchema = z.array(
  z.strictObject({ id: z.string(), view: blobRefSchema, hidden: blobRefSchema }),
);
const membersSchema = z.array(z.string());

/**
 * Holds a suite to its digest where only some of its tasks are at hand: the list of its tasks by their digests is what the
 * suite's own digest is of, and splits are disjoint parts of that list. Which tasks a split draws cannot be derived without
 * all of them.
 *
 * @returns what is wrong, or null
 */
export async function checkSuite(ledger: Ledger, stream: StreamName): Promise<string | null> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readStream(stream)) events.push(event);
  const [first, ...rest] = events;
  if (first?.type !== 'SuiteRegistered') return `${stream} does not begin with SuiteRegistered`;
  const { suite, manifest, tasks } = first.data;
  const listed = await read(ledger, manifest.digest, manifestSchema);
  if (listed === null) return `the list of tasks of ${stream} is none`;
  const parts = listed.map(({ id, view, hidden }) => ({ id, view: view.digest, hidden: hidden.digest }));
  if (suiteStream(digestOf(parts) as Digest) !== stream || suiteStream(suite) !== stream) {
    return `the list of tasks of ${stream} is not the one that its digest is of`;
  }
  if (listed.length !== tasks) return `${stream} lists ${listed.length} tasks and says that it has ${tasks}`;
  const ids = listed.map(({ id }) => id);
  const taken = new Set<string>();
  for (const event of rest) {
    if (event.type !== 'SplitFrozen') return `${event.type} stands in ${stream}`;
    const members = await read(ledger, event.data.members.digest, membersSchema);
    const wrong = members === null ? 'are none' : wrongMembers(members, event.data.tasks, ids, taken);
    if (wrong !== null) return `the members of the split "${event.data.split}" ${wrong}`;
    for (const id of members ?? []) taken.add(id);
  }
  return null;
}

function wrongMembers(
  members: readonly string[],
  tasks: number,
  ids: readonly string[],
  taken: ReadonlySet<string>,
): string | null {
  if (members.length !== tasks) return `are ${members.length}, not ${tasks}`;
  const wanted = new Set(members);
  const inOrder = ids.filter((id) => wanted.has(id));
  if (digestOf(inOrder) !== digestOf(members)) return 'are not tasks of the suite in its order';
  const twice = members.find((id) => taken.has(id));
  return twice === undefined ? null : `hold "${twice}", which another split holds as well`;
}

async function read<Value>(ledger: Ledger, digest: Digest, schema: z.ZodType<Value>): Promise<Value | null> {
  const text = await ledger.getText(digest);
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
