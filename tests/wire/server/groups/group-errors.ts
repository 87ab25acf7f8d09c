import { type ServiceError, status } from '@grpc/grpc-js';
import { rpcError } from '../rpc-error.ts';

function trailers(exception: string, source: string, name: string): Record<string, string> {
  return { exception, 'stream-name': source, 'group-name': name };
}

export function groupMissing(source: string, name: string): ServiceError {
  return rpcError(
    status.NOT_FOUND,
    `Subscription group ${name} on stream ${source} does not exist.`,
    trailers('persistent-subscription-does-not-exist', source, name),
  );
}

export function groupExists(source: string, name: string): ServiceError {
  return rpcError(
    status.ALREADY_EXISTS,
    `Subscription group ${name} on stream ${source} exists.`,
    trailers('persistent-subscription-exists', source, name),
  );
}

export function groupDropped(source: string, name: string): ServiceError {
  return rpcError(
    status.CANCELLED,
    `Subscription group ${name} on stream ${source} was dropped.`,
    trailers('persistent-subscription-dropped', source, name),
  );
}

export function groupFull(source: string, name: string): ServiceError {
  return rpcError(
    status.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${name} on stream ${source}.`,
    trailers('maximum-subscribers-reached', source, name),
  );
}
