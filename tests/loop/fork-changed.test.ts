import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { effectKeyText } from '../../src/events/shapes.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { Json } from '../../src/kernel/json.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { forkAccount } from '../../src/loop/fork-account.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { ScriptedGenerator, scriptedGeneratorRef } from '../support/scripted-generator.ts';
import { ScriptedSandbox, scriptedFingerprint } from '../support/scripted-sandbox.ts';
import { episodeOf, story } from '../support/story.ts';
import { deafPorts, forkAndWork, forkRunAndWork, strategyWith, told } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = [toyTask('plain', 2), toyTask('given', 3, { 'f(0)': '7' }), toyTask('wide', 4)];
type Setting = readonly [strategy: string, params: Readonly<Record<string, Json>>];
const settings: readonly Setting[] = [
  ['best-of-n', { candidates: 4 }],
  ['best-of-n', { candidates: 6, width: 3, stop: 'never' }],
  ['sequential-feedback', { candidates: 4 }],
  ['unary-retry', { candidates: 4 }],
];
const pairs = settings.flatMap((from) =>
  settings.flatMap((to) => (from === to ? [] : [[from, to] as const])),
);

async function finished([strategy, params]: Setting, label: string) {
  const ledger = toyLedger(openMemoryStore(), label);
  const run = await startToyRun(ledger, { strategy, params, tasks });
  await workOn(ledger, run);
  return { ledger, run };
}

type Requests = ReadonlyMap<string, { readonly input: string; readonly key: string }>;

/** Every request by type and key, and the inputs of executions that ended in a way that only the program decides. */
function recorded(events: readonly AnyRecordedEvent[]) {
  const requests = new Map<string, { input: string; key: string }>();
  const executed = new Set<string>();
  for (const { type, data } of events) {
    if (type === 'GenerationRequested' || type === 'ExecutionRequested') {
      requests.set(`${type} ${effectKeyText(data.key)}`, { input: data.input, key: effectKeyText(data.key) });
    }
    if (type !== 'ExecutionFinished' || data.outcome === 'timeout') continue;
    executed.add(requests.get(`ExecutionRequested ${effectKeyText(data.key)}`)?.input ?? '');
  }
  return { requests: requests as Requests, executed };
}

/** What a branch may ask its ports for: what its stream requests and the parent's does not answer. */
function mustPerform(parent: readonly AnyRecordedEvent[], branch: readonly AnyRecordedEvent[]) {
  const known = recorded(parent);
  const seed = parent[0]?.type === 'EpisodeStarted' ? parent[0].data.seed : '';
  const unanswered = [...recorded(branch).requests].filter(
    ([name, { input }]) => known.requests.get(name)?.input !== input && !known.executed.has(input),
  );
  const named = (type: string) => unanswered.filter(([name]) => name.startsWith(type));
  return {
    generations: named('GenerationRequested').map(([, { key }]) => `${seed}/${key.replace(/\.\d+$/, '')}`),
    executions: named('ExecutionRequested').map(([, { input }]) => input),
  };
}

