import { PawlError } from './pawl-error.ts';

/**
 * RFC 8785 (JSON Canonicalization Scheme): no white space, members sorted by UTF-16 code units, numbers and strings as
 * ECMAScript writes them. The text is written directly: sorting into a new object and calling `JSON.stringify` would move
 * integer-like keys to the front.
 *
 * @throws PawlError `NOT_CANONICALIZABLE` for NaN, infinities, lone surrogates, undefined, functions, symbols, BigInt and
 * anything that is neither a plain object nor an array (Date, Map …), naming the path.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
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

function writeString(value: string, path: string): string {
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
  // Array.prototype.sort without a comparator compares UTF-16 code units, exactly what the RFC asks for.
  const keys = Object.keys(members).sort();
  let text = '{';
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    if (index > 0) text += ',';
    text += `${writeString(key, path)}:${write(members[key], key)}`;
  }
  return `${text}}`;
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
