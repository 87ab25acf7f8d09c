import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { redirection } from './append-call.ts';
import { asServiceError } from './as-service-error.ts';
import { expectedRevision } from './classic-append.ts';
import type { ServerContext } from './context.ts';
import type { AppendOutcome } from './database.ts';
import { streams } from './protocol.ts';
import { streamDeleted, wrongExpectedVersion } from './rpc-error.ts';

type DeleteCall = ServerUnaryCall<DeleteReq, DeleteResp>;
type TombstoneCall = ServerUnaryCall<TombstoneReq, TombstoneResp>;

/** Soft delete. */
export function deleteCall(
  context: ServerContext,
): (call: DeleteCall, reply: sendUnaryData<DeleteResp>) => void {
  return (call, reply) => {
    remove(context, call, false, (error, position) => {
      if (error !== null) return reply(asServiceError(error));
      const response = new streams.DeleteResp();
      const at = new streams.DeleteResp.Position();
      at.setCommitPosition(String(position));
      at.setPreparePosition(String(position));
      response.setPosition(at);
      reply(null, response);
    });
  };
}

/** For good. */
export function tombstoneCall(
  context: ServerContext,
): (call: TombstoneCall, reply: sendUnaryData<TombstoneResp>) => void {
  return (call, reply) => {
    remove(context, call, true, (error, position) => {
      if (error !== null) return reply(asServiceError(error));
      const response = new streams.TombstoneResp();
      const at = new streams.TombstoneResp.Position();
      at.setCommitPosition(String(position));
      at.setPreparePosition(String(position));
      response.setPosition(at);
      reply(null, response);
    });
  };
}

function remove(
  context: ServerContext,
  call: DeleteCall | TombstoneCall,
  forGood: boolean,
  done: (error: unknown, position: number) => void,
): void {
  try {
    context.authorize(call.metadata, 'write');
    const options = call.request.getOptions();
    if (options === undefined) throw new Error('No options');
    const stream = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
    const rule = context.faults.strike('delete', stream);
    if (rule?.fault === 'mute') return;
    if (rule?.fault === 'drop before commit') {
      context.cut(call.getPeer());
      return;
    }
    if (rule?.fault === 'not leader') throw redirection(rule.leader ?? context.leader);
    if (context.role !== 'leader') throw redirection(context.leader);
    const expected = expectedRevision(options);
    const { database } = context;
    const outcome = forGood ? database.tombstone(stream, expected) : database.delete(stream, expected);
    if (rule?.fault === 'drop after commit') {
      context.cut(call.getPeer());
      return;
    }
    done(null, positionOf(outcome, stream, String(expected)));
  } catch (error) {
    done(error, -1);
  }
}

function positionOf(outcome: AppendOutcome, stream: string, expected: string): number {
  if (outcome.kind === 'deleted') throw streamDeleted(stream);
  if (outcome.kind === 'wrong revision') throw wrongExpectedVersion(stream, expected, outcome.current);
  return outcome.position;
}