describe.each(pairs)('%j branched as %j', (from, to) => {
  const strategy = strategyWith(...to);

  it('asks for exactly what the parent does not answer, wherever it is branched', async () => {
    const { ledger, run } = await finished(from, 'parent');
    let branches = 0;
    for (const index of tasks.keys()) {
      const episode = episodeOf(run, index);
      const parent = await eventsOf(ledger, episode);
      for (const at of parent.keys()) {
        const generator = new ScriptedGenerator();
        const sandbox = new ScriptedSandbox();
        const forking = forkAndWork(ledger, { episode, at, strategy }, { generator, sandbox });
        const branch = await forking.catch((error) => {
          expect(error).toMatchObject({ code: 'FORK_INVALID' });
          return null;
        });
        if (branch === null) continue;
        const wanted = mustPerform(parent, branch.events);
        expect([...generator.performed], `revision ${at}`).toEqual(wanted.generations);
        expect([...sandbox.performed], `revision ${at}`).toEqual(wanted.executions);
        expect(branch.events.at(-1)?.type).toBe('EpisodeFinished');
        expect(told(branch.events).slice(0, at)).toEqual(told(parent).slice(0, at));
        expect(await replayEpisode(ledger, branch.episode), `revision ${at}`).toMatchObject({
          verdict: 'pass',
        });
        const account = await forkAccount(ledger, branch.episode);
        expect(account).toMatchObject({
          copied: at,
          performed: { generations: wanted.generations.length, executions: wanted.executions.length },
        });
        branches += 1;
      }
    }
    expect(branches).toBeGreaterThan(10);
  });

  it('from the beginning is what a run of it alone comes to, answered or not', async () => {
    const { ledger, run } = await finished(from, 'parent');
    const alone = await finished(to, 'alone');
    for (const index of tasks.keys()) {
      const { events } = await forkAndWork(ledger, { episode: episodeOf(run, index), at: 0, strategy }, {});
      expect(withoutNotes(events)).toEqual(
        withoutNotes(await eventsOf(alone.ledger, episodeOf(alone.run, index))),
      );
    }
    const fork = await forkRunAndWork(ledger, { run, strategy }, {});
    for (const index of tasks.keys()) {
      const events = await eventsOf(ledger, episodeOf(fork, index));
      expect(withoutNotes(events)).toEqual(
        withoutNotes(await eventsOf(alone.ledger, episodeOf(alone.run, index))),
      );
    }
  });
});

/**
 * A candidate that was first recorded as a repetition has lost what its generator said of it. In any order: of effects that are
 * under way together, those with a recorded answer end first.
 */
function withoutNotes(events: readonly AnyRecordedEvent[]): readonly unknown[] {
  return (told(events) as { type: string; data: object }[])
    .map(({ type, data }) => canonicalJson({ type, data: { ...data, note: '' } }))
    .sort();
}

const oneTask = [toyTask('t', 2)];
const right = 'f(0) = 0\nf(1) = 1\n';

async function bestOf(ledger: Ledger, params: Readonly<Record<string, Json>>, programs: readonly string[]) {
  const run = await startToyRun(ledger, { strategy: 'best-of-n', params, tasks: oneTask });
  const propose = ({ sample }: { sample: number }) => programs[sample] ?? '# nothing\n';
  await workOn(ledger, run, { generator: new ScriptedGenerator({ propose }) });
  return episodeOf(run);
}

describe('samples', () => {
  it('of one prompt stay as many samples as they were', async () => {
    const ledger = toyLedger(openMemoryStore(), 'samples');
    const params = { candidates: 3, width: 3, stop: 'never' };
    const episode = await bestOf(ledger, params, ['f(0) = 1\n', 'f(0) = 2\n', 'f(0) = 3\n']);
    const ports = deafPorts();
    const { events } = await forkAndWork(ledger, { episode, at: 0 }, ports);
    expect(ports.asked()).toEqual([]);
    const programs = events.flatMap(({ type, data }) =>
      type === 'CandidateGenerated' ? [data.candidate] : [],
    );
    expect(programs).toEqual(['f(0) = 1\n', 'f(0) = 2\n', 'f(0) = 3\n'].map(sha256Hex));
  });

  it('that repeated another are candidates of a branch that has not seen the other', async () => {
    const ledger = toyLedger(openMemoryStore(), 'repeated');
    const same = 'f(0) = 5\n';
    const run = await startToyRun(ledger, {
      strategy: 'best-of-n',
      params: { candidates: 4, width: 4, stop: 'never' },
      tasks: oneTask,
    });
    const [first, , third] = ['0.0', '0.1', '0.2'].map((effect) => `toy/t/${effect}`);
    // The third answers before the first does, which then only repeats it.
    const held = Promise.withResolvers<void>();
    const generator = new ScriptedGenerator({
      propose: ({ seed, sample }) => (seed === first || seed === third ? same : `f(0) = ${sample}\n`),
    });
    const generate = generator.generate.bind(generator);
    generator.generate = async (request, signal) => {
      if (request.seed === first) await held.promise;
      const answer = await generate(request, signal);
      if (request.seed === third) setImmediate(() => held.resolve());
      return answer;
    };
    await workOn(ledger, run, { generator });
    const parent = await eventsOf(ledger, episodeOf(run));
    expect(story(parent)).toContain('CandidateRejected 0.0.0 duplicate');

    const ports = deafPorts();
    const strategy = strategyWith('best-of-n', { candidates: 2, width: 2, stop: 'never' });
    const { events } = await forkAndWork(ledger, { episode: episodeOf(run), at: 0, strategy }, ports);
    expect(ports.asked()).toEqual([]);
    const drawn = events.flatMap(({ type, data }) => (type === 'CandidateGenerated' ? [data] : []));
    expect(drawn.map(({ candidate }) => candidate).sort()).toEqual(
      [same, 'f(0) = 1\n'].map((text) => sha256Hex(text)).sort(),
    );
    expect(drawn.find(({ candidate }) => candidate === sha256Hex(same))?.note).toBe(
      'recorded as a repetition of another candidate',
    );
  });
});

