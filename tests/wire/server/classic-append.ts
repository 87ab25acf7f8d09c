import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerReadableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import { type AppendAnswer, type AppendChannel, carryOutAppend, refusedForSize } from './append-call.ts';
import { asServiceError } from './as-service-error.ts';
import type { ServerContext } from './context.ts';
import type { Expected } from './decide-append.ts';
import { proposedEvent } from './proposed-event.ts';
import { streams } from './protocol.ts';
import { accessDenied, appendTooLarge, eventTooLarge, rpcError, streamDeleted } from './rpc-error.ts';
import type { ProposedEvent } from './stored-event.ts';
import { wireEmpty } from './wire-empty.ts';

export type ClassicCall = ServerReadableStream<AppendReq, AppendResp>;
export type ClassicReply = sendUnaryData<AppendResp | Uint8Array>;

interface Options {
  getRevision(): string;
  hasRevision(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

/** The revision that a classic append, a delete or a tombstone expects. */
export function expectedRevision(options: Options): Expected {
  if (options.hasRevision()) return Number(options.getRevision());
  if (options.hasNoStream()) return -1;
  return options.hasStreamExists() ? 'stream exists' : 'any';
}

/** One append per call: the options, then its events one by one. */
export function classicAppend(context: ServerContext): (call: ClassicCall, reply: ClassicReply) => void {
  return (call, reply) => {
    let options: AppendReq.Options | undefined;
    let failed = false;
    const events: ProposedEvent[] = [];
    const fail = (error: unknown): void => {
      if (failed) return;
      failed = true;
      reply(asServiceError(error));
    };
    call.on('data', (request: AppendReq) => {
      if (failed) return;
      try {
        const message = request.getProposedMessage();
        if (message === undefined) {
          options = request.getOptions();
          context.authorize(call.metadata, 'write');
        } else events.push(proposedEvent(message));
      } catch (error) {
        fail(error);
      }
    });
    call.on('end', () => {
      // A call that was given up, or whose connection broke, ends after only some of its events, and says so a moment later.
      setImmediate(() => {
        if (!call.cancelled) complete();
      });
    });
    const complete = (): void => {
      if (failed || options === undefined) return;
      const stream = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
      const order = { stream, expected: expectedRevision(options), events };
      const channel = channelOf(call, reply, order.stream, options);
      const refused = refusedForSize(order, context);
      if (refused !== null) channel.answer(refused);
      else carryOutAppend(context, order, channel);
    };
  };
}

function channelOf(
  call: ClassicCall,
  reply: ClassicReply,
  stream: string,
  options: AppendReq.Options,
): AppendChannel {
  return {
    operation: 'classic append',
    peer: call.getPeer(),
    answer: (answer) => {
      try {
        reply(null, classicAnswer(stream, options, answer));
      } catch (error) {
        reply(asServiceError(error));
      }
    },
    answerStranger: () => {},
    fail: (error) => reply(error),
    end: () => {},
    pause: () => {},
    deafen: () => {},
    garble: () => reply(null, Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff)),
  };
}

/** @throws ServiceError for what this way of appending reports as a failed call */
function classicAnswer(stream: string, options: AppendReq.Options, answer: AppendAnswer): AppendResp {
  const response = new streams.AppendResp();
  switch (answer.kind) {
    case 'stored':
    case 'repeated': {
      const success = new streams.AppendResp.Success();
      success.setCurrentRevision(String(answer.last));
      if (answer.position < 0) success.setNoPosition(wireEmpty());
      else {
        const position = new streams.AppendResp.Position();
        position.setCommitPosition(String(answer.position));
        position.setPreparePosition(String(answer.position));
        success.setPosition(position);
      }
      response.setSuccess(success);
      return response;
    }
    case 'wrong revision': {
      const wrong = new streams.AppendResp.WrongExpectedVersion();
      if (answer.current < 0) wrong.setCurrentNoStream(wireEmpty());
      else wrong.setCurrentRevision(String(answer.current));
      if (options.hasRevision()) wrong.setExpectedRevision(options.getRevision());
      else if (options.hasAny()) wrong.setExpectedAny(wireEmpty());
      else if (options.hasStreamExists()) wrong.setExpectedStreamExists(wireEmpty());
      else wrong.setExpectedNoStream(wireEmpty());
      response.setWrongExpectedVersion(wrong);
      return response;
    }
    case 'deleted':
      throw streamDeleted(stream);
    case 'too large':
      throw appendTooLarge(answer.bytesMax);
    case 'event too large':
      throw eventTooLarge(answer.id, answer.bytes, answer.bytesMax);
    case 'denied':
      throw accessDenied();
    case 'timeout':
      throw rpcError(status.ABORTED, 'Operation timed out: Prepare phase timeout.');
    case 'unknown':
      throw rpcError(status.UNKNOWN, 'Unexpected OperationResult');
    case 'bad request':
      throw rpcError(status.UNKNOWN, answer.message);
  }
}
