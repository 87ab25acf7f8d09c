import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { snapshotPath } from '../../../src/ledger/stores/sqlite/snapshot-file.ts';
import { logicalContent } from './logical-content.ts';
import type { Mutation } from './mutation.ts';

const pageBytes = 4096;

/** Changes made to the file without SQLite. Where they change nothing that can be read, they are no mutation. */
function bytes(
  name: string,
  change: (file: Buffer, random: Parameters<Mutation['apply']>[1]) => string,
): Mutation {
  const apply: Mutation['apply'] = (path, random) => {
    const file = readFileSync(path);
    const before = logicalContent(path);
    const what = change(file, random);
    writeFileSync(path, file);
    return logicalContent(path) === before ? null : { what };
  };
  return { name, needs: 'nothing', apply };
}

export const byteMutations: readonly Mutation[] = [
  bytes('flip one bit anywhere in the file', (file, random) => {
    const at = random.int(0, file.length - 1);
    const bit = random.int(0, 7);
    file[at] = (file[at] as number) ^ (1 << bit);
    return `bit ${bit} of byte ${at} (page ${Math.floor(at / pageBytes) + 1}, offset ${at % pageBytes})`;
  }),
  bytes('flip bits in the head of a page', (file, random) => {
    const page = random.int(0, file.length / pageBytes - 1);
    const at = page * pageBytes + random.int(0, page === 0 ? 140 : 40);
    file[at] = (file[at] as number) ^ random.int(1, 255);
    return `byte ${at} (page ${page + 1}, offset ${at % pageBytes})`;
  }),
  bytes('overwrite a page', (file, random) => {
    const page = random.int(1, file.length / pageBytes - 1);
    file.fill(random.int(0, 255), page * pageBytes, (page + 1) * pageBytes);
    return `page ${page + 1}`;
  }),
  bytes('swap two pages', (file, random) => {
    const pages = file.length / pageBytes;
    const [left, right] = [random.int(1, pages - 1), random.int(1, pages - 1)];
    const held = Buffer.from(file.subarray(left * pageBytes, (left + 1) * pageBytes));
    file.copy(file, left * pageBytes, right * pageBytes, (right + 1) * pageBytes);
    held.copy(file, right * pageBytes);
    return `pages ${left + 1} and ${right + 1}`;
  }),
];

export const fileMutations: readonly Mutation[] = [
  {
    name: 'cut the file short',
    needs: 'nothing',
    apply: (path, random) => {
      const { length } = readFileSync(path);
      const size = random.int(0, length - 1);
      truncateSync(path, size);
      return { what: `to ${size} of ${length} bytes` };
    },
  },
  {
    name: 'put an older copy in its place',
    needs: 'checkpoint',
    apply: (path, _random, { olderPath }) => {
      copyFileSync(olderPath, path);
      return { what: 'the copy from before the second run' };
    },
  },
  {
    name: 'edit a snapshot',
    needs: 'nothing',
    apply: (path, random, ledger) => {
      const snapshots = snapshotPath(path);
      copyFileSync(snapshotPath(ledger.path), snapshots);
      const db = new DatabaseSync(snapshots);
      try {
        const pieces = db.prepare('SELECT piece, bytes FROM pieces').all();
        const { piece, bytes: old } = random.pick(pieces) as { piece: number; bytes: Uint8Array };
        const text = Buffer.from(old).toString('latin1');
        const digits = [...text.matchAll(/\d/g)];
        if (digits.length === 0) return null;
        const at = random.pick(digits).index;
        const digit = (Number(text[at]) + random.int(1, 9)) % 10;
        const edited = Buffer.from(`${text.slice(0, at)}${digit}${text.slice(at + 1)}`, 'latin1');
        db.prepare('UPDATE pieces SET bytes = ? WHERE piece = ?').run(edited, piece);
        return { what: `piece ${piece} of the snapshots, character ${at}` };
      } finally {
        db.close();
      }
    },
  },
];
