/** An address for people and for messages: as it was given, with `***` for a password. */
export function hidePassword(address: string): string {
  return address.trim().replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)([^:@/]*):(.*)@/s, '$1$2:***@');
}
