import { describe, expect, it } from 'vitest';
import { leaderboardProjection } from '../../projections/leaderboard.ts';
import { fold } from '../../projections/projection.ts';
import { runProjection } from '../../projections/run.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { eraseBlob } from '../../src/ledger/erase-blob.ts';
import { type Ledger, newBlob } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { diffRuns } from '../../src/loop/diff-runs.ts';
import { forkAccount } from '../../src/loop/fork-account.ts';
import { LedgerReplay } from '../../src/loop/replay-ledger.ts';
import { bundleOf, pinned, sealedRun, verdictsOf, verifyMade } from '../exchange/bundle/sealed-run.ts';
import { forgeRecords } from '../support/forge-records.ts';
import { half, right, saying, wrong } from '../support/one-episode.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { episodeOf } from '../support/story.ts';
import { deafPorts, forkAndWork, forkRunAndWork } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, outcomeDigest, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const brief = 'Do {{task}}: {{statement}}{{#turns}}\n{{number}} {{feedback}}{{/turns}}';
const beginsAlike = `${brief}{{#turns}}\n(And better.){{/turns}}`;
const writer = { actor: 'test', correlation: 'test' };

/** A run of one task whose generator says half, wrong, right. */
async function told(prompt?: string) {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'told');
  const plan = { strategy: 'sequential-feedback', params: { candidates: 3 }, tasks: [toyTask('t', 2)] };
  const run = await startToyRun(ledger, prompt === undefined ? plan : { ...plan, prompt });
  const generator = saying(half, wrong, right);
  await workOn(ledger, run, { generator });
  return { store, ledger, run, episode: episodeOf(run), generator };
}

