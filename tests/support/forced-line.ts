import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { NewBlob } from '../../src/ledger/event-store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { type ImprovementLine, readLine } from '../../src/loop/improve/improvement-line.ts';
import { verifyLines } from '../../src/loop/improve/verify-lines.ts';

const writer = { actor: 'forger', correlation: 'forged' };

/** Appends events to a line as somebody would who does not ask the rules: well-formed records, under the tree like all others. */
export async function force(
  ledger: Ledger,
  { stream }: Pick<ImprovementLine, 'stream'>,
  events: readonly PawlEvent[],
  blobs: readonly NewBlob[] = [],
): Promise<number> {
  const revision = await ledger.lastRevision(stream);
  const drafts = events.map((event) => ledger.draft(event, writer, null));
  await ledger.append(stream, revision, drafts, blobs);
  return revision + 1;
}

/** What `pawl verify` would say of the lines. */
export async function problemsIn(ledger: Ledger): Promise<readonly string[]> {
  return (await verifyLines(ledger)).problems.map(({ message }) => message);
}

/** What a fold from the first event on says may be deployed. */
export async function certifiedIn(ledger: Ledger, { stream }: Pick<ImprovementLine, 'stream'>) {
  const { state } = await readLine(ledger, stream);
  return state.certified;
}
