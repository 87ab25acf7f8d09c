import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { reportVersion } from '../../../src/exchange/report/report-version.ts';
import { pinned, verifyBytes } from '../bundle/sealed-run.ts';
import { composeReport, reportStrategies } from './compose-report.ts';

const fileOf = (version: number, strategy: string): string =>
  `${import.meta.dirname}/golden/report-${version}-${strategy}.pawl.html.gz`;

/** A new version of the report needs golden bundles: this test writes them, and they are to be committed. */
for (const strategy of reportStrategies) {
  const path = fileOf(reportVersion, strategy);
  if (!existsSync(path)) writeFileSync(path, gzipSync(await composeReport(strategy), { level: 9 }));
}

describe('bundles that were written before', () => {
  const versions = Array.from({ length: reportVersion }, (_, index) => index + 1);

  const each = versions.flatMap((version) => reportStrategies.map((strategy) => ({ version, strategy })));

  it.each(each)(
    'are read, and their pages come out as they were: $strategy, version $version',
    async (of) => {
      const { version, strategy } = of;
      const verdict = await verifyBytes(gunzipSync(readFileSync(fileOf(version, strategy))), pinned);
      expect(verdict.header.report).toBe(version);
      expect([
        verdict.nothingAltered.verdict,
        verdict.nothingMissing.verdict,
        verdict.signed.verdict,
      ]).toEqual(['yes', 'yes', 'yes']);
      // Some is withheld, and nothing in it may ever come out differently.
      expect(verdict.reDecided.verdict).toBe('unknown');
      const isRendered = version === reportVersion ? 'yes' : 'unknown';
      const advice =
        'the page is rendered otherwise than before: count reportVersion up, so that older pages are not called altered';
      expect(verdict.readable.verdict, advice).toBe(isRendered);
    },
  );

  it('have something to say in every part of the page', () => {
    const files = reportStrategies.map((strategy) => readFileSync(fileOf(reportVersion, strategy)));
    const page = files.map((file) => gunzipSync(file).toString('utf8')).join('');
    const parts = [
      ...['over-accepted', 'branched off', 'budget exhausted', 'proposals rejected', 'could not be done'],
      ...['no answer <span class="ctl">U+202E</span>', 'second &lt;b&gt;', 'a name stood in it'],
      ...['Two answers pass &lt;public&gt; tests', 'was redacted: the bundle has its digest alone'],
      ...['was erased from the ledger', 'Replays and reruns that were recorded', 'candidates in between'],
      ...['<ins>+', '<del>-', 'Failing tests', 'told the next one', 'picked as the answer'],
    ];
    expect(parts.filter((part) => !page.includes(part))).toEqual([]);
  });
});
