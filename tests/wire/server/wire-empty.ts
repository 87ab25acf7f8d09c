import { shared } from './protocol.ts';

/** `event_store.client.Empty`, which is not the `Empty` of protobuf itself; the services use both. */
export function wireEmpty(): InstanceType<typeof shared.Empty> {
  return new shared.Empty();
}
