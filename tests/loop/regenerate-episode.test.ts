import { describe, expect, it } from 'vitest';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { type Regenerated, regenerateEpisode } from '../../src/loop/regenerate-episode.ts';
import { textLikeness } from '../../src/loop/text-likeness.ts';
import { half, right, saying, wrong } from '../support/one-episode.ts';
import { executorOf } from '../support/rerun.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { episodeOf } from '../support/story.ts';
import { toyTask } from '../support/toy-language.ts';
import { startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

/** An episode whose generator wrote three programs: half right, wrong, right. */
async function writtenEpisode(generator: ScriptedGenerator, strategy = 'sequential-feedback') {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'test');
  const run = await startToyRun(ledger, { strategy, params: { candidates: 3 }, tasks: [toyTask('t', 2)] });
  await workOn(ledger, run, { generator });
  return { store, ledger, stream: episodeOf(run) };
}

type Episode = Awaited<ReturnType<typeof writtenEpisode>>;

function regenerate(
  { ledger, stream }: Episode,
  generator: ScriptedGenerator,
  sandbox = new ScriptedSandbox(),
) {
  const abort = new AbortController().signal;
  return regenerateEpisode(ledger, stream, { generator, executor: executorOf({ sandbox }), abort });
}

const brief = ({ likeness, similarity, sameVerdict }: Regenerated) => [likeness, similarity, sameVerdict];

describe('asking a generator again', () => {
  it('asks exactly what was asked, and finds the same programs', async () => {
    const first = saying(half, wrong, right);
    const episode = await writtenEpisode(first);
    const again = saying(half, wrong, right);
    const answers = await regenerate(episode, again);
    expect(answers.map(brief)).toEqual(Array.from({ length: 3 }, () => ['identical', 1, true]));
    expect(again.requests).toEqual(first.requests);
  });

  it('tells how far it strays, and whether that matters, and is never wrong about layout', async () => {
    const episode = await writtenEpisode(saying(half, wrong, right));
    const sandbox = new ScriptedSandbox();
    const answers = await regenerate(episode, saying(`\n${half}`, right, `${right}# done\n`), sandbox);
    expect(answers.map(brief)).toEqual([
      ['layout', 0.8, true],
      ['other', 0, false],
      ['other', 0.8, true],
    ]);
    // The first two against public tests; the last one, which was the answer, against hidden ones as well.
    expect(sandbox.performed).toHaveLength(4);
  });

  it('that failed then and fails in the same way now is no difference; anything else is told', async () => {
    const exhausted = () => new PawlError('GENERATOR_EXHAUSTED', 'There is no other.');
    const failing = () => new ScriptedGenerator({ fault: exhausted });
    const episode = await writtenEpisode(failing());
    expect((await regenerate(episode, failing())).map(brief)).toEqual([['failure', 1, null]]);
    const [answered] = await regenerate(episode, saying(right));
    expect(answered).toMatchObject({ likeness: 'none', remark: expect.stringMatching(/^a candidate came/) });
    const broken = new ScriptedGenerator({ fault: () => new TypeError('fetch failed') });
    const [other] = await regenerate(episode, broken);
    expect(other).toMatchObject({
      likeness: 'none',
      remark: 'INTERNAL where GENERATOR_EXHAUSTED was recorded',
    });
    const written = await writtenEpisode(saying(half, wrong, right));
    const [silent] = await regenerate(written, failing());
    expect(silent).toMatchObject({ likeness: 'none', remark: 'GENERATOR_EXHAUSTED: There is no other.' });
  });

  it('asks once where a first attempt failed', async () => {
    const flaky = new ScriptedGenerator({
      propose: () => right,
      fault: (_effect, call) => (call === 1 ? new PawlError('GENERATOR_FAILED', 'Try again.') : null),
    });
    const again = new ScriptedGenerator({ propose: () => right });
    expect((await regenerate(await writtenEpisode(flaky), again)).map(brief)).toEqual([
      ['identical', 1, true],
    ]);
    expect(again.requests).toHaveLength(1);
  });

  it('also a repeated program is compared, with the verdict of the candidate that it repeats', async () => {
    const episode = await writtenEpisode(saying(wrong, wrong, wrong));
    const answers = await regenerate(episode, saying(wrong, wrong, wrong));
    expect(answers.map(brief)).toEqual(Array.from({ length: 3 }, () => ['identical', 1, true]));
  });

  it('says what is missing', async () => {
    const episode = await writtenEpisode(saying(half, right));
    const { ledger, store } = episode;
    const events = await Array.fromAsync(ledger.readStream(episode.stream));
    const made = events.find(({ type }) => type === 'CandidateGenerated');
    if (made?.type !== 'CandidateGenerated') throw new Error('a candidate');
    await store.eraseBlob(made.data.program.digest);
    const answers = await regenerate(episode, saying(half, right));
    // The second request shows the first program, so it cannot be made again either.
    expect(answers.map(({ likeness }) => likeness)).toEqual(['none', 'none']);
    for (const { remark } of answers) expect(remark).toMatch(/erased/);
  });
});

describe('the likeness of two texts', () => {
  it.each([
    ['a\nb\n', 'a\nb\n', 'identical', 1],
    ['a\nb\n', 'a\n  b\n', 'layout', 0.5],
    ['a\nb\nc\n', 'a\nx\nc\n', 'other', 4 / 6],
    ['', 'a\n', 'other', 0],
    ['a', 'a\n', 'layout', 0],
    ['a\nb', 'b\na', 'other', 0],
  ])('%j and %j: %s', (left, right_, kind, similarity) => {
    expect(textLikeness(left, right_)).toEqual({ kind, similarity });
  });
});