async function verdicts(ledger: Ledger, ...streams: readonly StreamName[]): Promise<readonly string[]> {
  const replay = new LedgerReplay(ledger, { rederive: null });
  const found = await Promise.all(streams.map((stream) => replay.stream(stream)));
  return found.map((each) => {
    if (each.verdict === 'diverged') return `diverged: ${each.divergence.recorded?.type}`;
    return each.verdict === 'inconclusive' ? each.missing : each.verdict;
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (isPawlError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing';
}

describe('a run with a prompt template', () => {
  it('tells generators what it renders to, records just that, and names the template', async () => {
    const { ledger, run, episode, generator } = await told(brief);
    const asked = generator.requests.map(({ prompt }) => prompt);
    const failed = (passed: number, ...lines: readonly string[]): string =>
      [`Outcome: failed. ${passed} of 2 public tests passed.`, ...lines].join('\n');
    const first = failed(1, 'FAIL square-1: f(1)', '  expected 1', '  actual   9');
    const all = ['FAIL square-0: f(0)', '  expected 0', '  actual   8', ...first.split('\n').slice(1)];
    expect(asked).toEqual([
      'Do t: Square numbers (t).',
      `Do t: Square numbers (t).\n1 ${first}`,
      `Do t: Square numbers (t).\n1 ${first}\n2 ${failed(0, ...all)}`,
    ]);
    const recorded: string[] = [];
    for (const { type, data } of await eventsOf(ledger, episode))
      if (type === 'GenerationRequested') recorded.push(await ledger.getText(data.prompt.digest));
    expect(recorded).toEqual(asked);
    const [started] = await eventsOf(ledger, run);
    expect(started?.data).toMatchObject({ prompt: newBlob(brief).ref });
    expect(await ledger.getText(newBlob(brief).ref.digest)).toBe(brief);
  });

  it('replays; under another template, or the built-in prompts, it does not', async () => {
    const { store, ledger, run, episode } = await told(brief);
    expect(await verdicts(ledger, run, episode)).toEqual(['pass', 'pass']);
    const other = newBlob(`${brief}!`);
    await store.putBlobs([other.blob]);
    for (const prompt of [other.ref, null]) {
      const forged = await forgeRecords(store, (record) => {
        if (record.type === 'RunStarted') record.data['prompt'] = prompt;
      });
      expect(await verdicts(forged, run, episode)).toEqual(['pass', 'diverged: GenerationRequested']);
    }
  });

  it('is inconclusive where its template is gone, or is one that this build cannot read', async () => {
    const { store, ledger, run, episode } = await told(brief);
    const later = newBlob('{{hindsight}}');
    await store.putBlobs([later.blob]);
    const forged = await forgeRecords(store, (record) => {
      if (record.type === 'RunStarted') record.data['prompt'] = later.ref;
    });
    const unknown = expect.stringMatching(
      /^The prompt template, line 1, column 1: there is no "hindsight"\./,
    );
    expect(await verdicts(forged, run, episode)).toEqual([unknown, unknown]);
    const { digest } = newBlob(brief).ref;
    await eraseBlob(ledger, digest, 'a secret stood in it', writer);
    expect(await verdicts(ledger, run, episode)).toEqual(Array(2).fill(`blob erased: ${digest}`));
  });

  it('begins with a template that can be used, or not at all', async () => {
    const ledger = toyLedger(openMemoryStore(), 'refused');
    const plan = { strategy: 'best-of-n', tasks: [toyTask('t', 2)], prompt: '{{statment}}' };
    expect(await codeOf(startToyRun(ledger, plan))).toMatch(/^PROMPT_TEMPLATE_INVALID: .* no "statment"/);
    expect((await ledger.head()).size).toBe(0);
  });

  it('goes on with it after a pause as if there had been none, and not at all without it', async () => {
    const straight = await told(brief);
    const ledger = toyLedger(openMemoryStore(), 'told');
    const plan = { strategy: 'sequential-feedback', params: { candidates: 3 }, tasks: [toyTask('t', 2)] };
    const run = await startToyRun(ledger, { ...plan, prompt: brief });
    const pause = new AbortController();
    await workOn(ledger, run, {
      ...{ generator: saying(half, wrong, right), pause: pause.signal },
      onEvent: ({ type }) => (type === 'FeedbackComposed' ? pause.abort() : undefined),
    });
    const other = toyLedger(ledger.store, 'another process');
    await workOn(other, run, { generator: saying(half, wrong, right) });
    expect(await outcomeDigest(other, run)).toBe(await outcomeDigest(straight.ledger, straight.run));
    const begun = await startToyRun(toyLedger(openMemoryStore(), 'told'), { ...plan, prompt: brief });
    const gone = toyLedger(openMemoryStore(), 'gone');
    expect(await startToyRun(gone, { ...plan, prompt: brief })).toBe(begun);
    await eraseBlob(gone, newBlob(brief).ref.digest, 'gone', writer);
    expect(await codeOf(workOn(gone, begun))).toMatch(/^BLOB_ERASED/);
  });

  it('is another thing than the same run with other prompts: in outcomes, leaderboards and differences', async () => {
    const { ledger, run } = await told();
    const plan = { strategy: 'sequential-feedback', params: { candidates: 3 }, tasks: [toyTask('t', 2)] };
    const other = await told(brief);
    expect(await outcomeDigest(ledger, run)).not.toBe(await outcomeDigest(other.ledger, other.run));
    expect(await startToyRun(toyLedger(openMemoryStore(), 'told'), plan)).toBe(run);
    const branch = await forkRunAndWork(
      ledger,
      { run, prompt: brief },
      { generator: saying(half, wrong, right) },
    );
    const { setup } = await diffRuns(ledger, run, branch);
    expect(setup).toEqual([{ member: 'prompt', left: null, right: newBlob(brief).ref }]);
    const events = await Array.fromAsync(other.ledger.readAll());
    const { rows } = fold(leaderboardProjection, events);
    expect(Object.values(rows).map(({ prompt, runs }) => ({ prompt, runs }))).toEqual([
      { prompt: sha256Hex(brief), runs: 1 },
    ]);
    expect(fold(runProjection, events).runs[other.run]).toMatchObject({ prompt: newBlob(brief).ref });
    const own = await Array.fromAsync(ledger.readAll());
    expect(fold(runProjection, own).runs[run]).not.toHaveProperty('prompt');
  });
});

describe('a branch', () => {
  it('keeps the prompts of its parent, and performs nothing where nothing was changed', async () => {
    const { ledger, run } = await told(brief);
    const { asked, ...ports } = deafPorts();
    const branch = await forkRunAndWork(ledger, { run }, ports);
    expect(asked()).toEqual([]);
    expect((await eventsOf(ledger, branch))[0]?.data).toMatchObject({ prompt: newBlob(brief).ref });
    expect(await verdicts(ledger, branch, episodeOf(branch))).toEqual(['pass', 'pass']);
  });

  it('with another template is answered where it is told the same, and asks where it is not', async () => {
    const { ledger, run } = await told(brief);
    const generator = saying(half, wrong, right);
    const branch = await forkRunAndWork(ledger, { run, prompt: beginsAlike }, { generator });
    expect(generator.requests.map(({ sample }) => sample)).toEqual([1, 2]);
    expect(generator.requests[0]?.prompt.endsWith('\n(And better.)')).toBe(true);
    const { reused, performed } = await forkAccount(ledger, episodeOf(branch));
    expect([reused.generations, performed.generations]).toEqual([1, 2]);
    expect(await verdicts(ledger, branch, episodeOf(branch))).toEqual(['pass', 'pass']);
  });

  it.each([
    ['from a template to the built-in prompts', brief, null],
    ['from the built-in prompts to a template', undefined, brief],
  ])('%s asks for everything anew', async (_what, from, to) => {
    const { ledger, run } = await told(from);
    const generator = saying(half, wrong, right);
    const branch = await forkRunAndWork(ledger, { run, prompt: to }, { generator });
    expect(generator.requests.map(({ sample }) => sample)).toEqual([0, 1, 2]);
    expect((await eventsOf(ledger, branch))[0]?.data).toMatchObject({
      prompt: to === null ? null : newBlob(to).ref,
    });
    expect(await verdicts(ledger, branch, episodeOf(branch))).toEqual(['pass', 'pass']);
  });

  it('of an episode goes on with another template from the middle', async () => {
    const { ledger, episode } = await told(brief);
    const events = await eventsOf(ledger, episode);
    const at = events.findIndex(({ type }) => type === 'FeedbackComposed');
    const generator = new ScriptedGenerator({ propose: () => right });
    const fork = { episode, at, prompt: 'Once more: {{statement}}' };
    const forked = await forkAndWork(ledger, fork, { generator });
    expect(generator.requests.map(({ prompt }) => prompt)).toEqual(['Once more: Square numbers (t).']);
    expect(await verdicts(ledger, forked.run, forked.episode)).toEqual(['pass', 'pass']);
  });

  it('is refused where other prompts cannot matter any more, or would answer a request under way', async () => {
    const { ledger, episode } = await told(brief);
    const events = await eventsOf(ledger, episode);
    const picked = events.findIndex(({ type }) => type === 'FinalPicked');
    const asked = events.findLastIndex(({ type }) => type === 'GenerationRequested');
    const branch = (at: number) => forkAndWork(ledger, { episode, at, prompt: beginsAlike }, {});
    expect(await codeOf(branch(picked))).toMatch(/the answer is picked, and no change matters any more/);
    expect(await codeOf(branch(asked))).toMatch(/was under way, and the branch would ask for something else/);
    const size = (await ledger.head()).size;
    expect(await codeOf(forkAndWork(ledger, { episode, prompt: '{{#turns}}' }, {}))).toMatch(
      /^PROMPT_TEMPLATE_INVALID/,
    );
    expect((await ledger.head()).size).toBe(size);
  });

  it('of a run whose template is gone needs another one', async () => {
    const { ledger, run } = await told(brief);
    await eraseBlob(ledger, newBlob(brief).ref.digest, 'gone', writer);
    const generator = saying(half, wrong, right);
    expect(await codeOf(forkRunAndWork(ledger, { run }, { generator }))).toMatch(/^BLOB_ERASED/);
    const branch = await forkRunAndWork(ledger, { run, prompt: '{{statement}}' }, { generator });
    expect(await verdicts(ledger, branch, episodeOf(branch))).toEqual(['pass', 'pass']);
  });
});

describe('a bundle of a run with a template', () => {
  it('brings the template, so that everything is decided again; without it, nothing can be', async () => {
    const sealed = await sealedRun({ run: { prompt: brief } });
    const bundle = await bundleOf(sealed);
    expect(bundle.blobs.get(sha256Hex(brief))?.standing).toBe('stored');
    expect(verdictsOf(await verifyMade(bundle, pinned)).decided).toBe('yes');
    const redacted = await bundleOf(sealed, ['prompts']);
    expect(redacted.blobs.get(sha256Hex(brief))?.standing).not.toBe('stored');
    expect(verdictsOf(await verifyMade(redacted, pinned)).decided).toBe('unknown');
  });
});
