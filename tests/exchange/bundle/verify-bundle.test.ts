import { describe, expect, it } from 'vitest';
import { makeBundle } from '../../../src/exchange/bundle/make-bundle.ts';
import type { Digest, StreamName } from '../../../src/kernel/brand.ts';
import { eraseBlob } from '../../../src/ledger/erase-blob.ts';
import { registerKey, signNow } from '../../ledger/audit/signed-ledger.ts';
import { copyLedger } from '../../support/copy-ledger.ts';
import { ScriptedGenerator } from '../../support/scripted-generator.ts';
import { episodeOf } from '../../support/story.ts';
import { workOn } from '../../support/toy-run.ts';
import {
  bundleOf,
  bytesOf,
  pinned,
  type SealedRun,
  sealedRun,
  verdictsOf,
  verifyMade,
} from './sealed-run.ts';

const writer = { actor: 'test', correlation: '' };
const allYes = { altered: 'yes', missing: 'yes', signed: 'yes', decided: 'yes', readable: 'yes' };

async function firstOf(sealed: SealedRun, type: string): Promise<Digest> {
  for await (const event of sealed.ledger.readAll()) {
    if (event.type !== type || !event.stream.startsWith(episodeOf(sealed.run))) continue;
    if (event.type === 'CandidateGenerated') return event.data.program.digest;
    if (event.type === 'GenerationRequested') return event.data.prompt.digest;
  }
  throw new Error(`no ${type}`);
}

describe('a bundle of a finished run', () => {
  it('holds every claim for whoever has the key of the ledger', async () => {
    const verdict = await verifyMade(await bundleOf(await sealedRun()), pinned);
    expect(verdictsOf(verdict)).toEqual(allYes);
    expect(verdict.outcome).toBe('ok');
    expect(verdict.failures).toEqual([]);
    expect(verdict.nothingMissing.because).toBe(
      'The run and its 3 episodes are here from the first record to the last, with every text they refer to.',
    );
  });

  it('without a key says who is said to have signed it, and that this is not enough', async () => {
    const verdict = await verifyMade(await bundleOf(await sealedRun()));
    expect(verdictsOf(verdict)).toEqual({ ...allYes, altered: 'unknown', signed: 'unknown' });
    expect(verdict.outcome).toBe('inconclusive');
    expect(verdict.signed.because).toMatch(/^Signed by \S+, which came with the bundle: compare it/);
  });

  it('of a ledger without a key is signed by nobody, which fails whoever asked for a key', async () => {
    const bundle = await bundleOf(await sealedRun({ unsigned: true }));
    const open = await verifyMade(bundle);
    expect(verdictsOf(open)).toEqual({ ...allYes, altered: 'unknown', signed: 'no' });
    expect(open.outcome).toBe('inconclusive');
    expect((await verifyMade(bundle, pinned)).outcome).toBe('failed');
  });

  it('is held to a checkpoint that was kept: the same tree, another tree, and one of another size', async () => {
    const bundle = await bundleOf(await sealedRun());
    const { size, root } = bundle.header;
    const kept = { source: 'in kept.txt', size, root: Buffer.from(root, 'hex'), note: null, origin: 'x' };
    const given = (checkpoint: typeof kept) =>
      verifyMade(bundle, { checkpoints: [checkpoint], verifierKeys: [] });
    expect((await given(kept)).nothingAltered).toEqual({
      verdict: 'yes',
      because: `Every record stands in the tree of ${size} records whose root is that of the checkpoint in kept.txt.`,
    });
    const other = await given({ ...kept, root: Buffer.alloc(32) });
    expect([other.nothingAltered.verdict, other.outcome]).toEqual(['no', 'failed']);
    const later = await given({ ...kept, size: size + 1 });
    expect([later.nothingAltered.verdict, later.outcome]).toEqual(['unknown', 'inconclusive']);
  });

  it('is the same file whenever it is made', async () => {
    const sealed = await sealedRun();
    const [first, second] = [await bytesOf(await bundleOf(sealed)), await bytesOf(await bundleOf(sealed))];
    expect(first.equals(second)).toBe(true);
  });

  it('holds of the ledger only what concerns the run', async () => {
    const sealed = await sealedRun();
    const { header, records } = await bundleOf(sealed);
    const names = header.streams.map(({ name }) => name.replace(/-.*/, ''));
    expect(names).toEqual(['audit', 'suite', 'run', 'episode', 'episode', 'episode']);
    expect(records.length).toBeLessThan((await sealed.ledger.head()).size);
  });
});

