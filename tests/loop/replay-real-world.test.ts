import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { forgeRecords } from '../support/forge-records.ts';
import { right, saying, wrong } from '../support/one-episode.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { episodeOf, story } from '../support/story.ts';
import { toyTask } from '../support/toy-language.ts';
import {
  eventsOf,
  startToyRun,
  type ToyRun,
  type ToySession,
  toyLedger,
  workOn,
} from '../support/toy-run.ts';

async function episode(run: Partial<ToyRun>, session: ToySession) {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'real world');
  const given = {
    strategy: 'best-of-n',
    params: { candidates: 3, width: 3 },
    tasks: [toyTask('t', 2)],
    ...run,
  };
  const name = await startToyRun(ledger, given);
  await workOn(ledger, name, session);
  const stream = episodeOf(name);
  return { store, ledger, run: name, stream, events: await eventsOf(ledger, stream) };
}

const programs = ['f(0) = 1\n', 'f(0) = 2\n', 'f(0) = 3\n'];

describe('k samples of one prompt', () => {
  it('replay as k different samples, each under its own key', async () => {
    const { ledger, stream, events } = await episode({}, { generator: saying(...programs) });
    const asked = events.flatMap(({ type, data }) => (type === 'GenerationRequested' ? [data] : []));
    expect(new Set(asked.map(({ prompt }) => prompt.digest)).size).toBe(1);
    expect(asked.map(({ key }) => `${key.ordinal}.${key.occurrence}`)).toEqual(['0.0', '0.1', '0.2']);
    expect(new Set(asked.map(({ input }) => input)).size).toBe(3);
    const answers = events.flatMap(({ type, data }) =>
      type === 'CandidateGenerated' ? [[data.key?.occurrence, data.candidate] as const] : [],
    );
    expect(new Set(answers.map(([, candidate]) => candidate)).size).toBe(3);
    expect(await replayEpisode(ledger, stream)).toMatchObject({ verdict: 'pass' });
  });

  it('are no samples any more when one of them is told three times', async () => {
    const { store, stream, events } = await episode({}, { generator: saying(...programs) });
    const generated = events.filter(({ type }) => type === 'CandidateGenerated');
    const third = generated[2]?.data as unknown as Record<string, unknown>;
    const later = generated[1]?.revision as number;
    const ledger = await forgeRecords(store, (record) => {
      if (record.stream !== stream || record.revision !== later) return;
      const { candidate, program } = third;
      record.data = { ...record.data, candidate, program };
    });
    // What a cache by prompt would make of 1, 2, 3: 1, 3, 3. The request for an execution of 2 is not answered by 3.
    expect(await replayEpisode(ledger, stream)).toMatchObject({ verdict: 'diverged' });
  });

  it('cannot answer for each other: two swapped answers are two divergences', async () => {
    const { store, stream, events } = await episode({}, { generator: saying(...programs) });
    const [first, second] = events.filter(({ type }) => type === 'CandidateGenerated');
    const keys = [first, second].map((event) => (event?.data as { key: unknown } | undefined)?.key);
    for (const [at, key] of [
      [first?.revision, keys[1]],
      [second?.revision, keys[0]],
    ]) {
      const ledger = await forgeRecords(store, (record) => {
        if (record.stream === stream && record.revision === at) record.data['key'] = key;
      });
      expect(await replayEpisode(ledger, stream)).toMatchObject({ verdict: 'diverged' });
    }
  });
});

