import type { EventType } from '../events/catalogue.ts';
import { definitionOf } from '../events/catalogue.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import { type FlagNumbers, replayFlags } from '../events/replay-flags.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { ErrorCode } from '../kernel/error-table.ts';
import type { JsonObject } from '../kernel/json.ts';
import { isPawlError, type PawlError } from '../kernel/pawl-error.ts';
import type { Divergence, ReplayVerdict } from './replay-verdict.ts';

/** Ends the replay of a stream: history does not follow. */
export class Diverged extends Error {
  readonly divergence: Divergence;

  constructor(divergence: Omit<Divergence, 'members' | 'texts'> & Partial<Divergence>) {
    super(divergence.reason);
    this.divergence = { members: [], texts: [], ...divergence };
  }
}

/** Ends the replay of a stream: what it takes is not here, which proves nothing about the decisions. */
export class Inconclusive extends Error {}

/** Errors that say the same as `Inconclusive`. */
const missingCodes: ReadonlySet<ErrorCode> = new Set([
  'BLOB_NOT_FOUND',
  'BLOB_ERASED',
  'STRATEGY_NOT_FOUND',
  'SCORER_NOT_FOUND',
  'SUITE_NOT_FOUND',
  'IMPORT_FORMAT',
  'PROMPT_TEMPLATE_INVALID',
] as const);

/** The verdict that an error stands for; errors that are about the ledger or about us are thrown on. */
export function verdictOf(error: unknown, events: number): ReplayVerdict {
  if (error instanceof Diverged) return { verdict: 'diverged', events, divergence: error.divergence };
  if (error instanceof Inconclusive) return { verdict: 'inconclusive', events, missing: error.message };
  if (isPawlError(error) && missingCodes.has(error.code)) {
    return { verdict: 'inconclusive', events, missing: missingText(error) };
  }
  throw error;
}

function missingText({ code, context, message }: PawlError): string {
  return code === 'BLOB_ERASED' ? `blob erased: ${context['digest']}` : message;
}

/** For an event that stands where nothing led to it, or that says what cannot be. */
export function refuted(
  event: AnyRecordedEvent,
  layer: Divergence['layer'],
  reason: string,
  asked: Divergence['asked'] = null,
): Diverged {
  const recorded = { type: event.type, data: event.data as JsonObject };
  return new Diverged({
    ...{ stream: event.stream, revision: event.revision },
    ...{ layer, reason, asked, recorded },
  });
}

/** For a stream that ends too early. */
export function cutShort(stream: StreamName, revision: number, reason: string): Diverged {
  return new Diverged({ stream, revision, layer: 'history', reason, asked: null, recorded: null });
}

/** A fact is not derived, but it has to be one: data that its type does not allow was never appended by a ledger. */
export function checkShape(event: AnyRecordedEvent): void {
  const { success } = definitionOf(event.type satisfies EventType).schema.safeParse(event.data);
  if (!success) throw refuted(event, 'content', `no ${event.type} has such data`);
}

const knownFlags: ReadonlySet<number> = new Set(Object.values(replayFlags).map(({ number }) => number));

/** What a flag of a later version means cannot be guessed, so nothing that was made under it can be derived here. */
export function checkFlags(flags: FlagNumbers): void {
  const unknown = flags.find((flag) => !knownFlags.has(flag));
  if (unknown === undefined) return;
  throw new Inconclusive(`replay flag ${unknown}, which this build does not know`);
}