describe('another configuration', () => {
  const params = { candidates: 3, stop: 'never' };
  const programs = ['f(0) = 1\n', 'f(0) = 2\n', right];
  const warmer = { ref: { ...scriptedGeneratorRef, config: { temperature: 1 } }, spec: 'scripted' };

  it('of the generator reuses no generation, and every execution of what it writes again', async () => {
    const ledger = toyLedger(openMemoryStore(), 'warmer');
    const episode = await bestOf(ledger, params, programs);
    const generator = new ScriptedGenerator({ propose: ({ sample }) => programs[sample] ?? '' });
    const sandbox = new ScriptedSandbox();
    const fork = await forkAndWork(ledger, { episode, at: 0, generator: warmer }, { generator, sandbox });
    expect(generator.performed).toEqual(['toy/t/0.0', 'toy/t/2.0', 'toy/t/4.0']);
    expect(sandbox.performed).toEqual([]);
    expect(await forkAccount(ledger, fork.episode)).toEqual({
      copied: 0,
      reused: { generations: 0, executions: 4, sameInput: 0 },
      performed: { generations: 3, executions: 0 },
    });
  });

  it('of the generator does not take over a request that had no answer yet', async () => {
    const ledger = toyLedger(openMemoryStore(), 'pending');
    const episode = await bestOf(ledger, params, programs);
    const parent = await eventsOf(ledger, episode);
    const at = parent.findIndex(({ type }) => type === 'GenerationRequested');
    const changes = [{ generator: warmer }, { resample: true }];
    for (const change of changes) {
      await expect(forkAndWork(ledger, { episode, at, ...change }, {})).rejects.toMatchObject({
        code: 'FORK_INVALID',
        message: `${episode} cannot be branched at revision 1: generation 0.0.0 was under way, and the branch would ask for something else. Branch before it was asked for, at 0 or earlier, or after it ended.`,
      });
    }
  });

  it('of the interpreter executes everything again', async () => {
    const ledger = toyLedger(openMemoryStore(), 'interpreter');
    const episode = await bestOf(ledger, params, programs);
    const fingerprint = async () => ({ ...scriptedFingerprint, version: '2' });
    const sandbox = new ScriptedSandbox();
    const { generator } = deafPorts();
    const fork = await forkAndWork(ledger, { episode, at: 0 }, { generator, sandbox }, { fingerprint });
    expect(generator.performed).toEqual([]);
    expect(sandbox.performed).toHaveLength(4);
    expect(await forkAccount(ledger, fork.episode)).toMatchObject({
      reused: { generations: 3, executions: 0, sameInput: 0 },
      performed: { generations: 0, executions: 4 },
    });
    // A copied request was made to the other interpreter; a branch cannot perform it.
    const requested = (await eventsOf(ledger, episode)).findIndex(
      ({ type }) => type === 'ExecutionRequested',
    );
    await expect(forkAndWork(ledger, { episode, at: requested }, {}, { fingerprint })).rejects.toMatchObject({
      code: 'FORK_INVALID',
      message: expect.stringContaining(
        'execution 1.0.0 was under way, and the branch would ask for something else.',
      ),
    });
  });

  it('of the steps an execution may take executes the search again, and not the grading', async () => {
    const ledger = toyLedger(openMemoryStore(), 'steps');
    const episode = await bestOf(ledger, params, programs);
    const sandbox = new ScriptedSandbox();
    const { generator } = deafPorts();
    const fork = { episode, at: 0, budget: { stepsPerExecution: 10 } };
    const { episode: branch } = await forkAndWork(ledger, fork, { generator, sandbox });
    expect(await forkAccount(ledger, branch)).toMatchObject({
      reused: { generations: 3, executions: 1 },
      performed: { generations: 0, executions: 3 },
    });
    expect(generator.performed).toEqual([]);
  });
});

