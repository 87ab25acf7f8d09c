import { Server } from '@grpc/grpc-js';
import { batchAppend } from './batch-append.ts';
import { classicAppend } from './classic-append.ts';
import type { ServerContext } from './context.ts';
import { deleteCall, tombstoneCall } from './delete-calls.ts';
import { type Features, featuresCall } from './features-call.ts';
import { gossipCall } from './gossip-call.ts';
import { groupCalls } from './groups/group-calls.ts';
import { groupRead } from './groups/group-read.ts';
import {
  GossipService,
  PersistentSubscriptionsService,
  ServerFeaturesService,
  StreamsService,
} from './protocol.ts';
import { withRawFrames } from './raw-frames.ts';
import { readCall } from './read-call.ts';

/** All services of one node. */
export function services(context: ServerContext, features: Features): Server {
  const server = new Server({
    // The limits of the server itself are what refuses; gRPC's own would answer something else.
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  server.addService(withRawFrames(StreamsService), {
    append: classicAppend(context),
    batchAppend: batchAppend(context),
    read: readCall(context),
    delete: deleteCall(context),
    tombstone: tombstoneCall(context),
  });
  server.addService(withRawFrames(PersistentSubscriptionsService), {
    ...groupCalls(context),
    read: groupRead(context),
  });
  server.addService(GossipService, { read: gossipCall(context) });
  server.addService(ServerFeaturesService, { getSupportedMethods: featuresCall(context, features) });
  return server;
}
