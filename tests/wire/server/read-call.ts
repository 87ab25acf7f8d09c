import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerWritableStream, status } from '@grpc/grpc-js';
import { redirection } from './append-call.ts';
import { asServiceError } from './as-service-error.ts';
import { identifier } from './batch-answer.ts';
import type { ServerContext } from './context.ts';
import { filterOf, filterWords } from './event-filter.ts';
import type { FaultRule } from './faults.ts';
import { streams } from './protocol.ts';
import { allSlice } from './read-all.ts';
import { readStream } from './read-stream.ts';
import { rpcError, streamDeleted } from './rpc-error.ts';
import type { StoredEvent } from './stored-event.ts';
import { subscribe } from './subscribe-call.ts';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp | Uint8Array>;

const ALL = '$all';

export function readCall(context: ServerContext): (call: ReadCall) => void {
  return (call) => {
    serve(context, call).catch((error: unknown) => {
      if (!call.cancelled) call.emit('error', asServiceError(error));
    });
  };
}

async function serve(context: ServerContext, call: ReadCall): Promise<void> {
  const options = call.request.getOptions();
  if (options === undefined) throw rpcError(status.INVALID_ARGUMENT, 'No options');
  context.authorize(call.metadata, options.hasAll() ? 'read all' : 'read');
  const requiresLeader = call.metadata.get('requires-leader')[0] === 'true';
  if (requiresLeader && context.role !== 'leader') throw redirection(context.leader);
  const stream = options.hasAll()
    ? ALL
    : Buffer.from(options.getStream()?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
  if (options.hasSubscription()) {
    await subscribe(context, call, options, stream === ALL ? null : stream);
    return;
  }
  const rule = context.faults.strike(stream === ALL ? 'read all' : 'read', stream);
  if (rule !== null && !(await goOnWith(rule, context, call))) return;
  const events = stream === ALL ? readLog(context, options) : eventsOfStream(context, options, stream);
  if (events === null) call.write(notFound(stream));
  else await sendAll(context, call, events, rule);
  if (!call.cancelled) call.end();
}

/** False when the call is done with, one way or the other. */
async function goOnWith(rule: FaultRule, context: ServerContext, call: ReadCall): Promise<boolean> {
  switch (rule.fault) {
    case 'mute':
      return false;
    case 'drop before commit':
      context.cut(call.getPeer());
      return false;
    case 'not leader':
      throw redirection(rule.leader ?? context.leader);
    case 'no leader':
      throw redirection(null);
    case 'not ready':
      throw rpcError(status.UNAVAILABLE, 'Server Is Not Ready');
    case 'unknown error':
      throw rpcError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
    case 'bad frame':
      call.write(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff));
      call.end();
      return false;
    case 'late reply':
      await new Promise((resolve) => setTimeout(resolve, rule.delayMs ?? 0));
      return true;
    default:
      return true;
  }
}

/** Sends frames no faster than they are taken; half of them and then a cut with `drop after commit`. */
async function sendAll(
  context: ServerContext,
  call: ReadCall,
  events: readonly StoredEvent[],
  rule: FaultRule | null,
): Promise<void> {
  const cutAt = rule?.fault === 'drop after commit' ? Math.floor(events.length / 2) : -1;
  for (const [index, event] of events.entries()) {
    if (call.cancelled) return;
    if (index === cutAt) {
      context.cut(call.getPeer());
      return;
    }
    if (rule?.fault === 'slow') await new Promise((resolve) => setTimeout(resolve, rule.delayMs ?? 0));
    if (!call.write(event.frame)) await drained(call);
  }
}

const GOES_ON = ['drain', 'cancelled', 'close'] as const;

/** Resolves when more can be written, or nobody listens any more. */
export function drained(call: ReadCall): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of GOES_ON) call.off(name, done);
      resolve();
    };
    for (const name of GOES_ON) call.on(name, done);
  });
}

function eventsOfStream(
  context: ServerContext,
  options: ReadReq.Options,
  stream: string,
): readonly StoredEvent[] | null {
  const state = context.database.stream(stream);
  if (state?.tombstoned) throw streamDeleted(stream);
  if (state === undefined) return null;
  const at = options.getStream();
  const from = at?.hasRevision() ? Number(at.getRevision()) : at?.hasEnd() ? 'end' : 'start';
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  return readStream(state, from, backwards, Number(options.getCount()), Date.now());
}

function readLog(context: ServerContext, options: ReadReq.Options): readonly StoredEvent[] {
  const at = options.getAll();
  const from = at?.hasPosition()
    ? Number(at.getPosition()?.getCommitPosition())
    : at?.hasEnd()
      ? 'end'
      : 'start';
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  const words = options.getFilter();
  const filter = words === undefined ? null : filterOf(filterWords(words));
  return allSlice(context.database.log, from, backwards, Number(options.getCount()), filter);
}

function notFound(stream: string): ReadResp {
  const response = new streams.ReadResp();
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifier(stream));
  response.setStreamNotFound(missing);
  return response;
}
