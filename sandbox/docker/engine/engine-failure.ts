import { messageOf, PawlError } from '../../../src/kernel/pawl-error.ts';

/** An answer of the engine that is no success. */
export interface EngineRefusal {
  readonly status: number;
  /** What the engine says about it, shortened. */
  readonly words: string;
}

/** What a 404 means depends on what was asked for. */
export type AskedFor = 'image' | 'container' | 'engine';

export interface FailedCall {
  /** What was being done, for example `create a container`. */
  readonly purpose: string;
  readonly askedFor: AskedFor;
  /** The engine's address in messages. */
  readonly at: string;
}

const certificateCodes = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;

/** A connection that could not be made or broke: the system's error number decides. */
export function connectionFailure(call: FailedCall, error: unknown): PawlError {
  const code = codeOf(error);
  const options = { context: { engine: call.at, errno: code }, cause: error };
  const what = `Could not ${call.purpose}: the engine at ${call.at} `;
  if (code !== null && certificateCodes.test(code)) {
    const message = `${what}and this side do not accept each other's certificates (${messageOf(error)}). Check DOCKER_CERT_PATH.`;
    return new PawlError('ENGINE_REFUSED', message, options);
  }
  return new PawlError('ENGINE_UNREACHABLE', `${what}${unreachable(code, error)}`, options);
}

function unreachable(code: string | null, error: unknown): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'may not be used by this user. Allow it (Docker: the group `docker`), or use a rootless engine.';
    case 'ENOENT':
    case 'ECONNREFUSED':
      return 'is not running. Start it, or say where it listens.';
    default:
      if (code?.startsWith('HPE_')) return `answers in something else than HTTP (${messageOf(error)}).`;
      return `broke off the connection or cannot be reached (${messageOf(error)}).`;
  }
}

export function deadlineFailure(call: FailedCall, deadlineMs: number): PawlError {
  return new PawlError(
    'ENGINE_UNREACHABLE',
    `Could not ${call.purpose}: the engine at ${call.at} did not answer within ${deadlineMs} ms.`,
    { context: { engine: call.at, deadlineMs } },
  );
}

/** The status decides; the words only where no status exists for it, which is a full disk. */
export function refusalFailure(call: FailedCall, refusal: EngineRefusal): PawlError {
  const { status, words } = refusal;
  const says = `Could not ${call.purpose}: the engine at ${call.at} says (${status}): ${words || 'nothing'}`;
  const options = { context: { engine: call.at, status } };
  if (status >= 500 && /no space left on device|disk quota exceeded/i.test(words)) {
    return new PawlError('ENGINE_DISK_FULL', `${says}. Make room on its disk.`, options);
  }
  if (status === 404 && call.askedFor === 'image') {
    const todo = 'Build it with `pawl sandbox build`, or fetch it with `pawl sandbox pull`.';
    return new PawlError('IMAGE_MISSING', `${says}. ${todo}`, options);
  }
  if (call.askedFor === 'image' && (status === 401 || status === 403)) {
    return new PawlError('IMAGE_DENIED', `${says}. Log the engine in to the registry.`, options);
  }
  // An engine that is being stopped answers until the end, and has lost the daemon under it before.
  const isStopping =
    status === 500 && /(transport|connection) is closing|error while dialing|: unavailable$/i.test(words);
  if (isStopping || (status >= 502 && status <= 504))
    return new PawlError('ENGINE_UNREACHABLE', `${says}.`, options);
  // Trying again can help where the engine itself failed, where it did something else with the same thing at that time, or
  // where a container was taken away from outside.
  const passing = status >= 500 || status === 409 || (status === 404 && call.askedFor === 'container');
  return new PawlError(passing ? 'SANDBOX_FAILED' : 'ENGINE_REFUSED', `${says}.`, options);
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses of one name were tried; each has its own error.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : null;
}
