import type { ConnectionSettings } from '../connection-settings.ts';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

type Arguments = readonly [
  settings: Readonly<Record<string, unknown>> &
    ({ endpoint: Endpoint } | { endpoints: readonly Endpoint[] } | { discover: Endpoint }),
  security: {
    readonly insecure: boolean;
    readonly rootCertificate?: Buffer;
    readonly userCertFile?: Buffer;
    readonly userKeyFile?: Buffer;
  },
  credentials: { username: string; password: string } | undefined,
];

/**
 * Arguments for the library's constructor. Its own connection strings are not used: they are written to its debug output with
 * the password, unknown options are warned of on the console, and a colon ends the password.
 */
export function clientOptions(settings: ConnectionSettings): Arguments {
  const endpoints = settings.hosts.map(({ host, port }) => ({ address: host, port }));
  const [first] = endpoints as [Endpoint];
  const where = {
    single: { endpoint: first },
    seeds: { endpoints },
    dns: { discover: first },
  }[settings.discovery];
  const { authority, identity, credentials, connectionName } = settings;
  return [
    {
      ...where,
      nodePreference: settings.nodePreference,
      maxDiscoverAttempts: settings.discoverAttemptsMax,
      discoveryInterval: settings.discoveryIntervalMs,
      // The library counts whole seconds.
      gossipTimeout: Math.max(1, Math.ceil(settings.gossipTimeoutMs / 1000)),
      keepAliveInterval: settings.keepAliveIntervalMs,
      keepAliveTimeout: settings.keepAliveTimeoutMs,
      // Without throwing it tells a wrong revision.
      throwOnAppendFailure: true,
      ...(connectionName === null ? {} : { connectionName }),
    },
    {
      insecure: !settings.tls,
      ...(authority === null ? {} : { rootCertificate: Buffer.from(authority) }),
      ...(identity === null
        ? {}
        : { userCertFile: Buffer.from(identity.certificate), userKeyFile: Buffer.from(identity.key) }),
    },
    credentials === null ? undefined : { ...credentials },
  ];
}
