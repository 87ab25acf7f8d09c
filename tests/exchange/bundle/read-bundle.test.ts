import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundleEnding, containerOpening } from '../../../src/exchange/bundle/bundle-format.ts';
import { containerLines } from '../../../src/exchange/bundle/container-lines.ts';
import { base64Lines } from '../../../src/exchange/bundle/encode-container.ts';
import { verifyBundle } from '../../../src/exchange/bundle/verify-bundle.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { noTrust } from '../../../src/ledger/verify/trust.ts';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { bundleOf, sealedRun, verifyBytes } from './sealed-run.ts';

const lines = await Array.fromAsync(containerLines(await bundleOf(await sealedRun())));
const [header = '', ...rest] = lines;
const firstBlob = lines.findIndex((line) => line.includes('"line":"blob"'));

/** A file around any content, with a digest that fits it: what somebody makes who knows the format. */
function fileAround(content: string | Uint8Array): Buffer {
  const compressed = deflateSync(content);
  return Buffer.from(
    `page\n${containerOpening}${base64Lines(compressed)}${bundleEnding(sha256Hex(compressed))}`,
  );
}

const fileOf = (changed: readonly string[]): Buffer => fileAround(`${changed.join('\n')}\n`);

function refusal(file: Uint8Array): Promise<unknown> {
  return verifyBytes(file).then(
    () => 'accepted',
    (error) => `${error.code}: ${error.message}`,
  );
}

const changed = (index: number, change: (line: string) => string): Buffer =>
  fileOf(lines.map((line, at) => (at === index ? change(line) : line)));

describe('reading a bundle', () => {
  it.each([
    ['nothing', Buffer.alloc(0), /holds no bundle/],
    ['another page', Buffer.from('<!doctype html><script>1</script>'), /holds no bundle/],
    [
      'a page that ends within the data',
      fileOf(lines).subarray(0, 300),
      /ends within the data: it was cut off/,
    ],
    ['no lines', fileOf([]), /Line 1 of the data/],
    ['no data', fileAround(''), /The bundle is empty/],
    ['what is not JSON', fileOf(['bundle', ...rest]), /Line 1 of the data: Unexpected token/],
    ['a line that is not ended', fileAround(lines.join('\n')), /ends within a line/],
    ['what is not UTF-8', fileAround(Buffer.from([0xff, 0x0a])), /A line of the data is not UTF-8/],
    ['records without a header', fileOf(rest), /Line 1 of the data/],
    [
      'a format that is still to come',
      changed(0, (line) => line.replace('"format":1', '"format":2')),
      /has format 2/,
    ],
    ['an unknown member', changed(0, (line) => line.replace('"format":1', '"extra":1,"format":1')), /extra/],
    [
      'two members of one name',
      changed(0, (line) => line.replace('"format":1', '"format":1,"format":1')),
      /not canonical/,
    ],
    [
      'another spelling',
      changed(1, (line) => line.replace('{', '{ ')),
      /Line 2 of the data: It is not canonical JSON/,
    ],
    [
      'records out of order',
      fileOf([header, lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)]),
      /stands behind record/,
    ],
    ['one record fewer', fileOf([header, ...lines.slice(2)]), /Line \d+ of the data/],
    [
      'a text twice',
      fileOf([...lines.slice(0, firstBlob), lines[firstBlob] ?? '', ...lines.slice(firstBlob, -2)]),
      /out of order/,
    ],
    [
      'a text of another digest',
      changed(firstBlob, (line) =>
        line
          .replace(/"text":"(.)/, '"text":"x$1')
          .replace(/"bytes":\d+/, (bytes) => `"bytes":${Number(bytes.slice(8)) + 1}`),
      ),
      /altered: it has another digest/,
    ],
    [
      'a text of another length',
      changed(firstBlob, (line) => line.replace(/"bytes":\d+/, '"bytes":7')),
      /has \d+ bytes, not 7/,
    ],
    [
      'a lone surrogate',
      changed(firstBlob, (line) => line.replace('"text":"', '"text":"\\ud800')),
      /lone surrogate/,
    ],
    [
      'a record that is none',
      changed(1, (line) => line.replace('SigningKeyRegistered', 'SigningKeyWithdrawn')),
      /Line 2 of the data: No event is called/,
    ],
    [
      'a record with other members',
      changed(1, (line) => line.replace('everyRecords', 'everyRecordz')),
      /is not valid/,
    ],
    [
      'a hash that is none',
      fileOf([...lines.slice(0, -1), '{"hashes":["AAAA"],"line":"proof"}']),
      /Line \d+ of the data/,
    ],
  ] as const)('refuses %s', async (_, file, message) => {
    const refused = await refusal(file);
    expect(refused).toMatch(/^BUNDLE_INVALID: /);
    expect(refused).toMatch(message);
  });

  it('takes the same data for a bundle, so that the refusals above are of what was changed', async () => {
    const verdict = await verifyBytes(fileOf(lines));
    // All but the page, which is another one.
    expect(verdict.readable.verdict).toBe('no');
    expect(verdict.reDecided.verdict).toBe('yes');
  });

  it('refuses a directory, and says that a file is not there', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'bundle'));
    const verified = (name: string) => verifyBundle(join(directory, name), { trust: noTrust });
    await expect(verified('bundle')).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    await expect(verified('nothing')).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  });

  it('refuses data behind the digest', async () => {
    const file = fileOf(lines);
    expect(await refusal(Buffer.concat([file, Buffer.from('\n')]))).toMatch(/was altered/);
  });

  it('never inflates more than a bundle may have', async () => {
    // 256 MiB of zeroes in 256 KiB.
    const bomb = Buffer.alloc(256 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    expect(await refusal(fileAround(bomb))).toMatch(
      /inflates to more than \d+ bytes|A line of the data has more than/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('stops at data that nests deeper than can be read', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}\n`;
    expect(await refusal(fileAround(deep))).toMatch(/^BUNDLE_INVALID: Line 1 of the data/);
  });

  it('reads a file in which nothing but the container is right, wherever that lies', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'moved.html');
    writeFileSync(path, Buffer.concat([Buffer.alloc(1024 * 1024 - 20, '.'), fileOf(lines)]));
    const verdict = await verifyBundle(path, { trust: noTrust });
    expect(verdict.reDecided.verdict).toBe('yes');
    expect(verdict.readable.because).toMatch(/from byte 0 on/);
  });
});
