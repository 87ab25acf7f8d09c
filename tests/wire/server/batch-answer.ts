import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { AppendAnswer } from './append-call.ts';
import { Any, Empty, Status, shared, streams } from './protocol.ts';

/** Codes of `google.rpc.Code`. */
const CODE = {
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  failedPrecondition: 9,
};

/** An answer to one append of a batch stream, with the identifiers the client looks at. */
export function batchAnswer(
  correlation: string,
  stream: string,
  options: BatchAppendReq.Options,
  answer: AppendAnswer,
): BatchAppendResp {
  const response = new streams.BatchAppendResp();
  const id = new shared.UUID();
  id.setString(correlation);
  response.setCorrelationId(id);
  response.setStreamIdentifier(identifier(stream));
  if ('position' in answer) {
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(answer.last));
    if (answer.position < 0) success.setNoPosition(new Empty());
    else {
      const position = new shared.AllStreamPosition();
      position.setCommitPosition(String(answer.position));
      position.setPreparePosition(String(answer.position));
      success.setPosition(position);
    }
    response.setSuccess(success);
  } else {
    response.setError(failure(stream, options, answer));
  }
  return response;
}

export function identifier(stream: string): InstanceType<typeof shared.StreamIdentifier> {
  const message = new shared.StreamIdentifier();
  message.setStreamName(Buffer.from(stream).toString('base64'));
  return message;
}

interface Message {
  serializeBinary(): Uint8Array;
}

type Success = Extract<AppendAnswer, { last: number; position: number }>;
type Failure = Exclude<AppendAnswer, Success>;

function failure(
  stream: string,
  options: BatchAppendReq.Options,
  answer: Failure,
): InstanceType<typeof Status> {
  switch (answer.kind) {
    case 'wrong revision':
      return wrapped(
        CODE.failedPrecondition,
        'WrongExpectedVersion',
        wrongVersion(options, answer.current),
        'Wrong expected version',
      );
    case 'deleted': {
      const detail = new shared.StreamDeleted();
      detail.setStreamIdentifier(identifier(stream));
      return wrapped(CODE.failedPrecondition, 'StreamDeleted', detail, `Stream '${stream}' is deleted`);
    }
    case 'too large': {
      const detail = new shared.MaximumAppendSizeExceeded();
      detail.setMaxappendsize(answer.bytesMax);
      return wrapped(
        CODE.invalidArgument,
        'MaximumAppendSizeExceeded',
        detail,
        `Maximum Append Size of ${answer.bytesMax} Exceeded`,
      );
    }
    case 'event too large':
      // The shipped definitions do not know this detail; what the client then sees is an unknown error with this text.
      return wrapped(
        CODE.invalidArgument,
        'MaximumAppendEventSizeExceeded',
        new shared.Empty(),
        `Event with Id: ${answer.id}, Size: ${answer.bytes}, exceeds Maximum Append Event Size of ${answer.bytesMax}`,
      );
    case 'bad request': {
      const detail = new shared.BadRequest();
      detail.setMessage(answer.message);
      return wrapped(CODE.invalidArgument, 'BadRequest', detail, 'Bad Request');
    }
    case 'denied':
      return wrapped(CODE.permissionDenied, 'AccessDenied', new shared.AccessDenied(), 'Access Denied');
    case 'timeout':
      return wrapped(CODE.deadlineExceeded, 'Timeout', new shared.Timeout(), 'Timeout');
    case 'unknown':
      return wrapped(CODE.unknown, 'Unknown', new shared.Unknown(), 'Unknown');
  }
}

function wrongVersion(options: BatchAppendReq.Options, current: number): Message {
  const detail = new shared.WrongExpectedVersion();
  if (current < 0) detail.setCurrentNoStream(new Empty());
  else detail.setCurrentStreamRevision(String(current));
  if (options.hasStreamPosition()) detail.setExpectedStreamPosition(options.getStreamPosition());
  else if (options.hasAny()) detail.setExpectedAny(new Empty());
  else if (options.hasStreamExists()) detail.setExpectedStreamExists(new Empty());
  else detail.setExpectedNoStream(new Empty());
  return detail;
}

function wrapped(code: number, name: string, detail: Message, text: string): InstanceType<typeof Status> {
  const status = new Status();
  status.setCode(code);
  status.setMessage(text);
  const any = new Any();
  any.pack(detail.serializeBinary(), `event_store.client.${name}`);
  status.setDetails(any);
  return status;
}
