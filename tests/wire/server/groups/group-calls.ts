import type * as pb from '@eventstore/db-client/generated/persistent_pb.js';
import { type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { redirection } from '../append-call.ts';
import { asServiceError } from '../as-service-error.ts';
import type { ServerContext } from '../context.ts';
import { groups, shared } from '../protocol.ts';
import { rpcError } from '../rpc-error.ts';
import { groupExists, groupMissing } from './group-errors.ts';
import { groupInfo } from './group-info.ts';
import { groupConfig, nameOf, sourceOf } from './request-words.ts';

type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  reply: sendUnaryData<Response>,
) => void;

/** A call about groups that answers what `act` returns, with the faults that are due for it. */
function unary<Request, Response>(
  context: ServerContext,
  sourceOfRequest: (request: Request) => string,
  act: (request: Request) => Response,
): Handler<Request, Response> {
  return (call, reply) => {
    try {
      context.authorize(call.metadata, 'write');
      const rule = context.faults.strike('group', sourceOfRequest(call.request));
      if (rule?.fault === 'mute') return;
      if (rule?.fault === 'drop before commit') {
        context.cut(call.getPeer());
        return;
      }
      if (rule?.fault === 'not ready') throw rpcError(status.UNAVAILABLE, 'Server Is Not Ready');
      if (rule?.fault === 'unknown error') throw rpcError(status.UNKNOWN, 'Unexpected error');
      if (rule?.fault === 'not leader') throw redirection(rule.leader ?? context.leader);
      // Groups live on the leader alone.
      if (context.role !== 'leader') throw redirection(context.leader);
      const response = act(call.request);
      if (rule?.fault === 'drop after commit') context.cut(call.getPeer());
      else reply(null, response);
    } catch (error) {
      reply(asServiceError(error));
    }
  };
}

/** All calls about persistent subscriptions but the one that reads. */
export function groupCalls(context: ServerContext) {
  const createOptions = (request: pb.CreateReq | pb.UpdateReq) => groupConfig(required(request.getOptions()));
  return {
    create: unary<pb.CreateReq, pb.CreateResp>(
      context,
      (request) => createOptions(request).source,
      (request) => {
        const config = createOptions(request);
        if (!context.groups.create(config)) throw groupExists(config.source, config.name);
        return new groups.CreateResp();
      },
    ),
    update: unary<pb.UpdateReq, pb.UpdateResp>(
      context,
      (request) => createOptions(request).source,
      (request) => {
        const { source, name, settings } = createOptions(request);
        if (!context.groups.update(source, name, settings)) throw groupMissing(source, name);
        return new groups.UpdateResp();
      },
    ),
    delete: unary<pb.DeleteReq, pb.DeleteResp>(
      context,
      (request) => sourceOf(required(request.getOptions())),
      (request) => {
        const options = required(request.getOptions());
        const [source, name] = [sourceOf(options), options.getGroupName()];
        if (!context.groups.delete(source, name)) throw groupMissing(source, name);
        return new groups.DeleteResp();
      },
    ),
    getInfo: unary<pb.GetInfoReq, pb.GetInfoResp>(
      context,
      (request) => sourceOf(required(request.getOptions())),
      (request) => {
        const options = required(request.getOptions());
        const group = context.groups.get(sourceOf(options), options.getGroupName());
        if (group === undefined) throw groupMissing(sourceOf(options), options.getGroupName());
        const response = new groups.GetInfoResp();
        response.setSubscriptionInfo(groupInfo(group));
        return response;
      },
    ),
    replayParked: unary<pb.ReplayParkedReq, pb.ReplayParkedResp>(
      context,
      (request) => sourceOf(required(request.getOptions())),
      (request) => {
        const options = required(request.getOptions());
        const group = context.groups.get(sourceOf(options), options.getGroupName());
        if (group === undefined) throw groupMissing(sourceOf(options), options.getGroupName());
        group.replayParked(options.hasStopAt() ? Number(options.getStopAt()) : Number.POSITIVE_INFINITY);
        return new groups.ReplayParkedResp();
      },
    ),
    list: unary<pb.ListReq, pb.ListResp>(
      context,
      () => '',
      (request) => {
        const one = request.getOptions()?.getListForStream();
        const source = one === undefined ? null : one.hasAll() ? '$all' : nameOf(one.getStream());
        const found = context.groups.list(source);
        if (source !== null && found.length === 0) throw groupMissing(source, '');
        const response = new groups.ListResp();
        response.setSubscriptionsList(found.map(groupInfo));
        return response;
      },
    ),
    restartSubsystem: unary<unknown, InstanceType<typeof shared.Empty>>(
      context,
      () => '',
      () => {
        context.restartGroups();
        return new shared.Empty();
      },
    ),
  };
}

function required<Options>(options: Options | undefined): Options {
  if (options === undefined) throw rpcError(status.INVALID_ARGUMENT, 'The options are missing.');
  return options;
}
