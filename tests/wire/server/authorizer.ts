import { type Metadata, status } from '@grpc/grpc-js';
import type { ServerContext } from './context.ts';
import { accessDenied, rpcError } from './rpc-error.ts';

export interface User {
  readonly password: string;
  readonly mayWrite: boolean;
  /** False: reading and following `$all` is denied, as it is on a real server to whoever is no admin. */
  readonly mayReadAll?: boolean;
}

/**
 * Who may call. Without users everybody may do everything, as with a server that runs insecure. With users a wrong password fails
 * the call, and nobody in particular may do nothing.
 */
export function authorizer(users: Readonly<Record<string, User>> | undefined): ServerContext['authorize'] {
  if (users === undefined) return () => {};
  return (metadata: Metadata, right) => {
    const header = String(metadata.get('authorization')[0] ?? '');
    if (header === '') throw accessDenied();
    const text = Buffer.from(header.replace(/^Basic /, ''), 'base64').toString('utf8');
    const at = text.indexOf(':');
    const user = users[text.slice(0, at)];
    if (user === undefined || user.password !== text.slice(at + 1)) {
      throw rpcError(status.UNAUTHENTICATED, 'Bad credentials');
    }
    if (right === 'write' && !user.mayWrite) throw accessDenied();
    if (right === 'read all' && user.mayReadAll === false) throw accessDenied();
  };
}
