import { canonicalJson } from '../../kernel/canonical-json.ts';
import { lazyRecord, type PlainRecord, untouchedPieces } from './lazy-record.ts';
import type { Piece } from './snapshot-store.ts';

/** Entries are gathered to about so many characters: small enough to parse one in passing, large enough to be few. */
const pieceCharactersMin = 48 * 1024;

/**
 * Cuts a state's canonical text into pieces: each member that is an object by its entries, everything else whole. What was put
 * together from pieces and not touched since comes as the same pieces again, without being written anew.
 *
 * @throws PawlError `NOT_CANONICALIZABLE`
 */
export function cutState(state: unknown): Piece[] {
  if (!isRecord(state)) return [whole(null, state)];
  return Object.keys(state)
    .sort()
    .flatMap((member) => {
      const value = state[member];
      return isRecord(value) ? cutRecord(member, value) : [whole(member, value)];
    });
}

/** The state of some pieces. Entries are parsed when somebody first looks at them, a piece at a time. */
export function joinState(pieces: readonly Piece[]): unknown {
  const [first] = pieces;
  if (first?.member === null) return JSON.parse(textOf(first));
  const state: Record<string, unknown> = {};
  for (const [member, ofMember] of Map.groupBy(pieces, (piece) => piece.member as string)) {
    const [only] = ofMember;
    const value = only?.keys === null ? JSON.parse(textOf(only)) : lazyRecord(ofMember);
    Object.defineProperty(state, member, { value, enumerable: true, configurable: true, writable: true });
  }
  return state;
}

/** The canonical text of the whole state in parts, to be hashed or written one after another. */
export function* canonicalParts(pieces: readonly Piece[]): Generator<string | Uint8Array> {
  const [first] = pieces;
  if (first?.member === null) {
    yield first.bytes;
    return;
  }
  let open: string | null = null;
  let entries = false;
  yield '{';
  for (const { member, keys, bytes } of pieces) {
    if (member !== open) {
      if (open !== null) yield entries ? '},' : ',';
      yield `${canonicalJson(member)}:${keys === null ? '' : '{'}`;
    } else if (bytes.length > 0) yield ',';
    yield bytes;
    open = member;
    entries = keys !== null;
  }
  yield entries ? '}}' : '}';
}

function cutRecord(member: string, record: PlainRecord): Piece[] {
  const untouched = untouchedPieces(record);
  const pieces: Piece[] = [];
  let keys: string[] = [];
  let entries: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (keys.length > 0) pieces.push({ member, keys, bytes: Buffer.from(entries.join(','), 'utf8') });
    keys = [];
    entries = [];
    characters = 0;
  };
  const sorted = Object.keys(record).sort();
  for (let index = 0; index < sorted.length; ) {
    const key = sorted[index] as string;
    const known = untouched.get(key);
    // Another key may have come in between the entries of a piece; it is cut anew then.
    if (known?.keys?.every((own, at) => own === sorted[index + at]) === true) {
      flush();
      pieces.push(known);
      index += known.keys.length;
      continue;
    }
    const entry = `${canonicalJson(key)}:${canonicalJson(record[key])}`;
    keys.push(key);
    entries.push(entry);
    characters += entry.length;
    index += 1;
    if (characters >= pieceCharactersMin) flush();
  }
  flush();
  return pieces.length > 0 ? pieces : [{ member, keys: [], bytes: new Uint8Array(0) }];
}

function whole(member: string | null, value: unknown): Piece {
  return { member, keys: null, bytes: Buffer.from(canonicalJson(value), 'utf8') };
}

function isRecord(value: unknown): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf({ bytes }: Piece): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
