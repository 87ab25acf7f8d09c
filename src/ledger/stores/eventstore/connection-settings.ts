export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** How to reach a log database, as an address says it; everything the client library needs and nothing else. */
export interface ConnectionSettings {
  /** For people, without credentials. */
  readonly shown: string;
  readonly hosts: readonly [HostAndPort, ...HostAndPort[]];
  /** `single`: connect to the one host. `seeds`: ask the hosts who leads. `dns`: ask whoever the one name stands for. */
  readonly discovery: 'single' | 'seeds' | 'dns';
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly tls: boolean;
  /** PEM, with TLS: the authority that signed the server's certificate; null for those the system trusts. */
  readonly authority: Uint8Array | null;
  /** PEM, with TLS: the certificate and key this client shows. */
  readonly identity: { readonly certificate: Uint8Array; readonly key: Uint8Array } | null;
  readonly nodePreference: 'leader' | 'follower' | 'read_only_replica' | 'random';
  readonly discoverAttemptsMax: number;
  readonly discoveryIntervalMs: number;
  readonly gossipTimeoutMs: number;
  /** -1: none. */
  readonly keepAliveIntervalMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Shown in the server's list of connections; null for a random one. */
  readonly connectionName: string | null;
}
