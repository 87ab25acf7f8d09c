import { parseVerifierKey } from '../audit/note-key.ts';
import { openNote } from '../audit/signed-note.ts';
import type { ProblemList } from './problem.ts';
import type { RegisteredKey, SealChecker } from './seal-checker.ts';
import type { OutsideCheckpoint, Trust } from './trust.ts';

/** What the checkpoints from outside came to. */
export interface OutsideFindings {
  /** Those that the records hash to. */
  readonly held: readonly OutsideCheckpoint[];
  /** Those that they do not hash to. */
  readonly broken: readonly OutsideCheckpoint[];
  /** Keys that are trusted because they were given, or because they signed a checkpoint from outside. */
  readonly trustedKeys: ReadonlySet<string>;
}

/** Holds the ledger against what is known of it from elsewhere. */
export function checkOutside(
  trust: Trust,
  seals: SealChecker,
  size: number,
  rootAt: (size: number) => Uint8Array | undefined,
  problems: ProblemList,
): OutsideFindings {
  const held: OutsideCheckpoint[] = [];
  const broken: OutsideCheckpoint[] = [];
  const trustedKeys = new Set(trust.verifierKeys);
  for (const checkpoint of trust.checkpoints) {
    const { source, note } = checkpoint;
    const signedBy = note === null ? undefined : seals.keys.find((key) => hasSigned(key, note));
    if (signedBy !== undefined && trust.verifierKeys.length === 0) trustedKeys.add(signedBy.verifierKey);
    const foreign = note === null || signedBy !== undefined ? null : whyForeign(checkpoint, seals);
    if (foreign !== null) problems.at(foreign.position, 'OTHER_LEDGER', foreign.message);
    // Of another ledger altogether: comparing the two says nothing more.
    if (foreign?.otherName === true) continue;
    if (checkpoint.size > size) {
      const message = `The checkpoint ${source} covers ${checkpoint.size} records, and ${size} are there: record ${size} is the first that is missing.`;
      problems.at(size, 'CHECKPOINT_AHEAD', message);
    } else if (isSame(rootAt(checkpoint.size), checkpoint.root)) {
      held.push(checkpoint);
      if (signedBy !== undefined && !seals.points.some((point) => point.size === checkpoint.size)) {
        const message = `The checkpoint ${source} was signed by the ledger itself, and its record does not stand behind the ${checkpoint.size} records that it covers: what was behind them was cut off.`;
        problems.at(checkpoint.size, 'CHECKPOINT_DROPPED', message);
      }
    } else {
      broken.push(checkpoint);
      const message = `The first ${checkpoint.size} records do not hash to the checkpoint ${source}.`;
      problems.at(null, 'CHECKPOINT_MISMATCH', message);
    }
  }
  if (trust.verifierKeys.length > 0) checkKeys(seals, trustedKeys, problems);
  return { held, broken, trustedKeys };
}

/** Whoever names the keys trusts no others: a ledger that was signed anew with another key is not the one that is meant. */
function checkKeys(seals: SealChecker, trusted: ReadonlySet<string>, problems: ProblemList): void {
  for (const { verifierKey, position } of seals.keys) {
    if (trusted.has(verifierKey)) continue;
    const message = `The signing key ${verifierKey} was registered here, and it is not one that you trust. If it should be, name it too.`;
    problems.at(position, 'KEY_NOT_TRUSTED', message);
  }
  if (seals.points.some(({ verifierKey, holds }) => holds && trusted.has(verifierKey))) return;
  problems.at(null, 'KEY_NOT_TRUSTED', 'No checkpoint of this ledger is signed by a key that you trust.');
}

/** A note that none of the ledger's keys signed is of another ledger, or of this one before its keys were exchanged. */
function whyForeign(
  { source, origin }: OutsideCheckpoint,
  { keys }: SealChecker,
): { readonly position: number | null; readonly message: string; readonly otherName: boolean } {
  const names = keys.map((key) => `"${key.origin}"`).join(', ');
  if (keys.length > 0 && !keys.some((key) => key.origin === origin)) {
    const message = `The checkpoint ${source} is of "${origin}", and this ledger calls itself ${names}.`;
    return { position: null, message, otherName: true };
  }
  const message =
    keys.length === 0
      ? `The checkpoint ${source} is signed, and this ledger never registered a key.`
      : `The checkpoint ${source} is signed by a key that this ledger never registered, though both call themselves ${names}.`;
  return { position: keys[0]?.position ?? null, message, otherName: false };
}

function hasSigned({ verifierKey }: RegisteredKey, note: string): boolean {
  try {
    openNote(note, [parseVerifierKey(verifierKey)]);
    return true;
  } catch {
    return false;
  }
}

function isSame(root: Uint8Array | undefined, expected: Uint8Array): boolean {
  return root !== undefined && Buffer.compare(root, expected) === 0;
}
