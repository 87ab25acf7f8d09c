import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { redirection } from '../append-call.ts';
import { asServiceError } from '../as-service-error.ts';
import type { ServerContext } from '../context.ts';
import { groups } from '../protocol.ts';
import { rpcError } from '../rpc-error.ts';
import type { Group } from './group.ts';
import { groupDropped, groupFull, groupMissing } from './group-errors.ts';
import { groupFrame } from './group-frame.ts';
import type { Consumer, GroupMessage } from './group-message.ts';
import { subscriptionId } from './group-settings.ts';
import { sourceOf } from './request-words.ts';

export type GroupReadCall = ServerDuplexStream<ReadReq, ReadResp | Uint8Array>;

/** A consumer's connection to a group: messages one way, answers the other. */
export function groupRead(context: ServerContext): (call: GroupReadCall) => void {
  return (call) => {
    let joined: { readonly group: Group; readonly consumer: Consumer } | null = null;
    const leave = (): void => {
      joined?.group.leave(joined.consumer);
      joined = null;
    };
    call.on('cancelled', leave);
    call.on('close', leave);
    call.on('error', leave);
    call.on('end', () => {
      leave();
      call.end();
    });
    call.on('data', (request: ReadReq) => {
      try {
        if (joined === null) joined = join(context, call, request);
        else answer(context, call, joined.group, request);
      } catch (error) {
        leave();
        call.emit('error', asServiceError(error));
      }
    });
  };
}

function join(
  context: ServerContext,
  call: GroupReadCall,
  request: ReadReq,
): { readonly group: Group; readonly consumer: Consumer } | null {
  const options = request.getOptions();
  if (options === undefined) throw rpcError(status.INVALID_ARGUMENT, 'The options are missing.');
  context.authorize(call.metadata, 'read');
  const [source, name] = [sourceOf(options), options.getGroupName()];
  const rule = context.faults.strike('group', source);
  if (rule?.fault === 'mute') return null;
  if (rule?.fault === 'drop before commit') {
    context.cut(call.getPeer());
    return null;
  }
  if (rule?.fault === 'not leader') throw redirection(rule.leader ?? context.leader);
  if (rule?.fault === 'not ready') throw rpcError(status.UNAVAILABLE, 'Server Is Not Ready');
  if (rule !== null) throw rpcError(status.UNKNOWN, 'Unexpected error');
  if (context.role !== 'leader') throw redirection(context.leader);
  const group = context.groups.get(source, name);
  if (group === undefined) throw groupMissing(source, name);
  const confirmation = new groups.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(subscriptionId(source, name));
  const confirmed = new groups.ReadResp();
  confirmed.setSubscriptionConfirmation(confirmation);
  const consumer: Consumer = {
    connectionName: String(call.metadata.get('connection-name')[0] ?? '<unknown>'),
    peer: call.getPeer(),
    bufferSize: options.getBufferSize(),
    unanswered: new Set(),
    delivered: 0,
    push: (message) => push(context, call, group, message),
    drop: (why) =>
      void call.emit('error', why === 'dropped' ? groupDropped(source, name) : groupMissing(source, name)),
  };
  call.write(confirmed);
  if (!group.join(consumer)) throw groupFull(source, name);
  return { group, consumer };
}

function push(context: ServerContext, call: GroupReadCall, group: Group, message: GroupMessage): void {
  const { source, name } = group.config;
  const rule = context.faults.strike('group message', message.event.stream);
  const frame = groupFrame(message, source === '$all');
  switch (rule?.fault) {
    case 'mute':
      return;
    case 'drop before commit':
      context.cut(call.getPeer());
      return;
    case 'drop after commit':
      call.write(frame);
      context.cut(call.getPeer());
      return;
    case 'subscription dropped':
      call.emit('error', groupDropped(source, name));
      return;
    case 'duplicate reply':
      call.write(frame);
      call.write(frame);
      return;
    case 'slow':
    case 'late reply':
      setTimeout(() => {
        if (!call.cancelled) call.write(frame);
      }, rule?.delayMs ?? 0);
      return;
    default:
      call.write(frame);
  }
}

function answer(context: ServerContext, call: GroupReadCall, group: Group, request: ReadReq): void {
  const rule = context.faults.strike('group answer', group.config.source);
  if (rule?.fault === 'mute') return;
  if (rule?.fault === 'drop before commit') {
    context.cut(call.getPeer());
    return;
  }
  const ack = request.getAck();
  const nack = request.getNack();
  const ids = (ack ?? nack)?.getIdsList().map((id) => id.getString()) ?? [];
  if (ack !== undefined) group.acknowledge(ids);
  if (nack !== undefined) group.refuse(ids, actionOf(nack.getAction()), nack.getReason());
  if (rule?.fault === 'drop after commit') context.cut(call.getPeer());
}

function actionOf(action: ReadReq.Nack.Action): 'retry' | 'park' | 'skip' | 'stop' {
  const actions = groups.ReadReq.Nack.Action;
  if (action === actions.PARK) return 'park';
  if (action === actions.SKIP) return 'skip';
  return action === actions.STOP ? 'stop' : 'retry';
}
