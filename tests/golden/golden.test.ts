import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projections } from '../../projections/catalogue.ts';
import { catalogue, definitionOf } from '../../src/events/catalogue.ts';
import { type AnyRecordedEvent, checkRecord, decodeRecord, encodeRecord } from '../../src/events/record.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { composeGolden } from './compose-golden.ts';
import { goldenDirectory, linesOf, loadGolden, readGolden } from './golden-files.ts';
import { released } from './released.ts';
import { whatItFoldsTo } from './what-it-folds-to.ts';

const versions = Object.keys(released);
const newest = versions.at(-1) ?? '';

const eventsOf = (version: string): readonly AnyRecordedEvent[] =>
  linesOf(readGolden(version).records).map((line, position) =>
    decodeRecord(position, Buffer.from(line, 'utf8')),
  );

describe('the golden ledgers', () => {
  it('are there for every released version, and for no other', () => {
    const files = readdirSync(goldenDirectory).filter((name) => name.endsWith('.jsonl'));
    expect(files.sort()).toEqual(
      versions.flatMap((version) => [`${version}.blobs.jsonl`, `${version}.records.jsonl`]).sort(),
    );
  });

  it('hold, in the newest, every event type of the catalogue', () => {
    const told = new Set(eventsOf(newest).map(({ type }) => type));
    expect([...catalogue.keys()].filter((type) => !told.has(type as never))).toEqual([]);
  });

  it('hold, in the newest, what the product writes today, byte for byte', async () => {
    const { records, blobs } = await composeGolden();
    const golden = readGolden(newest);
    // The first line that differs says what changed; the difference of the whole texts would take minutes to print.
    const told = linesOf(`${records}${blobs}`);
    const kept = linesOf(`${golden.records}${golden.blobs}`);
    const differs = told.findIndex((line, at) => line !== kept[at]);
    expect(told[differs]).toBe(kept[differs]);
    expect(records === golden.records && blobs === golden.blobs).toBe(true);
  });
});

describe.each(versions)('the ledger of version %s', (version) => {
  it('decodes, and every record is what the catalogue says', () => {
    const events = eventsOf(version);
    expect(events).toHaveLength(released[version]?.records ?? -1);
    for (const event of events) checkRecord(event);
  });

  it('is encoded again to the same bytes', () => {
    const lines = linesOf(readGolden(version).records);
    for (const event of eventsOf(version)) {
      const text = lines[event.position] ?? '';
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      // Data of an older version is no longer written; what is written must not have changed.
      if (definitionOf(event.type).version !== event.version) continue;
      expect(Buffer.from(encodeRecord(event, event.stream, event.revision)).toString('utf8')).toBe(text);
    }
  });

  it('brings every blob its records refer to, each under its own digest', async () => {
    const golden = readGolden(version);
    for (const line of linesOf(golden.blobs)) {
      const { digest, text } = JSON.parse(line) as { digest: string; text: string };
      expect(sha256Hex(text)).toBe(digest);
    }
    const report = await verifyLedger((await loadGolden(golden)).store, { deep: true });
    expect(report).toMatchObject({ ok: true, problems: [], records: released[version]?.records });
    const erased = linesOf(golden.blobs).filter((line) => line.includes(`"erased":true`));
    expect(report.blobs).toBe(linesOf(golden.blobs).length - erased.length);
  });

  it('has the tree, the states, the outcomes and the replays that it always had', async () => {
    const ledger = await loadGolden(readGolden(version));
    const { states, ...rest } = await whatItFoldsTo(ledger, projections);
    expect({ states: {}, ...rest }).toEqual({ ...released[version], states: {} });
    expect(Object.keys(states)).toHaveLength(projections.length);
    // More may be pinned: the hashes of earlier versions of a projection, which nobody computes any more.
    expect(released[version]?.states).toMatchObject(states);
  });

  it('is another ledger as soon as one byte of it differs', async () => {
    const golden = readGolden(version);
    const lines = linesOf(golden.records);
    const at = lines.findIndex((line) => line.includes('"type":"CandidateScored"'));
    const altered = lines.with(at, (lines[at] ?? '').replace('"actor":"test"', '"actor":"tess"'));
    const ledger = await loadGolden({ ...golden, records: `${altered.join('\n')}\n` });
    const { root } = await ledger.head();
    expect(Buffer.from(root).toString('hex')).not.toBe(released[version]?.root);
  });
});
