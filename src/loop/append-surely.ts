import type { EventDraft } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ErrorCode } from '../kernel/error-table.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { AppendResult, NewBlob } from '../ledger/event-store.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** An append is tried this often before the run stops. */
export const appendAttemptsMax = 4;
const firstDelayMs = 50;
const passing: ReadonlySet<ErrorCode> = new Set([
  'STORAGE_FAILED',
  'LEDGER_UNREACHABLE',
  'LEDGER_BUSY',
] as const);

export interface AppendOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * `Ledger.append` for a writer that may not know what became of its last try. After `STORAGE_FAILED` the records may be
 * stored or not (the acknowledgement can be lost on its way); the same drafts are given again, which stores them once in
 * either case. `LEDGER_UNREACHABLE` is the same over a network, and `LEDGER_BUSY` passes by itself. Anything else is final at
 * once: a full disk does not empty within a second, and a wrong revision means that another session goes on with this history.
 *
 * @throws PawlError the last failure, saying that it was not the first, and those of `Ledger.append`; the signal's reason
 */
export async function appendSurely(
  ledger: Ledger,
  stream: StreamName,
  expectedRevision: number,
  drafts: readonly EventDraft[],
  blobs: readonly NewBlob[],
  { clock, signal }: AppendOptions,
): Promise<AppendResult> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await ledger.append(stream, expectedRevision, drafts, blobs);
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (attempt >= appendAttemptsMax) throw givenUp(error, stream);
    }
    await clock.sleep(firstDelayMs * 3 ** (attempt - 1), signal);
  }
}

function mayPass(error: unknown): error is PawlError {
  return isPawlError(error) && passing.has(error.code);
}

function givenUp(cause: PawlError, stream: StreamName): PawlError {
  const message = `${cause.message} (tried ${appendAttemptsMax} times; whatever was acknowledged is kept: resume the run once the ledger can be written)`;
  return new PawlError(cause.code, message, { context: { ...cause.context, stream }, cause });
}
