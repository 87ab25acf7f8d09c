const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID of version 5 form from the first 16 bytes of a hash. The server compares nothing but ids when an append is repeated, so
 * that an id which follows from the content is what makes a repetition safe.
 *
 * @param hash 16 bytes or more
 */
export function eventUuid(hash: Uint8Array): string {
  const at = (index: number): string => hex[hash[index] as number] as string;
  const version = hex[((hash[6] as number) & 0x0f) | 0x50] as string;
  const variant = hex[((hash[8] as number) & 0x3f) | 0x80] as string;
  return (
    `${at(0)}${at(1)}${at(2)}${at(3)}-${at(4)}${at(5)}-${version}${at(7)}-` +
    `${variant}${at(9)}-${at(10)}${at(11)}${at(12)}${at(13)}${at(14)}${at(15)}`
  );
}
