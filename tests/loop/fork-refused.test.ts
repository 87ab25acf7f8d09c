import { describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { type EpisodeFork, forkEpisode } from '../../src/loop/fork-episode.ts';
import { forkRun } from '../../src/loop/fork-run.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { episodeOf, story } from '../support/story.ts';
import { deafPorts, forkAndWork, forkServices, strategyWith, told } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, type ToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const programs = ['f(0) = 1\n', 'f(0) = 2\n', 'f(0) = 3\n', 'f(0) = 4\n'];

/** One finished episode that draws three candidates and solves nothing. */
async function parent(run: Partial<ToyRun> = {}) {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'parent');
  const given = { strategy: 'best-of-n', params: { candidates: 3 }, tasks: [toyTask('t', 2)], ...run };
  const name = await startToyRun(ledger, given);
  const generator = new ScriptedGenerator({ propose: ({ sample }) => programs[sample] ?? '' });
  await workOn(ledger, name, { generator });
  const episode = episodeOf(name);
  return { store, ledger, run: name, episode, events: await eventsOf(ledger, episode) };
}

async function refusal(
  fork: Partial<EpisodeFork>,
  from?: Awaited<ReturnType<typeof parent>>,
): Promise<string> {
  const { ledger, episode } = from ?? (await parent());
  const { size } = await ledger.head();
  const error = await forkEpisode({ episode, ...fork }, forkServices(ledger, 'refused')).then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ code: 'FORK_INVALID' });
  expect((await ledger.head()).size, 'nothing is written for a branch that is refused').toBe(size);
  return error.message.replace(episode, 'EPISODE');
}

describe('a revision', () => {
  it.each([-1, 1.5, Number.NaN, 21, 2 ** 53])('%d is none of the episode', async (at) => {
    expect(await refusal({ at })).toBe(
      `EPISODE cannot be branched at revision ${at}: it has revisions 0 to 20.`,
    );
  });

  it('from which the grading can be seen is refused; the last one before it is not', async () => {
    const from = await parent();
    expect(story(from.events).slice(-5)).toEqual([
      'FinalPicked #0 best_score',
      'ExecutionRequested 6.0.0 hidden #0',
      'ExecutionFinished 6.0.0 hidden failed 1/4',
      'FinalGraded #0 1/4 by 6.0.0',
      'EpisodeFinished graded public false hidden false spent 3 3',
    ]);
    for (const at of [17, 18, 19, 20]) {
      expect(await refusal({ at }, from)).toBe(
        `EPISODE cannot be branched at revision ${at}: its answer was handed in at revision 17, and what follows tells how it was graded. Branch at 16 or earlier.`,
      );
    }
    const ports = deafPorts();
    const { events } = await forkAndWork(from.ledger, { episode: from.episode, at: 16 }, ports);
    expect(ports.asked()).toEqual([]);
    expect(told(events)).toEqual(told(from.events));
  });

  it('at which the answer is picked leaves nothing that could be decided otherwise', async () => {
    const strategy = strategyWith('sequential-feedback', { candidates: 3 });
    const changes = [{ strategy }, { budget: { candidates: 9 } }, { resample: true }];
    for (const change of changes) {
      expect(await refusal({ at: 16, ...change })).toBe(
        'EPISODE cannot be branched at revision 16: the answer is picked, and no change matters any more. Branch at 15 or earlier.',
      );
    }
  });

  it('between the requests of one command is no place to branch', async () => {
    const from = await parent({ params: { candidates: 3, width: 3 } });
    for (const at of [1, 2]) {
      expect(await refusal({ at }, from)).toBe(
        `EPISODE cannot be branched at revision ${at}: it is in the middle of a request for several candidates. Branch at 0 or at 3.`,
      );
    }
    await forkAndWork(from.ledger, { episode: from.episode, at: 3 }, deafPorts());
  });
});

