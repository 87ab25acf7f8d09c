/** Calls of the engine's API that faults are aimed at. */
export const routes = {
  create: /^POST \/containers\/create$/,
  exec: /^POST \/containers\/[^/]+\/exec$/,
  attach: /^POST \/containers\/[^/]+\/attach$/,
  start: /^POST \/containers\/[^/]+\/start$/,
  wait: /^POST \/containers\/[^/]+\/wait$/,
  kill: /^POST \/containers\/[^/]+\/kill$/,
  remove: /^DELETE \/containers\/[^/]+$/,
  inspect: /^GET \/containers\/[^/]+\/json$/,
  stats: /^GET \/containers\/[^/]+\/stats$/,
  list: /^GET \/containers\/json$/,
  image: /^GET \/images\/.+\/json$/,
  pull: /^POST \/images\/create$/,
  about: /^GET \/(info|version|_ping)$/,
} as const;
export type Route = keyof typeof routes | 'other';

/** What happens to a call. The first five never get the engine's answer to the client, the others change it. */
export type Mischief =
  /** The connection is closed; the engine does not hear of the call. */
  | { readonly kind: 'hang up' }
  /** Nothing is ever answered; the engine does not hear of the call. */
  | { readonly kind: 'silence' }
  /** The engine does what it was told, and the connection is closed in place of its answer. */
  | { readonly kind: 'lost answer' }
  /** The engine does what it was told, and its answer never comes. */
  | { readonly kind: 'late answer' }
  /** The engine does not hear of it and is said to refuse. `message` as the engine would put it. */
  | { readonly kind: 'refusal'; readonly status: number; readonly message: string }
  /** The connection ends after so many bytes of the answer's body, or of a hijacked stream from the engine. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The body, or the stream, comes in pieces of so many bytes, so many milliseconds apart. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly everyMs: number }
  /** A whole answer with another body or another content type. */
  | { readonly kind: 'rewrite'; readonly body?: (text: string) => string; readonly contentType?: string };

export interface Fault {
  readonly on: Route | 'any';
  /** The first call of the route that it strikes, from 1 on, counted from when the fault was made; 1 where left out. */
  readonly from?: number;
  /** How many calls it strikes; all from there on where left out. */
  readonly times?: number;
  readonly does: Mischief;
}

export function routeOf(method: string, url: string): Route {
  const path = (url.split('?')[0] ?? '').replace(/^\/v\d+\.\d+/, '');
  for (const [route, pattern] of Object.entries(routes))
    if (pattern.test(`${method} ${path}`)) return route as Route;
  return 'other';
}

/** Messages in the words of the engine (version 20.10). */
export const engineSays = {
  noSuchImage: { kind: 'refusal', status: 404, message: 'No such image: pawl-test:latest' },
  pullDenied: {
    kind: 'refusal',
    status: 404,
    message:
      "pull access denied for pawl-test, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  },
  noSpace: {
    kind: 'refusal',
    status: 500,
    message: 'mkdir /var/lib/docker/overlay2/3f0c-init: no space left on device',
  },
  nameTaken: {
    kind: 'refusal',
    status: 409,
    message:
      'Conflict. The container name "/pawl" is already in use by container "4f1c". You have to remove (or rename) that container to be able to reuse that name.',
  },
  markedForRemoval: {
    kind: 'refusal',
    status: 409,
    message: 'container is marked for removal and cannot be started',
  },
  removalInProgress: {
    kind: 'refusal',
    status: 409,
    message: 'removal of container 4f1c is already in progress',
  },
  driverFailed: {
    kind: 'refusal',
    status: 500,
    message:
      'driver "overlay2" failed to remove root filesystem: unlinkat /var/lib/docker: device or resource busy',
  },
  runtimeFailed: {
    kind: 'refusal',
    status: 500,
    message:
      "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: can't get final child's PID from pipe: EOF: unknown",
  },
  stopping: { kind: 'refusal', status: 500, message: 'transport is closing: unavailable' },
  noSuchContainer: { kind: 'refusal', status: 404, message: 'No such container: 4f1c' },
} as const satisfies Record<string, Mischief>;
