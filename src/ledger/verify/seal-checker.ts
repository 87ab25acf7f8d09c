import { messageOf } from '../../kernel/pawl-error.ts';
import { auditStreams } from '../audit/audit-streams.ts';
import { parseCheckpoint } from '../audit/checkpoint.ts';
import { type NoteVerifier, parseVerifierKey } from '../audit/note-key.ts';
import { openNote } from '../audit/signed-note.ts';
import type { ProblemList } from './problem.ts';
import type { SealEvent } from './range-verifier.ts';

/** A checkpoint in the ledger whose signature holds under the key that was registered then. */
export interface SealedPoint {
  readonly size: number;
  readonly position: number;
  readonly verifierKey: string;
  /** Whether the records before it hash to it. */
  readonly holds: boolean;
}

export interface RegisteredKey {
  readonly origin: string;
  readonly verifierKey: string;
  readonly position: number;
}

type Of<Type extends SealEvent['type']> = Extract<SealEvent, { type: Type }>;

/** Checks what the ledger says of itself: its keys, its checkpoints, and what was erased from it. Events come in order. */
export class SealChecker {
  readonly #problems: ProblemList;
  readonly #rootAt: (size: number) => Uint8Array | undefined;
  readonly keys: RegisteredKey[] = [];
  readonly points: SealedPoint[] = [];
  /** Positions of all checkpoints, also of those that do not hold. */
  readonly positions: number[] = [];
  readonly erasures: Of<'BlobErased'>[] = [];
  #verifier: NoteVerifier | undefined;
  #lastSize = 0;

  constructor(problems: ProblemList, rootAt: (size: number) => Uint8Array | undefined) {
    this.#problems = problems;
    this.#rootAt = rootAt;
  }

  add(event: SealEvent): void {
    if (event.stream !== streamOf[event.type]) {
      const message = `A ${event.type} stands in "${event.stream}"; it belongs into "${streamOf[event.type]}".`;
      this.#problems.at(event.position, 'CHECKPOINT_INVALID', message);
    } else if (event.type === 'SigningKeyRegistered') this.#addKey(event);
    else if (event.type === 'CheckpointSigned') this.#addCheckpoint(event);
    else this.erasures.push(event);
  }

  #addKey({ position, data }: Of<'SigningKeyRegistered'>): void {
    const { origin, verifierKey } = data;
    this.#verifier = undefined;
    try {
      this.#verifier = parseVerifierKey(verifierKey);
      if (this.#verifier.name !== origin) throw new Error(`the key is named "${this.#verifier.name}"`);
      this.keys.push({ origin, verifierKey, position });
    } catch (error) {
      const message = `The signing key registered for "${origin}" is not one: ${messageOf(error)}`;
      this.#problems.at(position, 'CHECKPOINT_INVALID', message);
    }
  }

  #addCheckpoint({ position, data }: Of<'CheckpointSigned'>): void {
    this.positions.push(position);
    const why = this.#whyInvalid(position, data);
    if (why !== null) {
      this.#problems.at(position, 'CHECKPOINT_INVALID', `The checkpoint does not stand: ${why}`);
      return;
    }
    this.#lastSize = data.size;
    const root = this.#rootAt(data.size);
    if (root === undefined) {
      // It was not found where checkpoints are looked up, so nobody asked for the root at its size.
      const message = 'The checkpoint could not be compared: reading its stream does not lead to it.';
      this.#problems.at(position, 'CHECKPOINT_INVALID', message);
      return;
    }
    const holds = Buffer.from(root).toString('hex') === data.root;
    const verifierKey = this.#verifier?.verifierKey ?? '';
    this.points.push({ size: data.size, position, verifierKey, holds });
    if (holds) return;
    const message = `The first ${data.size} records do not hash to the checkpoint signed at position ${position}.`;
    this.#problems.at(null, 'CHECKPOINT_MISMATCH', message);
  }

  #whyInvalid(position: number, { size, root, note }: Of<'CheckpointSigned'>['data']): string | null {
    if (this.#verifier === undefined) return 'no signing key was registered before it.';
    if (size > position) return `it covers ${size} records at position ${position}.`;
    if (size < this.#lastSize) return `it covers ${size} records, one before it ${this.#lastSize}.`;
    try {
      const checkpoint = parseCheckpoint(openNote(note, [this.#verifier]).text);
      if (checkpoint.origin !== this.#verifier.name) return `it is of "${checkpoint.origin}".`;
      const same = checkpoint.size === size && Buffer.from(checkpoint.root).toString('hex') === root;
      return same ? null : 'its note says another size or root than the event.';
    } catch (error) {
      return messageOf(error);
    }
  }
}

const streamOf: Readonly<Record<SealEvent['type'], string>> = {
  SigningKeyRegistered: auditStreams.keys,
  CheckpointSigned: auditStreams.checkpoints,
  BlobErased: auditStreams.erasures,
};