describe('another temperature', () => {
  it('is a divergence at the input, not a hit', async () => {
    const { store, stream, run, events } = await episode({}, { generator: saying(...programs) });
    const hot = { name: 'scripted', version: 1, config: { temperature: 1.5 } };
    const ledger = await forgeRecords(store, (record) => {
      const isStart = record.revision === 0 && (record.stream === run || record.stream === stream);
      if (isStart) record.data['generator'] = hot;
    });
    const told = await replayEpisode(ledger, stream);
    const asked = events.find(({ type }) => type === 'GenerationRequested');
    expect(told).toMatchObject({
      verdict: 'diverged',
      divergence: {
        ...{ revision: asked?.revision, layer: 'input' },
        reason: 'GenerationRequested 0.0.0 was asked for with another input than was recorded',
        members: [{ member: 'input', recorded: (asked?.data as { input: string } | undefined)?.input }],
      },
    });
    // Kind, key and the text of the prompt are as they were: only the digest of the input tells.
    expect(told.verdict === 'diverged' && told.divergence.texts).toEqual([]);
  });

  it('said of the episode alone is found before that', async () => {
    const { store, stream } = await episode({}, { generator: saying(...programs) });
    const ledger = await forgeRecords(store, (record) => {
      if (record.stream === stream && record.revision === 0)
        record.data['generator'] = { name: 'scripted', version: 1, config: { temperature: 1.5 } };
    });
    expect(await replayEpisode(ledger, stream)).toMatchObject({
      divergence: {
        revision: 0,
        members: [{ member: 'generator.config.temperature', recorded: 1.5 }],
      },
    });
  });
});

describe('a failed attempt followed by a retry', () => {
  const flaky = () => ({
    generator: new ScriptedGenerator({
      propose: () => right,
      fault: (_, call) => (call === 1 ? new PawlError('GENERATOR_FAILED', '529 Overloaded') : null),
    }),
    sandbox: new ScriptedSandbox({
      fault: (_, call) => (call === 1 ? new PawlError('SANDBOX_FAILED', 'gone') : null),
    }),
  });
  const run = { params: { candidates: 1 } };

  it('replays as both, attempt by attempt', async () => {
    const { ledger, stream, events } = await episode(run, flaky());
    expect(story(events).slice(1, 9)).toEqual([
      'GenerationRequested 0.0.0 sample 0 after none showing []',
      'GenerationFailed 0.0.0 GENERATOR_FAILED final false',
      'GenerationRequested 0.0.1 sample 0 after none showing []',
      'CandidateGenerated 0.0.1 generated #0',
      'ExecutionRequested 1.0.0 public #0',
      'ExecutionFailed 1.0.0 public SANDBOX_FAILED final false',
      'ExecutionRequested 1.0.1 public #0',
      'ExecutionFinished 1.0.1 public passed 2/2',
    ]);
    expect(await replayEpisode(ledger, stream)).toMatchObject({ verdict: 'pass', events: events.length });
  });

  it('is neither forgotten nor overwritten', async () => {
    const { store, stream } = await episode(run, flaky());
    const forged: readonly (readonly [revision: number, key: object])[] = [
      // The second attempt told as if it had been the first.
      [3, { ordinal: 0, occurrence: 0, attempt: 0 }],
      [4, { ordinal: 0, occurrence: 0, attempt: 0 }],
      [7, { ordinal: 1, occurrence: 0, attempt: 0 }],
    ];
    for (const [revision, key] of forged) {
      const ledger = await forgeRecords(store, (record) => {
        if (record.stream === stream && record.revision === revision) record.data['key'] = key;
      });
      expect(await replayEpisode(ledger, stream as StreamName)).toMatchObject({
        ...{ verdict: 'diverged', divergence: { revision, layer: 'key' } },
      });
    }
  });

  it('counts once against the budget, and replay holds it to that', async () => {
    const { events } = await episode(run, flaky());
    expect(events.at(-1)?.data).toMatchObject({ candidates: 1, executions: 1 });
  });
});

describe('a wrong answer that was told as a right one', () => {
  it('is found by the result it refers to, however consistently the rest was forged', async () => {
    const { store, stream, events } = await episode(
      { params: { candidates: 1 } },
      { generator: saying(wrong) },
    );
    const finished = events.find(({ type }) => type === 'ExecutionFinished');
    const ledger = await forgeRecords(store, (record) => {
      if (record.stream !== stream) return;
      if (record.type === 'ExecutionFinished') Object.assign(record.data, { outcome: 'passed', passed: 2 });
      if (record.type === 'CandidateScored')
        Object.assign(record.data, { value: 1, components: { passed: 2, total: 2 } });
    });
    expect(await replayEpisode(ledger, stream)).toMatchObject({
      verdict: 'diverged',
      divergence: {
        ...{ revision: finished?.revision, layer: 'content' },
        members: [
          { member: 'outcome', asked: 'failed', recorded: 'passed' },
          { member: 'passed', asked: 0, recorded: 2 },
        ],
      },
    });
  });
});
