import { LogFailure, type LogFailureKind } from '../log-client.ts';

/** What errors of the library and of gRPC beneath it have in common, as far as we look at it. */
interface ForeignError {
  readonly message: string;
  /** The library's own name for it; plain gRPC errors have none. */
  readonly type?: string;
  /** gRPC status. */
  readonly code?: number;
  readonly actualVersion?: bigint | 'no_stream';
}

const byType: Readonly<Record<string, LogFailureKind>> = {
  'stream-deleted': 'deleted',
  'maximum-append-size-exceeded': 'too large',
  'access-denied': 'denied',
  'deadline-exceeded': 'timeout',
  timeout: 'timeout',
  unavailable: 'unreachable',
  cancelled: 'unreachable',
  'not-leader': 'unreachable',
};

/** gRPC statuses (https://grpc.github.io/grpc/core/md_doc_statuscodes.html) that say more than "it failed". */
const byStatus: Readonly<Record<number, LogFailureKind>> = {
  1: 'unreachable',
  4: 'timeout',
  7: 'denied',
  8: 'too large',
  10: 'timeout',
  12: 'not this protocol',
  14: 'unreachable',
  16: 'denied',
};

const aboutCertificates =
  /certificate|self.signed|unable to (get|verify)|ERR_TLS_CERT|altnames|CERT_|bad decrypt|unknown ca\b/i;
const aboutProtocols =
  /wrong version number|EPROTO|protocol error|parse error|NGHTTP2_(?!REFUSED|CANCEL|NO_ERROR|INTERNAL|ENHANCE)|HTTP status|packet length too long|unimplemented|invalid content.type/i;

/**
 * A failure in our words. The kind decides what happens next, so anything unknown is `other`: an append of which nobody knows
 * whether it is stored.
 */
export function toLogFailure(error: unknown): LogFailure {
  if (error instanceof LogFailure) return error;
  if (!(error instanceof Error)) return new LogFailure('other', String(error), { cause: error });
  const foreign = error as ForeignError & Error;
  if (foreign.type === 'wrong-expected-version') {
    const actual = foreign.actualVersion;
    const known = actual === 'no_stream' ? -1 : Number(actual ?? Number.NaN);
    return new LogFailure('wrong revision', 'the stream is at another revision', {
      ...(Number.isSafeInteger(known) ? { actual: known } : {}),
      cause: error,
    });
  }
  return new LogFailure(kindOf(foreign), plain(foreign.message || (foreign.type ?? '')), { cause: error });
}

function kindOf({ type, code, message }: ForeignError): LogFailureKind {
  const kind = byType[type ?? ''] ?? byStatus[code ?? -1] ?? 'other';
  if (kind !== 'unreachable' && kind !== 'other') return kind;
  // A connection that never came about is one status to gRPC, whatever the reason; only the text tells them apart.
  if (aboutCertificates.test(message)) return 'certificate';
  if (aboutProtocols.test(message)) return 'not this protocol';
  if (/read.?only/i.test(message)) return 'read-only';
  return /^Failed to discover|No leader/i.test(message) ? 'unreachable' : kind;
}

/** What the layers below wrap around their reason, and what differs from time to time. */
const wrappings = [
  /^\d+ [A-Z_]+: /,
  /^No connection established\. Last error: /,
  /^Error: /,
  /\.? Resolution note: .*$/,
  / \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/,
  // OpenSSL's place in its own source: only the reason in between is for people.
  /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:/,
  /:[^: ]*\/openssl\/.*$/,
  /; if the root CA is installed locally.*$/,
  /\.$/,
];

const inOurWords: Readonly<Record<string, string>> = {
  '': 'no reason given',
  'No leader info available in response':
    'the node that was asked does not lead and knows none that does: with a read-only replica alone nothing can be read or written',
  'Failed to connect': 'it closed the connection at once, as a server does that wants TLS',
};

function plain(message: string): string {
  const reason = wrappings.reduce(
    (text, wrapping) => text.replace(wrapping, ''),
    message.split('\n')[0] as string,
  );
  if (/^Failed to discover/.test(reason)) return 'no node of the cluster could be asked, or none leads';
  return inOurWords[reason] ?? reason;
}
