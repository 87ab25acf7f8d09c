/** A value, or a list of one text: what is wrong with it. */
type Read<Value> = (text: string) => Value | string[];

/**
 * The parameters of an address of a log database, and how each value is read. Names and meanings are those of the client
 * library; `prefix` and `appendBytesMax` are ours.
 */
export const addressParameters = {
  prefix: (text) =>
    /^[a-z][a-z0-9_]{0,39}$/.test(text)
      ? text
      : ['is a lower-case letter and up to 39 letters, digits or _ (a dash would end it for the server)'],
  appendBytesMax: integer(64 * 1024, 256 * 1024 * 1024),
  tls: flag,
  tlsVerifyCert: (text) =>
    text === 'true' ? true : ['cannot be turned off; name the authority of the certificate with tlsCAFile'],
  tlsCaFile: decoded,
  userCertFile: decoded,
  userKeyFile: decoded,
  nodePreference: (text) => {
    const flat = text.toLowerCase().replaceAll(/[_-]/g, '');
    const known = {
      leader: 'leader',
      follower: 'follower',
      random: 'random',
      readonlyreplica: 'read_only_replica',
    } as const;
    return known[flat as keyof typeof known] ?? ['is leader, follower, readOnlyReplica or random'];
  },
  maxDiscoverAttempts: integer(1, 1000),
  /** Milliseconds. */
  discoveryInterval: integer(1, 60_000),
  /** Seconds. */
  gossipTimeout: integer(1, 60),
  /** Milliseconds, -1 for none. The library warns on the console of anything shorter than this. */
  keepAliveInterval: (text) => (text === '-1' ? -1 : integer(10_000, 86_400_000)(text)),
  keepAliveTimeout: (text) => (text === '-1' ? -1 : integer(1, 86_400_000)(text)),
  /** Milliseconds; the time limit of each call. */
  defaultDeadline: integer(100, 600_000),
  connectionName: decoded,
  throwOnAppendFailure: (text) =>
    text === 'true' ? true : ['cannot be turned off; the library then reports wrong revisions'],
} as const satisfies Readonly<Record<string, Read<unknown>>>;

export type ParameterName = keyof typeof addressParameters;

function integer(min: number, max: number): Read<number> {
  return (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : [`is a whole number from ${min} to ${max}`];
  };
}

function flag(text: string): boolean | string[] {
  return text === 'true' || text === 'false' ? text === 'true' : ['is true or false'];
}

function decoded(text: string): string | string[] {
  try {
    return text === '' ? ['is empty'] : decodeURIComponent(text);
  } catch {
    return ['is not percent-encoded well; write % as %25'];
  }
}
