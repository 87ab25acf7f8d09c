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
import { type ReadCall, readCall } from './read-call.ts';

/** All services of one node. */
export function services(context: ServerContext, features: Features): Server {
  const open = context.openCalls;
  const server = new Server({
    // The limits of the server itself are what refuses; gRPC's own would answer something else.
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  server.addService(withRawFrames(StreamsService), {
    append: open.counted(() => 'classic append', classicAppend(context)),
    batchAppend: open.counted(() => 'batch append', batchAppend(context)),
    read: open.counted(kindOfRead, readCall(context)),
    delete: open.counted(() => 'delete', deleteCall(context)),
    tombstone: open.counted(() => 'delete', tombstoneCall(context)),
  });
  server.addService(withRawFrames(PersistentSubscriptionsService), {
    ...groupCalls(context),
    read: open.counted(() => 'group read', groupRead(context)),
  });
  server.addService(GossipService, { read: open.counted(() => 'gossip', gossipCall(context)) });
  const getSupportedMethods = open.counted(() => 'features', featuresCall(context, features));
  server.addService(ServerFeaturesService, { getSupportedMethods });
  return server;
}

function kindOfRead({ request }: ReadCall): string {
  const options = request.getOptions();
  if (options?.hasSubscription()) return 'subscribe';
  return options?.hasAll() ? 'read all' : 'read';
}
