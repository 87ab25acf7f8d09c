import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where keys are, by the XDG Base Directory Specification. */
export function configDirectory(): string {
  return join(baseOf('XDG_CONFIG_HOME', '.config'), 'pawl');
}

/** Where what was seen of ledgers is remembered, by the same specification. */
export function stateDirectory(): string {
  return join(baseOf('XDG_STATE_HOME', '.local/state'), 'pawl');
}

/** Where what follows from a ledger on a server is kept, so that it need not be fetched again, by the same specification. */
export function cacheDirectory(): string {
  return join(baseOf('XDG_CACHE_HOME', '.cache'), 'pawl');
}

/** The specification has relative paths ignored: they would mean another place in every directory. */
function baseOf(variable: string, fallback: string): string {
  const named = process.env[variable];
  return named !== undefined && isAbsolute(named) ? named : join(homedir(), fallback);
}