describe('left out, the revision', () => {
  it('is where the search ended, so that the branch can go on', async () => {
    const { ledger, episode, events } = await parent();
    const strategy = strategyWith('best-of-n', { candidates: 4 });
    const generator = new ScriptedGenerator({ propose: ({ sample }) => programs[sample] ?? '' });
    const branch = await forkAndWork(ledger, { episode, strategy }, { generator });
    expect(events[branch.revision + 1]?.type).toBe('FinalPicked');
    expect(generator.performed).toEqual(['toy/t/6.0']);
  });

  it('is before a budget ran out, which a larger one then does not', async () => {
    const { ledger, episode, events } = await parent({ budget: { candidates: 2 } });
    expect(events.some(({ type }) => type === 'BudgetExhausted')).toBe(true);
    const branch = await forkAndWork(ledger, { episode, budget: { candidates: 3 } }, {});
    expect(events[branch.revision + 1]?.type).toBe('BudgetExhausted');
    expect(branch.events.some(({ type }) => type === 'BudgetExhausted')).toBe(false);
    expect(branch.events.at(-1)).toMatchObject({ data: { candidates: 3 } });
  });

  it('is before a generator gave up, where another one is asked', async () => {
    const ledger = toyLedger(openMemoryStore(), 'parent');
    const run = await startToyRun(ledger, {
      strategy: 'best-of-n',
      params: { candidates: 3 },
      tasks: [toyTask('t', 2)],
    });
    await workOn(ledger, run, { generator: new ScriptedGenerator({ fault: () => new Error('gone') }) });
    const ref = { name: 'scripted', version: 2, config: {} };
    const fork = { episode: episodeOf(run), generator: { ref, spec: 'scripted' } };
    const branch = await forkAndWork(ledger, fork, {});
    expect(branch.revision).toBe(0);
    expect(branch.events.filter(({ type }) => type === 'CandidateGenerated').length).toBeGreaterThan(0);
    // Asked of the same generator, the failure stays what was recorded.
    const same = await forkAndWork(ledger, { episode: episodeOf(run) }, deafPorts());
    expect(told(same.events)).toEqual(told(await eventsOf(ledger, episodeOf(run))));
  });

  it('is where the branch still fits: fewer candidates are answered from what was drawn until then', async () => {
    const { ledger, episode } = await parent();
    const ports = deafPorts();
    const strategy = strategyWith('best-of-n', { candidates: 2 });
    const branch = await forkAndWork(ledger, { episode, strategy }, ports);
    expect(branch.revision).toBe(10);
    expect(ports.asked().length).toBe(0);
    expect(branch.events.at(-1)).toMatchObject({ type: 'EpisodeFinished', data: { candidates: 2 } });
  });
});

describe('a change that does not fit what is kept', () => {
  it('fewer candidates than were drawn', async () => {
    const strategy = strategyWith('sequential-feedback', { candidates: 2 });
    expect(await refusal({ at: 13, strategy })).toBe(
      'EPISODE cannot be branched at revision 13: 3 candidates had been asked for, and sequential-feedback with candidates=2 asks for 2. Branch earlier, or allow more.',
    );
  });

  it.each([
    ['candidates', 2, '3 candidates had been used, and the branch may use 2.'],
    ['executions', 1, '3 executions had been used, and the branch may use 1.'],
    ['tokens', 5, '57 tokens had been used, and the branch may use 5.'],
  ])('a smaller budget of %s than was used', async (kind, limit, why) => {
    expect(await refusal({ at: 13, budget: { [kind]: limit } })).toBe(
      `EPISODE cannot be branched at revision 13: ${why} Branch earlier, or allow more.`,
    );
  });

  it('parameters that no strategy takes, and a strategy of another version', async () => {
    const { ledger, episode } = await parent();
    const services = forkServices(ledger, 'refused');
    const bad = { name: 'best-of-n', version: 1, params: { candidates: 0 } };
    await expect(forkEpisode({ episode, strategy: bad }, services)).rejects.toMatchObject({
      code: 'STRATEGY_PARAMS',
    });
    const unknown = { name: 'guess', version: 1, params: {} };
    await expect(forkEpisode({ episode, strategy: unknown }, services)).rejects.toMatchObject({
      code: 'STRATEGY_NOT_FOUND',
    });
    const old = { name: 'best-of-n', version: 7, params: { candidates: 3 } };
    await expect(forkEpisode({ episode, strategy: old }, services)).rejects.toMatchObject({
      code: 'FORK_INVALID',
      message: expect.stringContaining('follows best-of-n version 7; this build has version 1.'),
    });
  });
});

