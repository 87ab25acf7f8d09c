import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, PawlError } from '../../../src/kernel/pawl-error.ts';

/** PEM texts for a connection in which both sides show a certificate. */
export interface EngineCertificates {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Where an engine listens. `text` is how it is written in messages. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly text: string; readonly path: string }
  | {
      readonly kind: 'network';
      readonly text: string;
      readonly hostname: string;
      readonly port: number;
      readonly secure: boolean;
      readonly certificates: EngineCertificates | null;
    };

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Docker and Podman listen when nobody says otherwise; the first that is there is taken. */
export function usualSockets(environment: Environment): readonly string[] {
  const runtime = environment['XDG_RUNTIME_DIR'];
  const home = environment['HOME'];
  return [
    '/var/run/docker.sock',
    ...(runtime ? [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`] : []),
    '/run/podman/podman.sock',
    ...(home ? [`${home}/.docker/run/docker.sock`] : []),
  ];
}

/**
 * The engine that the settings name, else `DOCKER_HOST`, else the first of the usual sockets. `DOCKER_TLS_VERIFY` and
 * `DOCKER_CERT_PATH` mean what they mean to Docker's own command.
 *
 * @param host from the settings
 * @throws PawlError `SANDBOX_SETTINGS` for an address that is not understood or certificates that cannot be read,
 *   `ENGINE_UNREACHABLE` where no address is given and none of the usual sockets is there
 */
export function findEngineAddress(host: string | null, environment: Environment): EngineAddress {
  const text = host ?? (environment['DOCKER_HOST'] || null);
  if (text === null) {
    const sockets = usualSockets(environment);
    const path = sockets.find((socket) => existsSync(socket));
    if (path !== undefined) return { kind: 'socket', text: `unix://${path}`, path };
    throw new PawlError(
      'ENGINE_UNREACHABLE',
      `There is no container engine at ${sockets.join(', ')}. Start Docker or Podman, or say where it listens.`,
    );
  }
  if (text.startsWith('unix://') || text.startsWith('/')) {
    const path = text.startsWith('/') ? text : text.slice('unix://'.length);
    if (!path.startsWith('/')) throw notUnderstood(text, 'a Unix socket needs an absolute path');
    return { kind: 'socket', text: `unix://${path}`, path };
  }
  return networkAddress(text, environment);
}

function networkAddress(text: string, environment: Environment): EngineAddress {
  const url = URL.parse(text.includes('://') ? text : `tcp://${text}`);
  if (url === null) throw notUnderstood(text, 'it is no URL');
  const scheme = url.protocol.slice(0, -1);
  if (!['tcp', 'http', 'https'].includes(scheme)) {
    throw notUnderstood(text, 'it must begin with unix://, tcp://, http:// or https://');
  }
  if (url.hostname === '') throw notUnderstood(text, 'it names no machine');
  if (!['', '/'].includes(url.pathname)) throw notUnderstood(text, 'it must have no path');
  const verify = !['', '0', undefined].includes(environment['DOCKER_TLS_VERIFY']);
  const secure = scheme === 'https' || (scheme === 'tcp' && (verify || url.port === '2376'));
  const port = url.port !== '' ? Number(url.port) : { tcp: 0, http: 80, https: 443 }[scheme];
  const directory = environment['DOCKER_CERT_PATH'];
  return {
    kind: 'network',
    // Never the whole text: a URL can hold a password.
    text: `${scheme}://${url.host}`,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port || (secure ? 2376 : 2375),
    secure,
    certificates: secure && directory ? readCertificates(directory) : null,
  };
}

function readCertificates(directory: string): EngineCertificates {
  try {
    const read = (name: string): Buffer => readFileSync(join(directory, name));
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } catch (error) {
    throw new PawlError(
      'SANDBOX_SETTINGS',
      `The certificates for the engine in DOCKER_CERT_PATH cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function notUnderstood(text: string, reason: string): PawlError {
  const shown = text.replace(/\/\/[^/@]*@/, '//…@');
  return new PawlError('SANDBOX_SETTINGS', `The address of the engine, ${shown}, is not usable: ${reason}.`);
}
