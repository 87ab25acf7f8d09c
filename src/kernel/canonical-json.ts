import { PawlError } from './pawl-error.ts';

/**
 * RFC 8785 (JSON Canonicalization Scheme): no white space, members sorted by UTF-16 code units, numbers and strings as
 * ECMAScript writes them. The text is written directly: sorting into a new object and calling `JSON.stringify` would move
 * integer-like keys to the front.
 *
 * @throws PawlError `NOT_CANONICALIZABLE` for NaN, infinities, lone surrogates, undefined, functions, symbols, BigInt,
 * anything that is neither a plain object nor an array (Date, Map …), and what is cyclic or nested too deeply, naming the key.
 */
export function canonicalJson(value: unknown): string {
  try {
    return write(value, '$');
  } catch (error) {
    if (error instanceof RangeError) throw refuse('$', 'nested too deeply, or in itself');
    throw error;
  }
}

/** UTF-8 bytes of the canonical text; these are the bytes that are hashed and stored. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

function write(value: unknown, path: string): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw refuse(path, String(value));
      return value === 0 ? '0' : String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return writeArray(value, path);
      return writeObject(value, path);
    default:
      throw refuse(path, typeof value);
  }
}

/** Whatever JSON escapes, and all surrogates, paired or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON escapes
const notVerbatim = /["\\\u0000-\u001f\ud800-\udfff]/;

function writeString(value: string, path: string): string {
  if (!notVerbatim.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw refuse(path, 'a lone surrogate');
  return JSON.stringify(value);
}

function writeArray(value: readonly unknown[], path: string): string {
  let text = '[';
  for (let index = 0; index < value.length; index += 1) {
    if (index > 0) text += ',';
    text += write(value[index], path);
  }
  return `${text}]`;
}

function writeObject(value: object, path: string): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refuse(path, prototype?.constructor?.name ?? 'an exotic object');
  }
  const members = value as Record<string, unknown>;
  const keys = sortedKeys(members);
  let text = '{';
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    if (index > 0) text += ',';
    text += `${writeKey(key, path)}${write(members[key], key)}`;
  }
  return `${text}}`;
}

/** In the order of UTF-16 code units, which is how ECMAScript compares strings and what the RFC asks for. */
function sortedKeys(members: Record<string, unknown>): string[] {
  const keys = Object.keys(members);
  if (keys.length > 16) return keys.sort();
  // Few keys, mostly in order already: sorting by insertion takes a third of the time of the general sort.
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index] as string;
    let place = index;
    for (; place > 0 && (keys[place - 1] as string) > key; place -= 1)
      keys[place] = keys[place - 1] as string;
    keys[place] = key;
  }
  return keys;
}

/** Member names come from a small vocabulary; those seen first are kept as they are written. */
const writtenKeys = new Map<string, string>();
const writtenKeysMax = 1024;

function writeKey(key: string, path: string): string {
  const known = writtenKeys.get(key);
  if (known !== undefined) return known;
  const written = `${writeString(key, path)}:`;
  if (writtenKeys.size < writtenKeysMax) writtenKeys.set(key, written);
  return written;
}

function refuse(path: string, what: string): PawlError {
  return new PawlError(
    'NOT_CANONICALIZABLE',
    `The value at "${path}" (${what}) has no canonical JSON form.`,
    {
      context: { at: path, what },
    },
  );
}