describe('a parent', () => {
  it('that nobody knows, or that has not begun, is none', async () => {
    const ledger = toyLedger(openMemoryStore(), 'parent');
    const run = await startToyRun(ledger, { strategy: 'best-of-n', tasks: [toyTask('t', 2)] });
    const services = forkServices(ledger, 'refused');
    for (const episode of [episodeOf(run), 'episode-NOBODY.0' as StreamName, run]) {
      await expect(forkEpisode({ episode }, services)).rejects.toMatchObject({
        code: 'FORK_INVALID',
        message: `${episode} has not begun, so that there is nothing to branch from.`,
      });
    }
    await expect(forkRun({ run: 'run-NOBODY' as StreamName }, services)).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });

  it('run whose episodes have not begun is branched: all of it is performed', async () => {
    const ledger = toyLedger(openMemoryStore(), 'parent');
    const run = await startToyRun(ledger, { strategy: 'best-of-n', tasks: [toyTask('t', 2)] });
    const services = forkServices(ledger, 'fork');
    const fork = await forkRun({ run }, services);
    await workOn(ledger, fork.run);
    expect((await eventsOf(ledger, episodeOf(fork.run)))[0]?.data).toMatchObject({
      forkedFrom: { episode: episodeOf(run), revision: -1 },
    });
    await workOn(ledger, run);
    expect(told(await eventsOf(ledger, episodeOf(fork.run)))).toEqual(
      told(await eventsOf(ledger, episodeOf(run))),
    );
  });

  it('of another version of its strategy or scorer is branched by the build it began with', async () => {
    const from = await parent();
    const forged = await forgery(from, from.run, (event) =>
      event.type === 'RunStarted'
        ? { ...event, data: { ...event.data, strategy: { ...event.data.strategy, version: 9 } } }
        : event,
    );
    await expect(forkRun({ run: from.run }, forkServices(forged, 'refused'))).rejects.toMatchObject({
      code: 'FORK_INVALID',
      message: `${from.run} follows best-of-n version 9; this build has version 1. Name a strategy to go on with, or use the build it began with.`,
    });
    const strategy = strategyWith('unary-retry', { candidates: 3 });
    await forkRun({ run: from.run, strategy }, forkServices(forged, 'named'));
    const scorer = { ...forkServices(from.ledger, '').scorer, version: 2 };
    await expect(
      forkRun({ run: from.run }, forkServices(from.ledger, 'refused', { scorer })),
    ).rejects.toMatchObject({
      code: 'FORK_INVALID',
      message: `${from.run} scores with tests version 1; here it is tests version 2. Branch it with the build it began with.`,
    });
  });

  it('that was imported holds no decision of ours', async () => {
    const from = await parent();
    const imported = {
      format: 'recorded-run',
      formatVersion: 1,
      name: 'x.jsonl',
      file: 'a'.repeat(64) as Digest,
    };
    const ledger = await forgery(from, from.run, (event) =>
      event.type === 'RunStarted' ? { ...event, data: { ...event.data, imported } } : event,
    );
    const services = forkServices(ledger, 'refused');
    const message = `${from.run} was imported: another tool decided it, so there is no decision to branch from. \`pawl rerun\` executes its programs.`;
    await expect(forkEpisode({ episode: from.episode }, services)).rejects.toMatchObject({
      code: 'FORK_INVALID',
      message,
    });
    await expect(forkRun({ run: from.run }, services)).rejects.toMatchObject({
      code: 'FORK_INVALID',
      message,
    });
  });

  it('that does not begin as its run says is not branched', async () => {
    const from = await parent();
    const ledger = await forgery(from, from.episode, (event) =>
      event.type === 'EpisodeStarted' ? { ...event, data: { ...event.data, seed: 'luckier' } } : event,
    );
    expect(await refusal({}, { ...from, ledger })).toBe(
      `EPISODE does not begin as ${from.run} says. \`pawl replay\` shows where it differs; such an episode is not branched.`,
    );
  });

  it('whose events do not follow from each other is branched before that', async () => {
    const from = await parent();
    const ledger = await forgery(from, from.episode, (event) =>
      event.type === 'ExecutionFinished' && event.data.key.ordinal === 3
        ? { ...event, data: { ...event.data, key: { ...event.data.key, ordinal: 77 } } }
        : event,
    );
    expect(await refusal({ at: 12 }, { ...from, ledger })).toBe(
      'EPISODE cannot be branched at revision 12: best-of-n cannot take up what happened by revision 9 (outcome 77.0.0 answers one pending execution). Branch at 8 or earlier.',
    );
    await forkEpisode({ episode: from.episode, at: 8 }, forkServices(ledger, 'before'));
  });
});

describe('a blob that was erased', () => {
  it('stops a branch that would have to show or run it, and no other', async () => {
    const from = await parent({ strategy: 'sequential-feedback' });
    const [candidate] = from.events.flatMap(({ type, data }) =>
      type === 'CandidateGenerated' ? [data] : [],
    );
    const { digest } = candidate?.program ?? { digest: '' as Digest };
    await from.store.eraseBlob(digest);
    const services = forkServices(from.ledger, 'erased');
    const { size } = await from.ledger.head();
    await expect(forkEpisode({ episode: from.episode, at: 2 }, services)).rejects.toMatchObject({
      code: 'BLOB_ERASED',
    });
    expect((await from.ledger.head()).size).toBe(size);
    const fork = { episode: from.episode, at: 0, resample: true };
    const { events } = await forkAndWork(from.ledger, fork, {});
    expect(events.at(-1)?.type).toBe('EpisodeFinished');
  });
});

async function forgery(
  { store }: Awaited<ReturnType<typeof parent>>,
  stream: StreamName,
  change: (event: PawlEvent) => PawlEvent,
) {
  const target = openMemoryStore();
  await copyLedger(store, { stream, events: (events) => events.map(change) }, target);
  return toyLedger(target, 'forged');
}
