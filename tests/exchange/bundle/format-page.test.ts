import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bundleFormat,
  bundleLimits,
  proposalHeaderSchema,
  runHeaderSchema,
} from '../../../src/exchange/bundle/bundle-format.ts';
import { redactable, redactableMeaning, withQuotes } from '../../../src/exchange/bundle/redaction.ts';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { bundleOf, bytesOf, runHeader, sealedRun } from './sealed-run.ts';

const page = readFileSync(join(repositoryRoot, 'docs/reference/bundle-format.md'), 'utf8');
const programs = [...page.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, program = '']) => program);
const hasPython = spawnSync('python3', ['--version']).status === 0;

function python(program: string, file: Uint8Array) {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'sent.pawl.html'), file);
  return spawnSync('python3', ['-c', program, 'sent.pawl.html'], { cwd: directory, encoding: 'utf8' });
}

describe('the page about the format of bundles', () => {
  it('is about this version, and names every member of a header', () => {
    expect(page).toContain(`# Bundle format, version ${bundleFormat}\n`);
    const table = page.slice(page.indexOf('| member of `bundle`'), page.indexOf('\nA bundle of a run holds'));
    const members = [runHeaderSchema, proposalHeaderSchema].flatMap(({ shape }) => Object.keys(shape));
    for (const member of members) {
      if (member !== 'line') expect(table, member).toContain(`\`${member}\``);
    }
  });

  it('says of each kind of text what is withheld with it', () => {
    const rows = new Map(
      [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.*)\|$/gm)].map(
        ([, kind = '', what = '', quoting = '']) => [kind, { what, quoting: quoting.trim() }] as const,
      ),
    );
    for (const kind of redactable) {
      const others = withQuotes([kind]).filter((other) => other !== kind);
      expect(rows.get(kind)?.what, kind).toContain(redactableMeaning[kind]);
      expect(rows.get(kind)?.quoting.split(', ').filter(Boolean).sort(), kind).toEqual(
        others.map((other) => `\`${other}\``).sort(),
      );
    }
  });

  it('gives the limits that there are', () => {
    const { fileBytesMax, inflatedBytesMax, inflatedBytesFree, inflatedRatioMax } = bundleLimits;
    const mebibytes = [fileBytesMax, inflatedBytesMax, inflatedBytesFree].map((bytes) => bytes / 2 ** 20);
    expect([...mebibytes, inflatedRatioMax]).toEqual([1024, 512, 16, 100]);
  });
});

describe.skipIf(!hasPython)('its programs, in Python', () => {
  it('unpack a bundle and check its texts and its proof', async () => {
    const bundle = await bundleOf(await sealedRun());
    const { header, records, blobs } = bundle;
    const { stdout, stderr } = python(programs.join('\n'), await bytesOf(bundle));
    expect(stderr).toBe('');
    expect(stdout).toBe(
      `${runHeader(bundle).run} ${records.length} records, ${blobs.size} texts, ${header.size} ${header.root}\nevery record stands in the tree\n`,
    );
  });

  it('take ten lines to unpack it', () => {
    expect(programs[0]?.trimEnd().split('\n')).toHaveLength(9);
  });

  it('find a record that was changed by somebody who knows the format', async () => {
    const bundle = await bundleOf(await sealedRun());
    const [first, ...rest] = bundle.records;
    if (first === undefined) throw new Error('no record');
    const bytes = Buffer.from(Buffer.from(first.bytes).toString().replace('test', 'TEST'));
    const { stderr, status } = python(
      programs.join('\n'),
      await bytesOf({ ...bundle, records: [{ ...first, bytes }, ...rest] }),
    );
    expect(status).toBe(1);
    expect(stderr).toContain('AssertionError');
  });
});
