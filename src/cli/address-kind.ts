/** What a scheme in front of an address looks like; one letter is a drive. */
const schemePattern = /^[a-z][a-z0-9+.-]+:/i;

/** True where an address says itself what it is, and is no bare path. */
export function hasScheme(address: string): boolean {
  return schemePattern.test(address);
}

/** True for a ledger that is no file of this machine. */
export function isOnServer(address: string): boolean {
  return hasScheme(address) && !/^(sqlite|memory):/.test(address);
}
