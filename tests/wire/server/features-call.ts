import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { asServiceError } from './as-service-error.ts';
import type { ServerContext } from './context.ts';
import { features, PersistentSubscriptionsService, StreamsService } from './protocol.ts';
import { rpcError } from './rpc-error.ts';

/** What the server says of itself. Without `batchAppend` clients append the classic way. */
export interface Features {
  readonly version: string;
  readonly batchAppend: boolean;
}

export function featuresCall(
  context: ServerContext,
  offered: Features,
): (call: ServerUnaryCall<Empty, SupportedMethods>, reply: sendUnaryData<SupportedMethods>) => void {
  const answer = supportedMethods(offered);
  return (call, reply) => {
    const rule = context.faults.strike('features', '');
    if (rule?.fault === 'mute') return;
    if (rule?.fault === 'drop before commit') return context.cut(call.getPeer());
    if (rule?.fault === 'not ready') {
      return reply(asServiceError(rpcError(status.UNAVAILABLE, 'Server Is Not Ready')));
    }
    if (rule !== null) return reply(asServiceError(rpcError(status.UNKNOWN, 'Unexpected error')));
    reply(null, answer);
  };
}

function supportedMethods(offered: Features): SupportedMethods {
  const answer = new features.SupportedMethods();
  answer.setEventStoreServerVersion(offered.version);
  for (const method of Object.values(StreamsService)) {
    const path: string = method.path;
    if (path.endsWith('/BatchAppend') && !offered.batchAppend) continue;
    const own = path.endsWith('/Read')
      ? ['position', 'events']
      : path.endsWith('/BatchAppend')
        ? ['deadline_duration']
        : [];
    answer.addMethods(methodOf(path, own));
  }
  for (const method of Object.values(PersistentSubscriptionsService)) {
    answer.addMethods(methodOf(method.path, ['stream', 'all']));
  }
  return answer;
}

function methodOf(path: string, own: string[]): InstanceType<typeof features.SupportedMethod> {
  const [, service = '', name = ''] = path.toLowerCase().split('/');
  const method = new features.SupportedMethod();
  method.setServiceName(service);
  method.setMethodName(name);
  method.setFeaturesList(own);
  return method;
}
