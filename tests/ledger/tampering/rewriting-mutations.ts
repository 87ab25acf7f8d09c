import type { Random } from '../../../src/kernel/random.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import type { Done, Mutation } from './mutation.ts';
import { type Entry, rewriteHistory } from './rewrite-history.ts';

type Change = (
  entries: Entry[],
  random: Random,
) => { readonly entries: readonly Entry[]; readonly done: Done } | null;

const isAudit = ({ stream }: Entry): boolean => stream.startsWith('audit-');

/** Something that matters in a record that is not about the ledger itself, so that each altered record is valid by itself. */
function alter(entries: Entry[], random: Random): { readonly entries: Entry[]; readonly done: Done } {
  const candidates = entries.flatMap((entry, position) =>
    ['passed', 'steps', 'value', 'candidates'].some((member) => typeof entry.data[member] === 'number')
      ? [position]
      : [],
  );
  const position = random.pick(candidates);
  const entry = entries[position] as Entry;
  const member = ['passed', 'steps', 'value', 'candidates'].find(
    (name) => typeof entry.data[name] === 'number',
  );
  const data = { ...entry.data, [member as string]: Number(entry.data[member as string]) + 1 };
  return {
    entries: entries.with(position, { ...entry, data }),
    done: { what: `${entry.type} at ${position}, ${member}`, first: position },
  };
}

/** The erased blob cannot be had back, so its mark has to go, and whatever refers to it. */
function withoutErasure(entries: readonly Entry[]): Entry[] {
  const erased = entries.find(({ type }) => type === 'BlobErased');
  const digest = (erased?.data['blob'] as { digest?: string } | undefined)?.digest ?? 'none';
  return entries.filter((entry) => !JSON.stringify(entry.data).includes(digest));
}

function rewriting(
  name: string,
  needs: Mutation['needs'],
  change: Change,
  resign: ((origin: string) => string) | null = null,
): Mutation {
  const apply: Mutation['apply'] = async (path, random, { origin }) => {
    let done: Done | null = null;
    const key = resign === null ? null : parseSigningKey(resign(origin));
    await rewriteHistory(
      path,
      (entries) => {
        const changed = change(withForeignKey(entries, key?.verifierKey), random);
        done = changed?.done ?? null;
        // The key that was put in place of the ledger's own is the first record of all.
        if (key !== null && done !== null) done = { what: done.what, first: 0 };
        return changed?.entries ?? entries;
      },
      key,
    );
    return done;
  };
  return { name, needs, apply };
}

/** A key of the attacker's own under the name of the ledger's. */
const foreignKey = (origin: string): string => signingKeyFromSeed(origin, Buffer.alloc(32, 7)).signingKey;

function withForeignKey(entries: Entry[], verifierKey: string | undefined): Entry[] {
  if (verifierKey === undefined) return entries;
  return entries.map((entry) =>
    entry.type === 'SigningKeyRegistered' ? { ...entry, data: { ...entry.data, verifierKey } } : entry,
  );
}

/** After these the records still hash to whatever checkpoints are left, and no record is wrong by itself. */
export const rewritingMutations: readonly Mutation[] = [
  rewriting('rewrite a record and all that hangs on it', 'nothing', alter),
  rewriting('take a record out and number the others anew', 'nothing', (entries, random) => {
    const last = entries.findLastIndex((entry) => entry.type === 'CheckpointSigned');
    const position = random.pick(
      entries.slice(0, last - 1).flatMap((entry, index) => (isAudit(entry) ? [] : [index])),
    );
    return { entries: entries.toSpliced(position, 1), done: { what: `record ${position}` } };
  }),
  rewriting('put a record in and number the others anew', 'nothing', (entries, random) => {
    const last = entries.findLastIndex((entry) => entry.type === 'CheckpointSigned');
    const position = random.int(1, last - 1);
    const id = `01J8XK3QZV${String(position).padStart(16, '0')}`;
    const entry = { ...(entries.find(({ type }) => type === 'CandidateScored') as Entry), id };
    return { entries: entries.toSpliced(position, 0, entry), done: { what: `before ${position}` } };
  }),
  rewriting('swap two records of a stream and number them anew', 'nothing', (entries, random) => {
    const position = random.pick(
      entries.flatMap((entry, index) =>
        !isAudit(entry) && entries[index + 1]?.stream === entry.stream && index < entries.length - 2
          ? [index]
          : [],
      ),
    );
    const [left, right] = [entries[position] as Entry, entries[position + 1] as Entry];
    return {
      entries: entries.with(position, right).with(position + 1, left),
      done: { what: `${position} and ${position + 1}`, first: position },
    };
  }),
  rewriting('take a stream out and number the others anew', 'nothing', (entries, random) => {
    const streams = [...new Set(entries.filter((entry) => !isAudit(entry)).map(({ stream }) => stream))];
    const stream = random.pick(streams);
    return { entries: entries.filter((entry) => entry.stream !== stream), done: { what: stream } };
  }),
  rewriting('cut off the tail, cleanly', 'checkpoint', (entries, random) => {
    const erasure = entries.findIndex(({ type }) => type === 'BlobErased');
    const kept = random.int(2, erasure);
    // Without the erasure the ledger would refer to a blob that is gone.
    const digest = JSON.stringify(entries[erasure]?.data['blob']);
    const first = entries.findIndex((entry) => JSON.stringify(entry.data).includes(digest));
    const size = Math.max(2, Math.min(kept, first));
    return { entries: entries.slice(0, size), done: { what: `from ${size} on`, first: size } };
  }),
  rewriting('cut off the last checkpoint', 'checkpoint', (entries) => {
    const last = entries.findLastIndex(({ type }) => type === 'CheckpointSigned');
    const before = entries.slice(0, last).findLastIndex(({ type }) => type === 'CheckpointSigned');
    const erasure = entries.findIndex(({ type }) => type === 'BlobErased');
    const size = before > erasure ? before + 1 : last;
    return { entries: entries.slice(0, size), done: { what: `from ${size} on` } };
  }),
  rewriting('rewrite a record, and drop every checkpoint behind it', 'checkpoint', (entries, random) => {
    const altered = alter(entries, random);
    const position = altered.done.first ?? 0;
    // Fewer records than were remembered: that is the first thing that can be known.
    return {
      entries: altered.entries.filter(
        (entry, index) => index < position || entry.type !== 'CheckpointSigned',
      ),
      done: { what: altered.done.what },
    };
  }),
  rewriting('rewrite a record, and drop all that is said of the ledger itself', 'key', (entries, random) => {
    const altered = alter(entries, random);
    return {
      entries: withoutErasure(altered.entries).filter((entry) => !isAudit(entry)),
      done: { what: altered.done.what },
    };
  }),
  rewriting('rewrite a record, and sign everything with another key', 'key', alter, foreignKey),
  rewriting(
    'take a stream out, and sign everything with another key',
    'key',
    (entries, random) => {
      const stream = random.pick([
        ...new Set(entries.filter((entry) => !isAudit(entry)).map((entry) => entry.stream)),
      ]);
      return { entries: entries.filter((entry) => entry.stream !== stream), done: { what: stream } };
    },
    foreignKey,
  ),
];
