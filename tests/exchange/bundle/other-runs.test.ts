import { describe, expect, it } from 'vitest';
import { planImport } from '../../../src/exchange/import-plan.ts';
import { importRun } from '../../../src/exchange/import-run.ts';
import { recordedRunImporter } from '../../../src/exchange/importers/recorded-run.ts';
import { steppingClock } from '../../../src/kernel/clock.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { loadSuite } from '../../../src/tasks/registry.ts';
import { registerKey, signNow } from '../../ledger/audit/signed-ledger.ts';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { episodeOf } from '../../support/story.ts';
import { forkAndWork, forkRunAndWork, strategyWith } from '../../support/toy-fork.ts';
import { toyLedger } from '../../support/toy-run.ts';
import { linesOf, row, writeRows, writeTasks, wrong } from '../recorded-rows.ts';
import { bundleOf, bytesOf, pinned, sealedRun, verdictsOf, verifyMade } from './sealed-run.ts';

const allYes = { altered: 'yes', missing: 'yes', signed: 'yes', decided: 'yes', readable: 'yes' };

describe('a bundle of a branch', () => {
  it('brings the episode it branched off, and is re-decided with it', async () => {
    const { ledger, run: parent } = await sealedRun();
    const episode = episodeOf(parent, 1);
    const { run } = await forkAndWork(ledger, { episode, at: 5 }, {});
    await signNow(ledger);
    const bundle = await bundleOf({ ledger, run });
    const verdict = await verifyMade(bundle, pinned);
    expect(verdictsOf(verdict), verdict.reDecided.because).toEqual(allYes);
    const names = bundle.header.streams.map(({ name }) => name);
    expect(names).toContain(episode);
    expect(names).toContain(parent);
    expect(names).not.toContain(episodeOf(parent, 0));
    const page = (await bytesOf(bundle)).toString('utf8');
    expect(page.includes('of which revisions 1 to 5 are repeated here')).toBe(true);
  });

  it('of a whole run brings the run it branched off', async () => {
    const { ledger, run: parent } = await sealedRun();
    const run = await forkRunAndWork(
      ledger,
      { run: parent, strategy: strategyWith('best-of-n', { candidates: 2 }) },
      {},
    );
    await signNow(ledger);
    for (const episode of [null, episodeOf(run, 2)]) {
      const bundle = await bundleOf({ ledger, run }, [], episode);
      const verdict = await verifyMade(bundle, pinned);
      expect(verdictsOf(verdict), verdict.reDecided.because).toEqual(allYes);
      expect(bundle.header.streams.map(({ name }) => name)).toContain(parent);
    }
  });
});

describe('a bundle of an import', () => {
  it('brings the rows it came from, from which it is derived again', async () => {
    const ledger = toyLedger(openMemoryStore(), 'import');
    await registerKey(ledger);
    const directory = temporaryDirectory();
    const suite = await loadSuite(`recorded:${writeTasks(directory, 2)}`);
    const rows = linesOf([row(0), row(1, { solution: wrong, is_solved: false })]);
    const plan = await planImport(writeRows(directory, rows), recordedRunImporter, suite, null);
    const { run } = await importRun(plan, {
      ledger,
      writer: { actor: 'test', correlation: 'test' },
      clock: steppingClock(0, 1),
      onEpisode: () => undefined,
      pause: new AbortController().signal,
    });
    await signNow(ledger);
    const open = await verifyMade(await bundleOf({ ledger, run }), pinned);
    expect(verdictsOf(open), open.reDecided.because).toEqual(allYes);
    const page = (await bytesOf(await bundleOf({ ledger, run }))).toString('utf8');
    expect(page.includes('as another tool recorded it')).toBe(true);
    const redacted = await verifyMade(await bundleOf({ ledger, run }, ['sources']), pinned);
    expect(verdictsOf(redacted)).toEqual({ ...allYes, decided: 'unknown' });
  });
});
