import type { AnyRecordedEvent } from '../../../src/events/record.ts';
import type { Bundle, BundleBlob } from '../../../src/exchange/bundle/bundle.ts';
import type { BundleHeader } from '../../../src/exchange/bundle/bundle-format.ts';
import type { Digest, StreamName } from '../../../src/kernel/brand.ts';
import { canonicalBytes } from '../../../src/kernel/canonical-json.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import type { Random } from '../../../src/kernel/random.ts';
import { signCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import { type SigningKeyPair, signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import { rootFromSubset } from '../../../src/ledger/audit/subset-proof.ts';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import type { StoredRecord } from '../../../src/ledger/event-store.ts';
import { toyKey, toyOrigin } from '../../ledger/audit/toy-log.ts';
import { runHeader } from './sealed-run.ts';

/**
 * What somebody can change who knows the format and this program, and has everything but the owner's key: the file is written
 * anew around the change, with every count, digest and the page to fit.
 */
export type BundleForgery = (bundle: Bundle, random: Random) => Bundle | null;

/** Somebody else, under the same name. */
const forgersKey: SigningKeyPair = signingKeyFromSeed(toyOrigin, new Uint8Array(32).fill(99));

export const bundleForgeries: Readonly<Record<string, BundleForgery>> = {
  'a record left out': (bundle, random) => {
    const gone = picked(bundle.records.filter(isOfRun), random);
    return withRecords(
      bundle,
      bundle.records.filter((record) => record !== gone),
    );
  },
  'a record left out, and its place in the stream closed': (bundle, random) => {
    const gone = picked(bundle.records.filter(isOfRun), random);
    const kept = bundle.records.filter((record) => record !== gone);
    return withRecords(
      bundle,
      kept.map((record) => {
        const isBehind = record.stream === gone.stream && record.revision > gone.revision;
        return isBehind
          ? rewritten(record, (event) => ({ ...event, revision: record.revision - 1 }))
          : record;
      }),
    );
  },
  'the end of a stream cut off': (bundle, random) => {
    const { stream } = picked(bundle.records.filter(isOfRun), random);
    const last = bundle.records.findLast((record) => record.stream === stream);
    return withRecords(
      bundle,
      bundle.records.filter((record) => record !== last),
    );
  },
  'a whole episode left out': (bundle, random) => {
    const { stream } = picked(
      bundle.records.filter(({ stream: name }) => name.startsWith('episode-')),
      random,
    );
    return withRecords(
      bundle,
      bundle.records.filter((record) => record.stream !== stream),
    );
  },
  'two records swapped': (bundle, random) => {
    const left = picked(bundle.records, random);
    const right = picked(bundle.records, random);
    if (left === right) return null;
    const place = (record: StoredRecord): number =>
      record === left ? right.position : record === right ? left.position : record.position;
    return withRecords(
      bundle,
      bundle.records.map((record) => ({ ...record, position: place(record) })),
    );
  },
  'a record moved to another position': (bundle, random) => {
    const moved = picked(bundle.records, random);
    const position = freePosition(bundle, random);
    return withRecords(
      bundle,
      bundle.records.map((record) => (record === moved ? { ...record, position } : record)),
    );
  },
  'a record repeated further on': (bundle, random) => {
    const twice = picked(bundle.records, random);
    const position = freePosition(bundle, random);
    return withRecords(bundle, [...bundle.records, { ...twice, position }]);
  },
  'another time': (bundle, random) => edited(bundle, random, (event) => ({ ...event, at: event.at + 1 })),
  'another actor': (bundle, random) => edited(bundle, random, (event) => ({ ...event, actor: 'nobody' })),
  'another verdict': (bundle, random) => {
    const ends = bundle.records.filter((record) => typeOf(record) === 'EpisodeFinished');
    return editedOne(bundle, picked(ends, random), (event) => ({
      ...event,
      data: { ...event.data, hiddenPass: !(event.data as { hiddenPass: boolean }).hiddenPass },
    }));
  },
  'another total': (bundle, random) => {
    const ends = bundle.records.filter((record) => typeOf(record) === 'RunFinished');
    return editedOne(bundle, picked(ends, random), (event) => ({
      ...event,
      data: { ...event.data, hiddenPass: (event.data as { hiddenPass: number }).hiddenPass + 1 },
    }));
  },
  'a text replaced, and every record that refers to it': (bundle, random) => {
    const stored = [...bundle.blobs].filter(([, { standing }]) => standing === 'stored');
    const [digest] = picked(stored, random);
    // Of the same length, so that the records that refer to it need no other change.
    const content = Buffer.alloc((bundle.blobs.get(digest) as BundleBlob).bytes, 'x');
    const other = sha256Hex(content);
    const referring = bundle.records.map((record) =>
      rewrittenText(record, (text) => text.replaceAll(digest, other)),
    );
    const blobs = new Map(bundle.blobs);
    blobs.delete(digest);
    blobs.set(other, { bytes: content.length, standing: 'stored' });
    const load = async (wanted: Digest) => (wanted === other ? content : bundle.load(wanted));
    return withBlobs({ ...withRecords(bundle, referring), load }, blobs);
  },
  'a text left out': (bundle, random) => {
    const blobs = new Map(bundle.blobs);
    blobs.delete(picked([...blobs.keys()], random));
    return withBlobs(bundle, blobs);
  },
  'a text withheld without a word': (bundle, random) => {
    const blobs = new Map(bundle.blobs);
    const [digest, { bytes }] = picked([...blobs], random);
    return withBlobs(bundle, blobs.set(digest, { bytes, standing: 'redacted' }));
  },
  'a text that nobody refers to': (bundle) => {
    const content = Buffer.from('smuggled');
    const digest = sha256Hex(content);
    const load = async (wanted: Digest) => (wanted === digest ? content : bundle.load(wanted));
    const blobs = new Map(bundle.blobs).set(digest, { bytes: content.length, standing: 'stored' as const });
    return withBlobs({ ...bundle, load }, blobs);
  },
  'another length of a text': (bundle, random) => {
    const blobs = new Map(bundle.blobs);
    const [digest, { bytes }] = picked([...blobs], random);
    return withBlobs(bundle, blobs.set(digest, { bytes: bytes + 1, standing: 'redacted' }));
  },
  'a hash of the proof changed': (bundle, random) => {
    const proof = [...bundle.proof];
    const at = random.int(0, proof.length - 1);
    const hash = Buffer.from(proof[at] as Uint8Array);
    hash[random.int(0, 31)] = (hash[0] as number) ^ 0x5a;
    proof[at] = hash;
    return { ...bundle, proof };
  },
  'a hash of the proof left out': (bundle, random) => {
    const at = random.int(0, bundle.proof.length - 1);
    return { ...bundle, proof: bundle.proof.filter((_, index) => index !== at) };
  },
  'a hash too many': (bundle) => ({ ...bundle, proof: [...bundle.proof, Buffer.alloc(32)] }),
  'another root': (bundle, random) => {
    const root = random.int(0, 1) === 0 ? '0'.repeat(64) : sha256Hex('another');
    return withHeader(bundle, { root: root as Digest });
  },
  'another size': (bundle, random) => withHeader(bundle, { size: bundle.header.size + random.int(1, 5) }),
  'another run': (bundle, random) => {
    const { stream } = picked(
      bundle.records.filter(({ stream: name }) => !name.startsWith('run-')),
      random,
    );
    return withHeader(bundle, { run: stream });
  },
  'another episode': (bundle) => withHeader(bundle, { episode: `${runHeader(bundle).run}x` as StreamName }),
  'a stream that is not named': (bundle, random) => {
    const gone = picked(bundle.header.streams, random);
    return withHeader(bundle, { streams: bundle.header.streams.filter((claim) => claim !== gone) });
  },
  'a stream that is not there': (bundle) => {
    const claim = { name: 'audit-findings' as StreamName, records: 1, part: 'selected' as const };
    return withHeader(bundle, { streams: [...bundle.header.streams, claim] });
  },
  'another number of records of a stream': (bundle, random) => {
    const wrong = picked(bundle.header.streams, random);
    const streams = bundle.header.streams.map((claim) =>
      claim === wrong ? { ...claim, records: claim.records + 1 } : claim,
    );
    return withHeader(bundle, { streams });
  },
  'no signature': (bundle) => withHeader(bundle, { checkpoint: null }),
  'a signature by somebody else': (bundle) => resigned(bundle, bundle.header.root, forgersKey.verifierKey),
  'a signature by somebody else, under the key of the owner': (bundle) =>
    resigned(bundle, bundle.header.root, toyKey.verifierKey),
  'another history with a signature by somebody else': (bundle, random) => {
    const changed = bundleForgeries['another time']?.(bundle, random) ?? bundle;
    return resigned(changed, rootOf(changed), forgersKey.verifierKey);
  },
  'another history under the note of the owner': (bundle, random) => {
    const changed = bundleForgeries['another actor']?.(bundle, random) ?? bundle;
    return withHeader(changed, { root: rootOf(changed) });
  },
};

function isOfRun({ stream }: StoredRecord): boolean {
  return /^(run|episode)-/.test(stream);
}

export function typeOf({ bytes }: StoredRecord): string {
  return JSON.parse(Buffer.from(bytes).toString('utf8')).type;
}

type Edit = (event: AnyRecordedEvent) => object;

function edited(bundle: Bundle, random: Random, edit: Edit): Bundle {
  return editedOne(bundle, picked(bundle.records, random), edit);
}

export function editedOne(bundle: Bundle, target: StoredRecord, edit: Edit): Bundle {
  return withRecords(
    bundle,
    bundle.records.map((record) => (record === target ? rewritten(record, edit) : record)),
  );
}

function rewritten(record: StoredRecord, edit: Edit): StoredRecord {
  return rewrittenText(record, (text) =>
    Buffer.from(canonicalBytes(edit(JSON.parse(text)))).toString('utf8'),
  );
}

function rewrittenText(record: StoredRecord, edit: (text: string) => string): StoredRecord {
  const bytes = Buffer.from(edit(Buffer.from(record.bytes).toString('utf8')), 'utf8');
  const { revision } = JSON.parse(bytes.toString('utf8'));
  return { ...record, revision, bytes, leaf: leafHash(bytes) };
}

/** With all counts of the header to fit. */
export function withRecords(bundle: Bundle, records: readonly StoredRecord[]): Bundle {
  const sorted = [...records].sort((left, right) => left.position - right.position);
  const streams = bundle.header.streams.flatMap((claim) => {
    const count = sorted.filter(({ stream }) => stream === claim.name).length;
    return count === 0 ? [] : [{ ...claim, records: count }];
  });
  return { ...withHeader(bundle, { records: sorted.length, streams }), records: sorted };
}

export function withBlobs(bundle: Bundle, blobs: ReadonlyMap<Digest, BundleBlob>): Bundle {
  const sorted = new Map([...blobs].sort(([left], [right]) => (left < right ? -1 : 1)));
  return { ...withHeader(bundle, { blobs: sorted.size }), blobs: sorted };
}

export function withHeader(bundle: Bundle, change: Partial<BundleHeader>): Bundle {
  return { ...bundle, header: { ...bundle.header, ...change } };
}

function rootOf({ records, proof, header }: Bundle): Digest {
  const leaves = new Map(records.map(({ position, leaf }) => [position, leaf]));
  return Buffer.from(rootFromSubset(leaves, proof, header.size)).toString('hex') as Digest;
}

function resigned(bundle: Bundle, root: Digest, verifierKey: string): Bundle {
  const { size } = bundle.header;
  const checkpoint = { origin: toyOrigin, size, root: Buffer.from(root, 'hex'), extensions: [] };
  const note = signCheckpoint(checkpoint, parseSigningKey(forgersKey.signingKey));
  return withHeader(bundle, { root, checkpoint: { note, verifierKey } });
}

/** Of another run's record. */
function freePosition({ header, records }: Bundle, random: Random): number {
  const taken = new Set(records.map(({ position }) => position));
  return picked(
    [...Array(header.size).keys()].filter((position) => !taken.has(position)),
    random,
  );
}

export function picked<Item>(items: readonly Item[], random: Random): Item {
  return items[random.int(0, items.length - 1)] as Item;
}
