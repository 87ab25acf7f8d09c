import { readFileSync } from 'node:fs';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import { hidePassword } from '../hide-password.ts';
import { addressParameters, type ParameterName } from './address-parameters.ts';
import type { ConnectionSettings, HostAndPort } from './connection-settings.ts';

/** An address taken apart: what the client needs, and what the ledger on the database is called and may send. */
export interface EventstoreAddress {
  readonly settings: ConnectionSettings;
  /** Streams of the ledger begin with it. */
  readonly prefix: string;
  /** What the server takes in one append, as the server counts it. */
  readonly appendBytesMax: number;
  /** Time limit of one call. */
  readonly callTimeoutMs: number;
}

const schemes: Readonly<Record<string, { readonly discover: boolean }>> = {
  esdb: { discover: false },
  'esdb+discover': { discover: true },
  kurrentdb: { discover: false },
  'kurrentdb+discover': { discover: true },
};

const usualPort = 2113;
const form = 'esdb://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…][?prefix=NAME&tls=false]';

/**
 * Reads `esdb://…`, `esdb+discover://…`, and the same with `kurrentdb`. Files that it names (certificates) are read here.
 *
 * @throws PawlError `LEDGER_URL`, which says what part is wrong; a password is in no message
 */
export function parseEventstoreAddress(address: string): EventstoreAddress {
  const shown = hidePassword(address);
  const wrong = (what: string, cause?: unknown): PawlError =>
    new PawlError('LEDGER_URL', `"${shown}" is not a ledger address: ${what} The form is ${form}.`, {
      context: { address: shown },
      cause,
    });
  // The last @ ends the credentials, so that one that was not encoded in a password does no harm.
  const parts = /^([a-z][a-z+]*):\/\/(?:(.*)@)?([^@/?]*)\/?(?:\?([^@]*))?$/.exec(address.trim());
  const [, scheme = '', userInfo, hostList = '', query = ''] = parts ?? [];
  const kind = schemes[scheme];
  if (parts === null || kind === undefined) throw wrong('what follows the scheme cannot be read.');
  const hosts = hostList.split(',').map((text) => parseHost(text, wrong));
  if (kind.discover && hosts.length > 1) {
    throw wrong(
      `${scheme} takes one host, whose name stands for all nodes; leave out "+discover" to name several.`,
    );
  }
  const read = parameterReader(query, wrong);
  const tls = read.tls ?? true;
  const { tlsCaFile, userCertFile, userKeyFile } = read;
  if ((userCertFile === undefined) !== (userKeyFile === undefined)) {
    throw wrong('userCertFile and userKeyFile come together.');
  }
  const file = (name: string, path: string | undefined): Uint8Array | null => {
    if (path === undefined) return null;
    if (!tls) throw wrong(`${name} means nothing with tls=false.`);
    try {
      return readFileSync(path);
    } catch (cause) {
      throw wrong(`the file of ${name} cannot be read (${messageOf(cause)}).`, cause);
    }
  };
  const certificate = file('userCertFile', userCertFile);
  const key = file('userKeyFile', userKeyFile);
  const credentials = parseCredentials(userInfo, wrong);
  const settings: ConnectionSettings = {
    shown,
    hosts: hosts as [HostAndPort, ...HostAndPort[]],
    discovery: kind.discover ? 'dns' : hosts.length > 1 ? 'seeds' : 'single',
    credentials,
    tls,
    authority: file('tlsCAFile', tlsCaFile),
    identity: certificate === null || key === null ? null : { certificate, key },
    nodePreference: read.nodePreference ?? 'leader',
    discoverAttemptsMax: read.maxDiscoverAttempts ?? 3,
    discoveryIntervalMs: read.discoveryInterval ?? 100,
    gossipTimeoutMs: (read.gossipTimeout ?? 2) * 1000,
    keepAliveIntervalMs: read.keepAliveInterval ?? 10_000,
    keepAliveTimeoutMs: read.keepAliveTimeout ?? 10_000,
    connectionName: read.connectionName ?? null,
  };
  return {
    settings,
    prefix: read.prefix ?? 'pawl',
    appendBytesMax: read.appendBytesMax ?? 1024 * 1024,
    callTimeoutMs: read.defaultDeadline ?? 10_000,
  };
}

type Wrong = (what: string, cause?: unknown) => PawlError;

function parseHost(text: string, wrong: Wrong): HostAndPort {
  const [, bracketed, plain, portText] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed === undefined ? plain : `[${bracketed}]`;
  if (host === undefined) {
    throw wrong(text === '' ? 'a host is missing.' : `"${text}" is not HOST or HOST:PORT.`);
  }
  const port = Number(portText ?? usualPort);
  if (port < 1 || port > 65_535) throw wrong(`${port} is not a port.`);
  return { host, port };
}

function parseCredentials(userInfo: string | undefined, wrong: Wrong): ConnectionSettings['credentials'] {
  if (userInfo === undefined) return null;
  const colon = userInfo.indexOf(':');
  if (colon < 1) throw wrong('credentials are USER:PASSWORD, each percent-encoded.');
  try {
    return {
      username: decodeURIComponent(userInfo.slice(0, colon)),
      password: decodeURIComponent(userInfo.slice(colon + 1)),
    };
  } catch {
    throw wrong('the user or the password is not percent-encoded well; write % as %25.');
  }
}

type Parameters = {
  readonly [Name in ParameterName]?: Exclude<ReturnType<(typeof addressParameters)[Name]>, string[]>;
};

function parameterReader(query: string, wrong: Wrong): Parameters {
  const byFlatName = new Map(
    Object.keys(addressParameters).map((name) => [flat(name), name as ParameterName]),
  );
  const found: Partial<Record<ParameterName, unknown>> = {};
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=');
    const given = pair.slice(0, Math.max(0, equals));
    if (given === '') throw wrong(`"${pair}" is not NAME=VALUE.`);
    const name = byFlatName.get(flat(given));
    if (name === undefined) {
      throw wrong(
        `there is no parameter "${given}"; there are ${Object.keys(addressParameters).join(', ')}.`,
      );
    }
    if (found[name] !== undefined) throw wrong(`${name} is given twice.`);
    const value = addressParameters[name](pair.slice(equals + 1));
    if (Array.isArray(value)) throw wrong(`${name} ${value[0]}.`);
    found[name] = value;
  }
  return found as Parameters;
}

/** The client library's users write names in any case and with dashes. */
function flat(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[_-]/g, '');
}
