import { createRequire } from 'node:module';

/**
 * The service definitions and messages that the client package ships, loaded as the client loads them: the same instance of the
 * protobuf runtime, which keeps one global name space for messages.
 */
const require = createRequire(import.meta.url);
const generated = '@eventstore/db-client/generated';

type StreamsService = typeof import('@eventstore/db-client/generated/streams_grpc_pb.js');
type GroupsService = typeof import('@eventstore/db-client/generated/persistent_grpc_pb.js');
type FeaturesService = typeof import('@eventstore/db-client/generated/serverfeatures_grpc_pb.js');
type GossipService = typeof import('@eventstore/db-client/generated/gossip_grpc_pb.js');

export const { StreamsService } = require(`${generated}/streams_grpc_pb.js`) as StreamsService;
export const { PersistentSubscriptionsService } = require(
  `${generated}/persistent_grpc_pb.js`,
) as GroupsService;
export const { ServerFeaturesService } = require(`${generated}/serverfeatures_grpc_pb.js`) as FeaturesService;
export const { GossipService } = require(`${generated}/gossip_grpc_pb.js`) as GossipService;

export const streams = require(
  `${generated}/streams_pb.js`,
) as typeof import('@eventstore/db-client/generated/streams_pb.js');
export const groups = require(
  `${generated}/persistent_pb.js`,
) as typeof import('@eventstore/db-client/generated/persistent_pb.js');
export const features = require(
  `${generated}/serverfeatures_pb.js`,
) as typeof import('@eventstore/db-client/generated/serverfeatures_pb.js');
export const gossip = require(
  `${generated}/gossip_pb.js`,
) as typeof import('@eventstore/db-client/generated/gossip_pb.js');
export const shared = require(
  `${generated}/shared_pb.js`,
) as typeof import('@eventstore/db-client/generated/shared_pb.js');
export const { Status } = require(
  `${generated}/status_pb.js`,
) as typeof import('@eventstore/db-client/generated/status_pb.js');

type AnyMessage = NonNullable<ReturnType<InstanceType<typeof Status>['getDetails']>>;
type EmptyMessage = NonNullable<
  ReturnType<InstanceType<typeof streams.BatchAppendReq.Options>['getNoStream']>
>;
/** As the client resolves it, so that it is the client's instance wherever that lies. */
const requireOfClient = createRequire(require.resolve('@eventstore/db-client'));
const runtime = 'google-protobuf/google/protobuf';

export const { Any } = requireOfClient(`${runtime}/any_pb.js`) as { readonly Any: new () => AnyMessage };
export const { Empty } = requireOfClient(`${runtime}/empty_pb.js`) as {
  readonly Empty: new () => EmptyMessage;
};
