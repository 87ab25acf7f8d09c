import { type ServiceError, status } from '@grpc/grpc-js';
import { rpcError } from './rpc-error.ts';

/** What a handler threw, as the status its call ends with. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof Error && 'code' in error && 'details' in error) return error as ServiceError;
  return rpcError(
    status.UNKNOWN,
    `Exception was thrown by handler. ${error instanceof Error ? error.message : error}`,
  );
}
