import { PawlError } from '../../../kernel/pawl-error.ts';
import { LogFailure, type LogFailureKind } from './log-client.ts';

type Code = PawlError['code'];

/** The code for each way a call can fail, and what to say: what happened, `(why)`, what to do. */
const words: Readonly<Record<LogFailureKind, readonly [code: Code, happened: string, advice: string]>> = {
  unreachable: [
    'LEDGER_UNREACHABLE',
    'does not answer',
    'Check host and port and that the cluster is up and has a leader; then do the same again, nothing is written twice.',
  ],
  timeout: [
    'LEDGER_UNREACHABLE',
    'did not answer in time',
    'Check that the cluster is up and has a leader; then do the same again, nothing is written twice.',
  ],
  denied: [
    'LEDGER_ACCESS_DENIED',
    'does not allow that',
    'Check user and password in the address (they are sent over TLS only), and what that user may do.',
  ],
  certificate: [
    'LEDGER_CERTIFICATE',
    'shows a certificate that does not hold',
    'Renew it, connect by the name it is made out to, or name its authority (tlsCaFile= in the address).',
  ],
  'not this protocol': [
    'LEDGER_NOT_EVENTSTORE',
    'does not speak the protocol of EventStoreDB',
    'Check host and port, and whether the server uses TLS (tls=false in the address when it does not).',
  ],
  'read-only': [
    'LEDGER_READ_ONLY',
    'takes no writes',
    'Name a node that may become leader, or several, or use esdb+discover://.',
  ],
  deleted: [
    'STREAM_TRUNCATED',
    'has deleted a stream of the ledger',
    'What is gone comes back from a backup only.',
  ],
  'too large': [
    'APPEND_TOO_LARGE',
    'takes less in one append',
    'Split the work, or name the limit of the server (appendBytesMax= in the address).',
  ],
  'wrong revision': ['STORAGE_FAILED', 'gave an answer that makes no sense here', 'Open the ledger again.'],
  disposed: ['LEDGER_CLOSED', 'is closed', 'Open it again.'],
  other: ['STORAGE_FAILED', 'failed', 'Look at the log of the server, then do the same again.'],
};

/** Gives a failure of the client its place in the error table. What is coded already stays as it is. */
export function codedFailure(address: string, error: unknown): PawlError {
  if (error instanceof PawlError) return error;
  const failure =
    error instanceof LogFailure ? error : new LogFailure('other', String(error), { cause: error });
  const [code, happened, advice] = words[failure.kind];
  return new PawlError(code, `${address} ${happened} (${failure.message}). ${advice}`, {
    context: { address, failure: failure.kind },
    cause: failure,
  });
}

/** The same for what is asked of the log as a whole, which takes a right of its own. */
export function codedLogFailure(address: string, error: unknown): PawlError {
  if (!failedAs(error, 'denied')) return codedFailure(address, error);
  const [code, happened] = words.denied;
  const advice =
    'What concerns the ledger as a whole is read from $all: let this user read it, or take one who may. Workers need no right to it.';
  return new PawlError(code, `${address} ${happened} (${error.message}, reading $all). ${advice}`, {
    context: { address, failure: error.kind },
    cause: error,
  });
}

/** @throws PawlError instead of the `LogFailure` that the action throws */
export async function coded<Result>(address: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw codedFailure(address, error);
  }
}

/** True for a failure of that kind. */
export function failedAs(error: unknown, ...kinds: readonly LogFailureKind[]): error is LogFailure {
  return error instanceof LogFailure && kinds.includes(error.kind);
}
