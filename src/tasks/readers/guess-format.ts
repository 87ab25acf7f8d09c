/** The formats of files, as they are named in a suite specification. */
export type FileFormat = 'native' | 'humaneval' | 'humanevalpack' | 'recorded';

/** Which format a line looks like, by members that only that format has; null when it looks like none. */
export function guessFormat(value: unknown): FileFormat | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('hiddenTests' in value) return 'native';
  if ('buggy_solution' in value) return 'humanevalpack';
  if ('given_tests' in value) return 'recorded';
  if ('canonical_solution' in value && 'prompt' in value) return 'humaneval';
  return null;
}
