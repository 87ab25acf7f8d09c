import type { BlobRef } from '../events/shapes.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { NewBlob } from '../ledger/event-store.ts';
import { type Ledger, newBlob, type WriterContext } from '../ledger/ledger.ts';
import { hiddenTestsBytes, taskViewBytes } from '../tasks/serialize.ts';
import type { Suite } from '../tasks/suite.ts';
import { suiteStream } from './stream-names.ts';

/** One task as the ledger holds it: what may be seen and what grades, as two blobs. */
export interface RegisteredTask {
  readonly id: string;
  readonly view: BlobRef;
  readonly hidden: BlobRef;
}

/**
 * Puts a suite into the ledger, once: every task's two parts as blobs, the list of them as the manifest. From then on a run
 * can be resumed, replayed and executed again without the file the suite came from.
 */
export async function registerSuite(
  ledger: Ledger,
  suite: Suite,
  writer: WriterContext,
): Promise<ReadonlyMap<string, RegisteredTask>> {
  const blobs: NewBlob[] = [];
  const keep = (content: string | Uint8Array): BlobRef => {
    const { blob, ref } = newBlob(content);
    blobs.push(blob);
    return ref;
  };
  const tasks = suite.tasks.map(({ view, hidden }) => ({
    id: view.id,
    view: keep(taskViewBytes(view)),
    hidden: keep(hiddenTestsBytes(hidden)),
  }));
  const manifest = keep(canonicalJson(tasks));
  const stream = suiteStream(suite.digest);
  if ((await ledger.lastRevision(stream)) === -1) {
    const languages = [...new Set(suite.tasks.map(({ view }) => view.language))].sort();
    const { digest, name, format } = suite;
    const data = { suite: digest, name, format, tasks: tasks.length, languages, manifest };
    const draft = ledger.draft({ type: 'SuiteRegistered', data }, writer, null);
    await ledger.append(stream, -1, [draft], blobs).catch((error) => {
      // Somebody else registers the same suite at the same moment: the same tasks, because its name is their digest.
      if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
    });
  }
  return new Map(tasks.map((task) => [task.id, task]));
}
