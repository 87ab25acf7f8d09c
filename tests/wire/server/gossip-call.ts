import { randomUUID } from 'node:crypto';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import { type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { asServiceError } from './as-service-error.ts';
import type { Endpoint, NodeRole, ServerContext } from './context.ts';
import { gossip, shared } from './protocol.ts';
import { rpcError } from './rpc-error.ts';

/** A node as the others see it; without a leader none has a role. */
export interface Member {
  readonly endpoint: Endpoint;
  readonly role: NodeRole | 'unknown';
  readonly alive: boolean;
}

/** Who is in the cluster, as every node of it answers. */
export function gossipCall(
  context: ServerContext,
): (call: ServerUnaryCall<Empty, ClusterInfo>, reply: sendUnaryData<ClusterInfo>) => void {
  return (call, reply) => {
    const rule = context.faults.strike('gossip', '');
    if (rule?.fault === 'mute') return;
    if (rule?.fault === 'drop before commit') {
      context.cut(call.getPeer());
      return;
    }
    if (rule?.fault === 'not ready' || rule?.fault === 'unknown error') {
      reply(asServiceError(rpcError(status.UNAVAILABLE, 'Server Is Not Ready')));
      return;
    }
    const info = new gossip.ClusterInfo();
    for (const member of context.members()) {
      info.addMembers(memberInfo(rule?.fault === 'no leader' ? { ...member, role: 'unknown' } : member));
    }
    reply(null, info);
  };
}

function memberInfo(member: Member): InstanceType<typeof gossip.MemberInfo> {
  const states = gossip.MemberInfo.VNodeState;
  const state = {
    leader: states.LEADER,
    follower: states.FOLLOWER,
    'read-only replica': states.READONLYREPLICA,
    unknown: states.UNKNOWN,
  };
  const id = new shared.UUID();
  id.setString(randomUUID());
  const endpoint = new gossip.EndPoint();
  endpoint.setAddress(member.endpoint.host);
  endpoint.setPort(member.endpoint.port);
  const info = new gossip.MemberInfo();
  info.setInstanceId(id);
  info.setTimeStamp(String(BigInt(Date.now()) * 10_000n));
  info.setState(state[member.role]);
  info.setIsAlive(member.alive);
  info.setHttpEndPoint(endpoint);
  return info;
}
