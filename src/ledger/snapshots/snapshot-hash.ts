import { createHash } from 'node:crypto';
import type { Digest } from '../../kernel/brand.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { digestOf } from '../../kernel/digest.ts';
import type { Foldable } from './foldable.ts';
import type { Piece, Snapshot } from './snapshot-store.ts';
import { canonicalParts } from './state-pieces.ts';

type Named = Pick<Foldable<unknown>, 'name' | 'version'>;

/** What `stateHash` of the projections gives for the same state, without putting its text together. */
export function hashOfPieces({ name, version }: Named, pieces: readonly Piece[]): Digest {
  const hash = createHash('sha256');
  hash.update(`{"projection":${canonicalJson(name)},"state":`);
  for (const part of canonicalParts(pieces)) hash.update(part);
  hash.update(`,"version":${canonicalJson(version)}}`);
  return hash.digest('hex') as Digest;
}

/** Over what the state's own hash does not cover: the tie to the ledger, and which entries a piece says it has. */
export function sealOf(snapshot: Omit<Snapshot, 'seal'>): Digest {
  const { projection, version, size, leaf, root, hash, pieces } = snapshot;
  const cuts = pieces.map(({ member, keys }) => ({ member, keys }));
  return digestOf({ projection, version, size, leaf, root, hash, cuts });
}
