import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../src/exchange/bundle/verify-bundle.ts';
import { type WriteBundleOptions, writeBundle } from '../../../src/exchange/bundle/write-bundle.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { bundleOf, bytesOf, pinned, sealedRun } from './sealed-run.ts';

const bundle = await bundleOf(await sealedRun());
const bytes = await bytesOf(bundle);

function place() {
  const directory = temporaryDirectory();
  const path = join(directory, 'sent.pawl.html');
  const write = (options: Partial<WriteBundleOptions> = {}) =>
    writeBundle(bundle, path, { force: false, ...options });
  return { directory, path, write };
}

describe('writing a bundle', () => {
  it('gives the digest and the length of the file, which verifies', async () => {
    const { directory, path, write } = place();
    expect(await write()).toEqual({ file: sha256Hex(bytes), bytes: bytes.length });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(directory)).toEqual(['sent.pawl.html']);
    expect((await verifyBundle(path, { trust: pinned })).outcome).toBe('ok');
  });

  it('replaces a file, or what a link stands for a file, only when it is told to', async () => {
    const { directory, path, write } = place();
    writeFileSync(join(directory, 'precious'), 'precious');
    symlinkSync('precious', path);
    await expect(write()).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe('precious');
    await write({ force: true });
    // The name, not what it led to.
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readFileSync(join(directory, 'precious'), 'utf8')).toBe('precious');
  });

  it('does not win over somebody who was quicker', async () => {
    const { directory, path, write } = place();
    const beforeAppearing = async () => writeFileSync(path, 'quicker');
    await expect(write({ beforeAppearing })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe('quicker');
    expect(readdirSync(directory)).toEqual(['sent.pawl.html']);
  });

  it('of two at a time lets one be', async () => {
    const { directory, path, write } = place();
    const outcomes = await Promise.allSettled([write(), write()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(directory)).toEqual(['sent.pawl.html']);
  });

  it('leaves nothing behind where a text cannot be read, or what comes before its appearance fails', async () => {
    const { directory, path, write } = place();
    const load = () => Promise.reject(new PawlError('BLOB_CORRUPT', 'damaged'));
    await expect(writeBundle({ ...bundle, load }, path, { force: false })).rejects.toMatchObject({
      code: 'BLOB_CORRUPT',
    });
    // The page reads texts before the data does; this one fails where only the data needs it.
    let calls = 0;
    const late = async (digest: Parameters<typeof bundle.load>[0]) => {
      calls += 1;
      if (calls === total) throw new PawlError('BLOB_CORRUPT', 'damaged');
      return bundle.load(digest);
    };
    const total = await callsToWrite();
    await expect(writeBundle({ ...bundle, load: late }, path, { force: false })).rejects.toMatchObject({
      code: 'BLOB_CORRUPT',
    });
    const full = new PawlError('STORAGE_FULL', 'no room for the record');
    const beforeAppearing = () => Promise.reject(full);
    await expect(write({ beforeAppearing })).rejects.toBe(full);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('says what is wrong with the place', async () => {
    const { directory } = place();
    const nowhere = join(directory, 'no', 'such', 'directory.html');
    await expect(writeBundle(bundle, nowhere, { force: false })).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      context: { path: nowhere },
    });
    mkdirSync(join(directory, 'taken'));
    const taken = join(directory, 'taken');
    for (const force of [false, true]) {
      await expect(writeBundle(bundle, taken, { force })).rejects.toMatchObject({
        code: 'OUTPUT_EXISTS',
        message: `${taken} is a directory. Name a file in it, or another one.`,
      });
    }
    expect(readdirSync(directory)).toEqual(['taken']);
  });
});

/** How often a text is read to write the bundle. */
async function callsToWrite(): Promise<number> {
  let calls = 0;
  const load = (digest: Parameters<typeof bundle.load>[0]) => {
    calls += 1;
    return bundle.load(digest);
  };
  await bytesOf({ ...bundle, load });
  return calls;
}
