import { randomUUID } from 'node:crypto';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { type AppendAnswer, type AppendChannel, carryOutAppend, refusedForSize } from './append-call.ts';
import { asServiceError } from './as-service-error.ts';
import { batchAnswer } from './batch-answer.ts';
import type { ServerContext } from './context.ts';
import type { Expected } from './decide-append.ts';
import { proposedEvent } from './proposed-event.ts';
import { streams } from './protocol.ts';
import type { ProposedEvent } from './stored-event.ts';

export type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp | Uint8Array>;

interface PendingAppend {
  readonly stream: string;
  readonly options: BatchAppendReq.Options;
  readonly events: ProposedEvent[];
}

function expectedOf(options: BatchAppendReq.Options): Expected {
  const cases = streams.BatchAppendReq.Options.ExpectedStreamPositionCase;
  switch (options.getExpectedStreamPositionCase()) {
    case cases.STREAM_POSITION:
      return Number(options.getStreamPosition());
    case cases.NO_STREAM:
      return -1;
    case cases.STREAM_EXISTS:
      return 'stream exists';
    default:
      return 'any';
  }
}

/** Any number of appends over one call, each under an id of its own and in as many pieces as the client likes. */
export function batchAppend(context: ServerContext): (call: BatchCall) => void {
  return (call) => {
    const pending = new Map<string, PendingAppend>();
    try {
      context.authorize(call.metadata, 'write');
    } catch (error) {
      // A wrong password fails the whole call; a missing right is answered to each append.
      const failure = asServiceError(error);
      if (failure.code === status.UNAUTHENTICATED) {
        call.emit('error', failure);
        return;
      }
    }
    call.on('end', () => call.end());
    call.on('error', () => pending.clear());
    call.on('data', (request: BatchAppendReq) => receive(context, call, pending, request));
  };
}

function receive(
  context: ServerContext,
  call: BatchCall,
  pending: Map<string, PendingAppend>,
  request: BatchAppendReq,
): void {
  const correlation = request.getCorrelationId()?.getString() ?? '';
  const options = request.getOptions();
  if (options !== undefined) {
    const stream = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
    pending.set(correlation, { stream, options, events: [] });
  }
  const append = pending.get(correlation);
  if (append === undefined) return;
  const send = (id: string, answer: AppendAnswer): void => {
    if (!call.cancelled && !call.writableEnded)
      call.write(batchAnswer(id, append.stream, append.options, answer));
  };
  const order = { stream: append.stream, expected: expectedOf(append.options), events: append.events };
  const refuse = (answer: AppendAnswer): void => {
    pending.delete(correlation);
    send(correlation, answer);
  };
  try {
    context.authorize(call.metadata, 'write');
  } catch {
    refuse({ kind: 'denied' });
    return;
  }
  try {
    for (const message of request.getProposedMessagesList()) append.events.push(proposedEvent(message));
  } catch (error) {
    refuse({ kind: 'bad request', message: error instanceof Error ? error.message : String(error) });
    return;
  }
  const refused = refusedForSize(order, context);
  if (refused !== null) {
    refuse(refused);
    return;
  }
  if (!request.getIsFinal()) return;
  pending.delete(correlation);
  const channel: AppendChannel = {
    operation: 'batch append',
    peer: call.getPeer(),
    answer: (answer) => send(correlation, answer),
    answerStranger: (answer) => send(randomUUID(), answer),
    fail: (error) => call.emit('error', error),
    end: () => call.end(),
    pause: (ms) => {
      call.pause();
      setTimeout(() => call.resume(), ms);
    },
    garble: () => {
      // Written to behind its end, the call would fail inside and tell its caller nothing, ever.
      if (!call.writableEnded) call.write(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff));
    },
    deafen: () => void call.removeAllListeners('data').resume(),
  };
  carryOutAppend(context, order, channel);
}