describe('a bundle of one episode', () => {
  it('claims that episode alone, and the rest of the run is said not to be in it', async () => {
    const sealed = await sealedRun();
    const episode = episodeOf(sealed.run, 1);
    const bundle = await bundleOf(sealed, [], episode);
    const verdict = await verifyMade(bundle, pinned);
    expect(verdictsOf(verdict)).toEqual(allYes);
    expect(verdict.nothingMissing.because).toMatch(/^The episode is here from the first record to the last/);
    const page = (await bytesOf(bundle)).toString('utf8');
    expect(page.match(/not in this bundle/g)?.length).toBe(2);
  });
});

describe('a run that had not ended', () => {
  it('leaves open whether something came later', async () => {
    const pause = new AbortController();
    const session = { pause: pause.signal, onEvent: () => pause.abort() };
    const verdict = await verifyMade(await bundleOf(await sealedRun({ session })), pinned);
    expect(verdictsOf(verdict)).toEqual({ ...allYes, missing: 'unknown' });
    expect(verdict.nothingMissing.because).toMatch(/^The run had not ended/);
  });
});

describe('a run that went on after the last checkpoint', () => {
  it('is bundled as it was then, and what is left out is counted', async () => {
    const pause = new AbortController();
    const sealed = await sealedRun({ session: { pause: pause.signal, onEvent: () => pause.abort() } });
    const before = (await sealed.ledger.head()).size - 1;
    await workOn(sealed.ledger, sealed.run);
    const { run } = sealed;
    const options = { redact: [], pawl: '0.0.0' };
    const { bundle, later } = await makeBundle(sealed.ledger, { run, episode: null }, options);
    expect(later).toBe((await sealed.ledger.head()).size - 1 - before);
    expect(bundle.header.size).toBe(before);
    const verdict = await verifyMade(bundle, pinned);
    expect(verdictsOf(verdict)).toEqual({ ...allYes, missing: 'unknown' });
  });
});

describe('what is said about a run', () => {
  it('comes with it, and what is said about others does not', async () => {
    const sealed = await sealedRun();
    const { ledger, run } = sealed;
    const replay = {
      mode: 'replay' as const,
      verdict: 'pass' as const,
      streams: 1,
      compared: 1,
      diverged: 0,
    };
    const more = { inconclusive: 0, size: 9, pawl: '0.0.0' };
    const scopes = [run, `${run} since 2026-01-01T00:00:00.000Z`, 'all', episodeOf(run), 'run-OTHER'];
    const drafts = scopes.map((scope) =>
      ledger.draft({ type: 'ReplayFinished', data: { ...replay, ...more, scope } }, writer, null),
    );
    await ledger.append('audit-replays' as StreamName, -1, drafts);
    await signNow(ledger);
    const bundle = await bundleOf(sealed);
    const told = bundle.records
      .filter(({ stream }) => stream === 'audit-replays')
      .map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).data.scope);
    expect(told).toEqual(scopes.slice(0, 4));
    expect((await verifyMade(bundle, pinned)).outcome).toBe('ok');
  });
});