describe('resampling', () => {
  it('draws anew after the branching revision and says so in its seed; what is the same program is not run again', async () => {
    const ledger = toyLedger(openMemoryStore(), 'resample');
    const episode = await bestOf(ledger, { candidates: 3, stop: 'never' }, [
      'f(0) = 1\n',
      'f(0) = 2\n',
      right,
    ]);
    const parent = await eventsOf(ledger, episode);
    const second = parent.findLastIndex(({ type }) => type === 'GenerationRequested') - 1;
    const generator = new ScriptedGenerator({ propose: () => right });
    const { sandbox, asked } = deafPorts();
    const fork = await forkAndWork(ledger, { episode, at: second, resample: true }, { generator, sandbox });
    const suffix = fork.run.slice(-6);
    expect(fork.events[0]?.data).toMatchObject({ seed: `toy~${suffix}/t` });
    expect(generator.performed).toEqual([`toy~${suffix}/t/4.0`]);
    expect(asked()).toEqual([]);
    expect(await forkAccount(ledger, fork.episode)).toEqual({
      copied: second,
      reused: { generations: 0, executions: 2, sameInput: 0 },
      performed: { generations: 1, executions: 0 },
    });
    expect(told(fork.events).slice(0, second)).toEqual(told(parent).slice(0, second));
  });
});

it('an execution that time or memory may have ended answers under its own key alone', async () => {
  const ledger = toyLedger(openMemoryStore(), 'timeouts');
  const programs = ['! timeout\n', '! timeout\n# another\n', '! out_of_memory\n', '! output_limit\n'];
  const episode = await bestOf(ledger, { candidates: 4, stop: 'never' }, programs);
  const deaf = deafPorts();
  await forkAndWork(ledger, { episode, at: 0 }, deaf);
  expect(deaf.asked()).toEqual([]);
  // With all four asked for at once, all but the first execution get other keys.
  const strategy = strategyWith('best-of-n', { candidates: 4, width: 4, stop: 'never' });
  const generator = new ScriptedGenerator({ propose: ({ sample }) => programs[sample] ?? '' });
  const sandbox = new ScriptedSandbox();
  const branch = await forkAndWork(ledger, { episode, at: 0, strategy }, { generator, sandbox });
  const inputs = branch.events.flatMap(({ type, data }) =>
    type === 'ExecutionRequested' ? [data.input] : [],
  );
  const graded = inputs.length - 1;
  expect(sandbox.performed).toEqual([inputs[1], inputs[2], inputs[graded]]);
  expect(await forkAccount(ledger, branch.episode)).toMatchObject({
    reused: { generations: 1, executions: 2, sameInput: 1 },
    performed: { generations: 3, executions: 3 },
  });
});

it('a branch of a branch takes over what the first took over', async () => {
  const ledger = toyLedger(openMemoryStore(), 'twice');
  const episode = await bestOf(ledger, { candidates: 2, stop: 'never' }, ['f(0) = 1\n', 'f(0) = 2\n']);
  const strategy = strategyWith('sequential-feedback', { candidates: 4 });
  const first = await forkAndWork(ledger, { episode, strategy, budget: { candidates: 4 } }, {});
  const ports = deafPorts();
  const at = first.revision + 2;
  const second = await forkAndWork(ledger, { episode: first.episode, at }, ports);
  expect(ports.asked()).toEqual([]);
  expect(told(second.events)).toEqual(told(first.events));
  expect(second.events[0]?.data).toMatchObject({ forkedFrom: { episode: first.episode, revision: at } });
  expect(second.events.slice(1, at + 1).map(({ causation }) => causation)).toEqual(
    first.events.slice(1, at + 1).map(({ id }) => id),
  );
});
