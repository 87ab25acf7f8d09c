import type { EventType } from '../../events/catalogue.ts';
import type { Digest } from '../../kernel/brand.ts';
import { isPawlError } from '../../kernel/pawl-error.ts';
import type { AppendResult, TreeHead } from '../event-store.ts';
import type { Ledger, LedgerObserver, WriterContext } from '../ledger.ts';
import { auditStreams } from './audit-streams.ts';
import { signCheckpoint } from './checkpoint.ts';
import type { NoteSigner } from './signed-note.ts';

/** Events after which a checkpoint is signed whatever came before: what somebody may later wish had not been decided. */
const decisions: ReadonlySet<EventType> = new Set<EventType>([
  'FinalPicked',
  'RunFinished',
  'RunPaused',
  'BlobErased',
  'ExportWritten',
  'ReplayFinished',
  'SigningKeyRegistered',
  'GateRegistered',
  'HeldOutOpened',
  'GateDecided',
  'ApprovalGiven',
  'ApprovalRefused',
  'ChallengerPromoted',
  'ChallengerDiscarded',
  'ChampionRolledBack',
  'FinalTestOpened',
  'FinalTestFinished',
]);

export interface SignedHead extends TreeHead {
  readonly note: string;
}

export interface CheckpointSignerOptions {
  readonly ledger: Ledger;
  readonly signer: NoteSigner;
  /** Records without a checkpoint that are too many. */
  readonly everyRecords: number;
  readonly writer: WriterContext;
  /** Called with each checkpoint once it is in the ledger; the next one waits for it. */
  readonly onSigned: (head: SignedHead) => Promise<void>;
  /** Told of the first failure of several in a row; the end of the session fails with the last. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Signs checkpoints of a ledger that is being written: after decisions, at least every so many records, and at the end. One is
 * under way at a time and covers all that was durable when it began, so that decisions in quick succession share one; nobody
 * who appends waits for it.
 */
export class CheckpointSigner implements LedgerObserver {
  readonly #options: CheckpointSignerOptions;
  /** Records that the last checkpoint covers, and the position it stands at. */
  #covered: number;
  #position: number;
  #revision: number;
  #wanted = false;
  #underWay: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  private constructor(options: CheckpointSignerOptions, last: LastCheckpoint) {
    this.#options = options;
    this.#covered = last.size;
    this.#position = last.position;
    this.#revision = last.revision;
  }

  /** Goes on behind the last checkpoint of the ledger. */
  static async begin(options: CheckpointSignerOptions): Promise<CheckpointSigner> {
    return new CheckpointSigner(options, await lastCheckpoint(options.ledger));
  }

  appended(types: readonly EventType[], { positions }: AppendResult): void {
    if (types.includes('CheckpointSigned')) return;
    const size = (positions.at(-1) ?? -1) + 1;
    const due = size - this.#covered >= this.#options.everyRecords;
    if (due || types.some((type) => decisions.has(type))) this.#want();
  }

  /** Covers what no checkpoint covers yet, and throws when that cannot be done. */
  async closing(): Promise<void> {
    await this.#underWay;
    const { size } = await this.#options.ledger.head();
    if (this.#isSealed(size)) return;
    this.#want();
    await this.#underWay;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** True when nothing but the last checkpoint itself stands behind what it covers. */
  #isSealed(size: number): boolean {
    return size === this.#covered || (size === this.#covered + 1 && this.#position === this.#covered);
  }

  #want(): void {
    this.#wanted = true;
    this.#underWay ??= this.#work().finally(() => {
      this.#underWay = undefined;
    });
  }

  async #work(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false;
      try {
        await this.#sign();
        this.#failure = undefined;
      } catch (error) {
        if (this.#failure === undefined) this.#options.onFailure(error);
        this.#failure = { error };
      }
    }
  }

  async #sign(): Promise<void> {
    const { ledger, signer, writer, onSigned } = this.#options;
    const head = await ledger.head();
    if (this.#isSealed(head.size)) return;
    const note = signCheckpoint({ ...head, origin: signer.name, extensions: [] }, signer);
    const root = Buffer.from(head.root).toString('hex') as Digest;
    const draft = ledger.draft(
      { type: 'CheckpointSigned', data: { size: head.size, root, note } },
      writer,
      null,
    );
    try {
      const appended = await ledger.append(auditStreams.checkpoints, this.#revision, [draft]);
      this.#revision = appended.lastRevision;
      this.#covered = head.size;
      this.#position = appended.positions[0] as number;
    } catch (error) {
      if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
      // An append that was stored and not acknowledged, for one, has moved the stream on. The next attempt begins from there.
      const last = await lastCheckpoint(ledger);
      this.#revision = last.revision;
      this.#covered = last.size;
      this.#position = last.position;
      this.#wanted = true;
      return;
    }
    // After it is in the ledger: a checkpoint that is known outside must be one that the ledger holds.
    await onSigned({ ...head, note });
  }
}

interface LastCheckpoint {
  readonly size: number;
  readonly position: number;
  readonly revision: number;
}

async function lastCheckpoint(ledger: Ledger): Promise<LastCheckpoint> {
  const revision = await ledger.lastRevision(auditStreams.checkpoints);
  for await (const event of ledger.readStream(auditStreams.checkpoints, Math.max(0, revision))) {
    if (event.type === 'CheckpointSigned')
      return { size: event.data.size, position: event.position, revision };
  }
  return { size: 0, position: -1, revision };
}