describe('what is withheld', () => {
  it('leaves everything proved and nothing re-decided that needs it', async () => {
    const sealed = await sealedRun();
    for (const kind of ['tasks', 'hidden-tests', 'prompts', 'programs', 'outputs', 'feedback'] as const) {
      const verdict = await verifyMade(await bundleOf(sealed, [kind]), pinned);
      expect(verdictsOf(verdict), kind).toEqual({ ...allYes, decided: 'unknown' });
      expect(verdict.outcome, kind).toBe('inconclusive');
    }
  });

  it('is not in the file, nor what quotes it', async () => {
    const program = 'f(0) = 0\nf(1) = 1\n# a secret of somebody\n';
    const session = { generator: new ScriptedGenerator({ propose: () => program }) };
    const sealed = await sealedRun({ session });
    const open = await bundleOf(sealed);
    const texts = async (redact: Parameters<typeof bundleOf>[1]) => {
      const bundle = await bundleOf(sealed, redact);
      const stored = [...bundle.blobs].filter(([, { standing }]) => standing === 'stored');
      const contents = await Promise.all(stored.map(([digest]) => bundle.load(digest)));
      return contents.map((content) => Buffer.from(content).toString('utf8')).join('\n');
    };
    expect(await texts([])).toContain('a secret of somebody');
    expect(await texts(['programs'])).not.toContain('a secret of somebody');
    expect((await bytesOf(await bundleOf(sealed, ['programs']))).toString()).not.toContain(
      'a secret of somebody',
    );
    expect(await texts(['hidden-tests'])).not.toContain('NOBODY-MAY-SEE-THIS');
    expect(await texts([])).toContain('NOBODY-MAY-SEE-THIS');
    expect(open.blobs.size).toBe((await bundleOf(sealed, ['programs'])).blobs.size);
  });

  it('says nothing when it was erased, and why it was', async () => {
    const sealed = await sealedRun();
    const digest = await firstOf(sealed, 'CandidateGenerated');
    await eraseBlob(sealed.ledger, digest, 'a key stood in it', { actor: 'ada', correlation: '' });
    await signNow(sealed.ledger);
    const bundle = await bundleOf(sealed);
    const verdict = await verifyMade(bundle, pinned);
    expect(verdictsOf(verdict)).toEqual({ ...allYes, decided: 'unknown' });
    expect(verdict.reDecided.because).toMatch(`blob erased: ${digest}`);
    const page = (await bytesOf(bundle)).toString('utf8');
    expect(page).toContain('a key stood in it');
    expect(page).toContain('<bdi>ada</bdi>');
  });

  it('is erased for a bundle as soon as that was announced, and open until the record is signed', async () => {
    const sealed = await sealedRun();
    const digest = await firstOf(sealed, 'GenerationRequested');
    const data = { blob: { digest, bytes: (await sealed.ledger.getText(digest)).length }, reason: 'a key' };
    const draft = sealed.ledger.draft({ type: 'BlobErased', data }, { actor: 'ada', correlation: '' }, null);
    await sealed.ledger.append('audit-erasures' as StreamName, -1, [draft]);
    const bundle = await bundleOf(sealed);
    expect(bundle.blobs.get(digest)?.standing).toBe('erased');
    const verdict = await verifyMade(bundle, pinned);
    expect(verdict.nothingMissing).toEqual({
      verdict: 'unknown',
      because: expect.stringMatching(
        /^1 text is said to be erased, and the record that says so is not in here/,
      ),
    });
  });
});

describe('a decision that was not the one', () => {
  it('is named although its owner signed it', async () => {
    const honest = await sealedRun({ unsigned: true });
    const stream = episodeOf(honest.run, 1);
    const ledger = await copyLedger(honest.ledger.store, {
      stream,
      events: (events) =>
        events.map((event) =>
          event.type === 'CandidateScored' ? { ...event, data: { ...event.data, value: 1 } } : event,
        ),
    });
    await registerKey(ledger);
    await signNow(ledger);
    const verdict = await verifyMade(await bundleOf({ ledger, run: honest.run }), pinned);
    expect(verdictsOf(verdict)).toEqual({ ...allYes, decided: 'no' });
    expect(verdict.outcome).toBe('diverged');
    expect(verdict.failures.map((failure) => failure.stream)).toEqual([stream]);
    expect(verdict.reDecided.because).toMatch(
      new RegExp(
        `^${RegExp.escape(stream)} diverges at revision \\d+: CandidateScored was asked for with other data`,
      ),
    );
  });
});
