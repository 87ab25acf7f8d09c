import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import Docker from 'dockerode';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { type EngineAddress, findEngineAddress } from './engine-address.ts';
import {
  type AskedFor,
  connectionFailure,
  deadlineFailure,
  type FailedCall,
  refusalFailure,
} from './engine-failure.ts';
import { readAnswer } from './read-answer.ts';

export interface EngineCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  /** Without a version: the engine speaks its newest. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent instead, as a tar archive. */
  readonly archive?: Buffer;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** What is being done, for messages: `create a container`. */
  readonly purpose: string;
  /** What a 404 would be about. */
  readonly askedFor: AskedFor;
}

/** One container engine. Every call has a deadline of its own, and every failure is a coded error. */
export interface Engine {
  /** Its address as it is written in messages. */
  readonly at: string;
  /**
   * The answer's JSON, undefined where it is empty.
   *
   * @throws PawlError `ENGINE_UNREACHABLE`, `ENGINE_REFUSED`, `ENGINE_DISK_FULL`, `IMAGE_MISSING`, `IMAGE_DENIED`,
   *   `SANDBOX_FAILED`; the signal's reason when that ended the call
   */
  request(call: EngineCall): Promise<unknown>;
  /** The answer as a stream, for as long as the engine sends; the deadline is for its beginning. */
  stream(call: EngineCall): Promise<Readable>;
  /** Turns the call's connection into a plain stream in both directions. */
  hijack(call: EngineCall): Promise<Duplex>;
}

type Dialled = IncomingMessage | Duplex;
interface Modem {
  dial(options: object, callback: (error: unknown, answer: Dialled | null) => void): void;
}

/** Every status is an answer that is read here, so that it is bounded and its words reach the error. */
const everyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index + 100, true]));

/** @throws PawlError `SANDBOX_SETTINGS`, `ENGINE_UNREACHABLE` when no engine is named and none is found */
export function connectEngine(
  host: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Engine {
  const address = findEngineAddress(host, environment);
  const modem = createModem(address);
  const at = address.text;

  /** Settles by the deadline whatever becomes of the connection; an answer that comes too late is dropped. */
  const dial = async <T>(call: EngineCall, isHijacked: boolean, use: (answer: Dialled) => Promise<T>) => {
    const failed: FailedCall = { purpose: call.purpose, askedFor: call.askedFor, at };
    if (call.signal?.aborted) throw call.signal.reason;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const ending = new AbortController();
    const giveUp = (reason: unknown): void => {
      reject(reason);
      ending.abort();
    };
    const timer = setTimeout(() => giveUp(deadlineFailure(failed, call.deadlineMs)), call.deadlineMs);
    const onAbort = (): void => giveUp(call.signal?.reason);
    call.signal?.addEventListener('abort', onAbort, { once: true });
    const answered = (error: unknown, answer: Dialled | null): void => {
      if (ending.signal.aborted) answer?.destroy();
      else if (answer === null) reject(connectionFailure(failed, error));
      else {
        ending.signal.addEventListener('abort', () => answer.destroy(), { once: true });
        use(answer).then(resolve, (reason) =>
          reject(reason instanceof PawlError ? reason : connectionFailure(failed, reason)),
        );
      }
    };
    modem.dial(dialOptions(call, isHijacked, ending.signal), answered);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', onAbort);
    }
  };

  const refuse = async (call: EngineCall, answer: IncomingMessage): Promise<never> => {
    const { words } = await readAnswer(answer);
    throw refusalFailure({ ...call, at }, { status: answer.statusCode ?? 0, words });
  };
  return {
    at,
    request: (call) =>
      dial(call, false, async (answer) => {
        if (!isResponse(answer) || !isSuccess(answer)) return refuse(call, answer as IncomingMessage);
        return (await readAnswer(answer)).json;
      }),
    stream: (call) =>
      dial(call, false, async (answer) => {
        if (!isResponse(answer) || !isSuccess(answer)) return refuse(call, answer as IncomingMessage);
        return answer;
      }),
    hijack: (call) =>
      dial(call, true, async (answer) => (isResponse(answer) ? refuse(call, answer) : answer)),
  };
}

const isResponse = (answer: Dialled): answer is IncomingMessage => 'statusCode' in answer;
const isSuccess = ({ statusCode = 0 }: IncomingMessage): boolean =>
  (statusCode >= 200 && statusCode < 300) || statusCode === 304;

function createModem(address: EngineAddress): Modem {
  // Everything is named, because what is left out is read from the environment again.
  const nothing = { socketPath: undefined, host: undefined, port: undefined, timeout: undefined };
  const plain = {
    ca: undefined,
    cert: undefined,
    key: undefined,
    protocol: 'http',
    pathPrefix: '/',
  } as const;
  const options =
    address.kind === 'socket'
      ? { ...nothing, ...plain, socketPath: address.path }
      : {
          ...nothing,
          ...plain,
          ...(address.certificates ?? {}),
          host: address.hostname,
          port: address.port,
          protocol: address.secure ? 'https' : 'http',
        };
  return new Docker(options as Docker.DockerOptions).modem as unknown as Modem;
}

function dialOptions(call: EngineCall, isHijacked: boolean, signal: AbortSignal): object {
  return {
    path: `${call.path}?`,
    method: call.method,
    options: { _query: call.query ?? {}, _body: call.body ?? {} },
    ...(isHijacked ? { hijack: true, ...hijackBody(call.body) } : {}),
    ...(call.archive ? { file: call.archive, headers: { 'Content-Type': 'application/x-tar' } } : {}),
    isStream: true,
    abortSignal: signal,
    statusCodes: everyStatus,
  };
}

/** A hijacked connection begins with a body of known length, mostly none: what follows the request belongs to the container. */
function hijackBody(body: object | undefined): object {
  if (body === undefined) return { file: Buffer.alloc(0), headers: { 'Content-Type': 'text/plain' } };
  return { file: Buffer.from(JSON.stringify(body)), headers: { 'Content-Type': 'application/json' } };
}
