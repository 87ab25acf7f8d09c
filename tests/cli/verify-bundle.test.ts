import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyBundleAndReport } from '../../src/cli/verify-bundle.ts';
import { signingKeyFromSeed } from '../../src/ledger/audit/note-key.ts';
import { bundleOf, bytesOf, runHeader, sealedRun } from '../exchange/bundle/sealed-run.ts';
import { registerKey, signNow } from '../ledger/audit/signed-ledger.ts';
import { toyKey, toyOrigin } from '../ledger/audit/toy-log.ts';
import { temporaryDirectory } from '../ledger/temporary-directory.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { episodeOf } from '../support/story.ts';
import { recordingOutput } from './recording-output.ts';

const key = [toyKey.verifierKey];

async function verified(file: Uint8Array, verifierKey: readonly string[] = key) {
  const path = join(temporaryDirectory(), 'sent.html');
  writeFileSync(path, file);
  const lines: string[] = [];
  const output = { ...recordingOutput(false), text: (line: string) => lines.push(line) };
  const code = await verifyBundleAndReport(path, { verifierKey }, output);
  return { code, lines };
}

describe('pawl verify --bundle', () => {
  it('says each claim in a line, and ends with 0 where nothing speaks against it', async () => {
    const bundle = await bundleOf(await sealedRun());
    const { code, lines } = await verified(await bytesOf(bundle));
    expect(code).toBe(0);
    const { records, blobs } = bundle;
    expect(lines).toEqual([
      `Bundle of ${runHeader(bundle).run}: ${records.length} records and ${blobs.size} texts, written by Pawl 0.0.0.`,
      `Nothing altered: yes. Each of the ${records.length} records stands in the tree of ${bundle.header.size} records that was signed.`,
      'Nothing missing: yes. The run and its 3 episodes are here from the first record to the last, with every text they refer to.',
      `Signed: yes. "${toyOrigin}" signed the root over ${bundle.header.size} records with the key that was given.`,
      expect.stringMatching(
        /^Re-decided: yes\. All \d+ decisions, of 3 episodes and what is around them, come out/,
      ),
      'Readable page: yes. The page says what the data says, byte for byte.',
    ]);
  });

  it('ends with 120 for a page that was edited, and for the key of somebody else', async () => {
    const file = await bytesOf(await bundleOf(await sealedRun()));
    const edited = Buffer.from(file.toString('utf8').replace('What is claimed', 'What is proved'));
    expect((await verified(edited)).code).toBe(120);
    const other = signingKeyFromSeed(toyOrigin, new Uint8Array(32).fill(1)).verifierKey;
    expect((await verified(file, [other])).code).toBe(120);
  });

  it('ends with 110 for a decision that does not follow, and names it', async () => {
    const honest = await sealedRun({ unsigned: true });
    const stream = episodeOf(honest.run);
    const ledger = await copyLedger(honest.ledger.store, {
      stream,
      events: (events) =>
        events.map((event) =>
          event.type === 'FinalPicked' ? { ...event, data: { ...event.data, reason: 'budget' } } : event,
        ),
    });
    await registerKey(ledger);
    await signNow(ledger);
    const { code, lines } = await verified(await bytesOf(await bundleOf({ ledger, run: honest.run })));
    expect(code).toBe(110);
    expect(lines.join('\n')).toMatch(/Re-decided: no\. episode-\S+ diverges at revision \d+: FinalPicked/);
  });

  it('ends with 1 without a key, and says in a sentence what decides it', async () => {
    const { code, lines } = await verified(await bytesOf(await bundleOf(await sealedRun())), []);
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe(
      'Who signed it is not decided: --verifier-key with the key that the owner of the ledger publishes decides it.',
    );
  });

  it('ends with 1 where something is withheld, and tells of a few of the streams it concerns', async () => {
    const { code, lines } = await verified(await bytesOf(await bundleOf(await sealedRun(), ['programs'])));
    expect(code).toBe(1);
    expect(lines.filter((line) => line.includes('inconclusive: '))).toHaveLength(3 + 1);
  });
});
