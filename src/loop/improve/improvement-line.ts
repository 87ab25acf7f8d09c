import { evolveGovernance } from '../../../gates/governance/evolve-governance.ts';
import { type Governance, initialGovernance } from '../../../gates/governance/governance.ts';
import { refuse } from '../../../gates/governance/refuse.ts';
import { governanceRules } from '../../../gates/governance/rules.ts';
import type { PawlEvent } from '../../events/catalogue.ts';
import type { AnyRecordedEvent, EventDraft } from '../../events/record.ts';
import type { Digest, EventId, StreamName } from '../../kernel/brand.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { NewBlob } from '../../ledger/event-store.ts';
import type { Ledger, WriterContext } from '../../ledger/ledger.ts';
import { appendSurely } from '../append-surely.ts';
import { improvementStream } from '../stream-names.ts';
import {
  evolveLineEvaluations,
  initialLineEvaluations,
  type LineEvaluations,
} from './examine/line-evaluations.ts';

export interface LineServices {
  readonly ledger: Ledger;
  readonly writer: WriterContext;
  readonly clock: Clock;
}

/**
 * One line of improvement, read from its stream and written at its end. Whatever another process wrote meanwhile makes an
 * append fail (`WRONG_EXPECTED_REVISION`) instead of interleaving with it; what a rule forbids is never written.
 */
export class ImprovementLine {
  readonly name: string;
  readonly stream: StreamName;
  readonly #services: LineServices;
  #state: Governance;
  #evaluations: LineEvaluations;
  #revision: number;
  #lastId: EventId | null;

  private constructor(name: string, services: LineServices, read: Read) {
    this.name = name;
    this.stream = improvementStream(name);
    this.#services = services;
    this.#state = read.state;
    this.#evaluations = read.evaluations;
    this.#revision = read.revision;
    this.#lastId = read.lastId;
  }

  /** Reads the line; it need not exist yet. */
  static async open(name: string, services: LineServices): Promise<ImprovementLine> {
    return new ImprovementLine(name, services, await readLine(services.ledger, improvementStream(name)));
  }

  get state(): Governance {
    return this.#state;
  }

  /** What was run for it, and what its checks left. */
  get evaluations(): LineEvaluations {
    return this.#evaluations;
  }

  /** Revision of the last event, -1 for a line that is not there. */
  get revision(): number {
    return this.#revision;
  }

  /** Content that the line names by its hash. */
  text(digest: Digest): Promise<string> {
    return this.#services.ledger.getText(digest);
  }

  /**
   * Appends events, all or none, and folds them.
   *
   * @throws PawlError `GOVERNANCE_REFUSED` naming the rule (nothing is written), `WRONG_EXPECTED_REVISION` when somebody else
   * wrote
   */
  async append(
    events: readonly PawlEvent[],
    blobs: readonly NewBlob[] = [],
    signal: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const { ledger, writer, clock } = this.#services;
    const drafts: EventDraft[] = [];
    for (const event of events) drafts.push(ledger.draft(event, writer, drafts.at(-1)?.id ?? this.#lastId));
    try {
      // Folded before it is written, in place: a copy of the state per append would make a long loop quadratic.
      for (const [index, draft] of drafts.entries()) this.#judge(draft, this.#revision + 1 + index);
      const options = { clock, signal };
      const { lastRevision } = await appendSurely(
        ledger,
        this.stream,
        this.#revision,
        drafts,
        blobs,
        options,
      );
      this.#revision = lastRevision;
      this.#lastId = drafts.at(-1)?.id ?? this.#lastId;
    } catch (error) {
      await this.#readAgain();
      throw error;
    }
  }

  async #readAgain(): Promise<void> {
    const read = await readLine(this.#services.ledger, this.stream);
    this.#state = read.state;
    this.#evaluations = read.evaluations;
    this.#revision = read.revision;
    this.#lastId = read.lastId;
  }

  #judge(draft: EventDraft, revision: number): void {
    const event = { ...draft, position: 0, stream: this.stream, revision, version: 1 } as AnyRecordedEvent;
    const broken = refuse(this.#state, event);
    if (broken !== null) {
      throw new PawlError('GOVERNANCE_REFUSED', `${governanceRules[broken.rule]} Here: ${broken.message}.`, {
        context: { rule: broken.rule, type: draft.type, line: this.stream },
      });
    }
    evolveGovernance(this.#state, event);
    evolveLineEvaluations(this.#evaluations, event);
  }
}

interface Read {
  readonly state: Governance;
  readonly evaluations: LineEvaluations;
  readonly revision: number;
  readonly lastId: EventId | null;
}

/** Folds the stream of a line; an empty one gives the initial state at revision -1. */
export async function readLine(ledger: Ledger, stream: StreamName): Promise<Read> {
  let state = initialGovernance();
  const evaluations = initialLineEvaluations();
  let last: AnyRecordedEvent | undefined;
  for await (const event of ledger.readStream(stream)) {
    const refused = state.refused.length;
    state = evolveGovernance(state, event);
    if (state.refused.length === refused) evolveLineEvaluations(evaluations, event);
    last = event;
  }
  return { state, evaluations, revision: last?.revision ?? -1, lastId: last?.id ?? null };
}
