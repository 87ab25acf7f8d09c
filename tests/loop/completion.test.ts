import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../../src/generators/generator.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { LedgerReplay } from '../../src/loop/replay-ledger.ts';
import {
  bundleOf,
  bytesOf,
  pinned,
  sealedRun,
  verdictsOf,
  verifyMade,
} from '../exchange/bundle/sealed-run.ts';
import { half, right } from '../support/one-episode.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { episodeOf } from '../support/story.ts';
import { deafPorts, forkRunAndWork } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

/** Says more than a program, as a model does: by sample, the program and all that was said. */
class Talker extends ScriptedGenerator {
  readonly #said: readonly (readonly [program: string, completion: string])[];

  constructor(...said: readonly (readonly [program: string, completion: string])[]) {
    super();
    this.#said = said;
  }

  override async generate(request: GenerationRequest, signal: AbortSignal) {
    const [program, completion] = this.#said[request.sample] ?? ['', ''];
    return { ...(await super.generate(request, signal)), program, completion };
  }
}

async function told(...said: readonly (readonly [string, string])[]) {
  const ledger = toyLedger(openMemoryStore(), 'completions');
  const params = { candidates: said.length, stop: 'never' };
  const run = await startToyRun(ledger, { strategy: 'best-of-n', params, tasks: [toyTask('t', 2)] });
  await workOn(ledger, run, { generator: new Talker(...said) });
  const lines: string[] = [];
  for (const { type, data } of await eventsOf(ledger, episodeOf(run))) {
    if (type !== 'CandidateGenerated' && type !== 'CandidateRejected') continue;
    const why = type === 'CandidateRejected' ? data.reason : 'kept';
    const said_ = data.completion === null ? null : await ledger.getText(data.completion.digest);
    lines.push(`${why}: ${said_}`);
  }
  return { ledger, run, lines };
}

describe('what a model answered', () => {
  it('is kept word for word beside the program, also where there was none or it was known', async () => {
    const { ledger, run, lines } = await told(
      [half, `Try this:\n${half}`],
      [half, `Or this:\n${half}`],
      ['', 'I do not know.'],
      [right, right],
    );
    expect(lines).toEqual([
      `kept: Try this:\n${half}`,
      `duplicate: Or this:\n${half}`,
      'empty: I do not know.',
      'kept: null',
    ]);
    const replay = new LedgerReplay(ledger, { rederive: null });
    expect((await replay.stream(episodeOf(run))).verdict).toBe('pass');
  });

  it('is kept up to a size, as text that can be stored', async () => {
    const { lines } = await told([half, `\ud800${half}`], [right, 'é'.repeat(300 * 1024)]);
    expect(lines[0]).toBe(`kept: \ufffd${half}`);
    expect(lines[1]).toBe(`kept: ${'é'.repeat(256 * 1024)}`);
  });

  it('is taken over by a branch', async () => {
    const { ledger, run } = await told([half, `Try this:\n${half}`], [half, `Or this:\n${half}`]);
    const { asked, ...ports } = deafPorts();
    const branch = await forkRunAndWork(ledger, { run }, ports);
    expect(asked()).toEqual([]);
    const completions = async (of: typeof run) =>
      (await eventsOf(ledger, episodeOf(of))).flatMap(({ data }) =>
        'completion' in data ? [data.completion] : [],
      );
    expect(await completions(branch)).toEqual(await completions(run));
    const replay = new LedgerReplay(ledger, { rederive: null });
    expect((await replay.stream(episodeOf(branch))).verdict).toBe('pass');
  });

  it('is in a bundle, unless it is withheld or quotes what is withheld', async () => {
    const generator = new Talker([half, `MY-THOUGHTS\n${half}`], [right, `MY-THOUGHTS\n${right}`]);
    const sealed = await sealedRun({ run: { tasks: [toyTask('t', 2)] }, session: { generator } });
    const texts = async (...redact: Parameters<typeof bundleOf>[1] & object) => {
      const bundle = await bundleOf(sealed, redact);
      const stored = [...bundle.blobs].filter(([, { standing }]) => standing === 'stored');
      const contents = await Promise.all(stored.map(([digest]) => bundle.load(digest)));
      return contents.map((content) => Buffer.from(content).toString('utf8')).join('\n');
    };
    expect(await texts()).toContain('MY-THOUGHTS');
    for (const kind of ['completions', 'programs', 'prompts', 'tasks'] as const) {
      expect(await texts(kind), kind).not.toContain('MY-THOUGHTS');
      expect((await bytesOf(await bundleOf(sealed, [kind]))).toString(), kind).not.toContain('MY-THOUGHTS');
    }
    expect(await texts('completions')).toContain(right);
    expect(verdictsOf(await verifyMade(await bundleOf(sealed), pinned)).decided).toBe('yes');
    expect(verdictsOf(await verifyMade(await bundleOf(sealed, ['completions']), pinned)).decided).toBe(
      'unknown',
    );
  });
});
