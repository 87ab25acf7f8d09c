/** The address of the ledger with a prefix, at the database that a client's address names. */
export function withPrefix(url: string, prefix: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}prefix=${prefix}`;
}
