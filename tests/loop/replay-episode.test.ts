import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { repairedEpisode } from '../support/repaired-episode.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { toyTask } from '../support/toy-language.ts';
import { startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

describe('replay', () => {
  it('passes on every episode of random runs, whole or cut short', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...strategies.map(({ name }) => name)),
        fc.string(),
        fc.integer({ min: 1, max: 5 }),
        fc.option(fc.integer({ min: 1, max: 6 })),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 60 }),
        async (strategy, seed, candidates, executions, faults, stopAfter) => {
          const store = openMemoryStore();
          const ledger = toyLedger(store, 'test');
          const tasks = [toyTask('a', 3), toyTask('b', 4, { 'f(0)': '9' })];
          const setting = { strategy, params: { candidates }, tasks, seed, budget: { executions } };
          const run = await startToyRun(ledger, setting);
          const fault = (_: unknown, call: number) => (call <= faults ? new Error('once in a while') : null);
          const pause = new AbortController();
          let events = 0;
          await workOn(ledger, run, {
            generator: new ScriptedGenerator({
              fault: (name, call) => (name < 'm' ? fault(name, call) : null),
            }),
            sandbox: new ScriptedSandbox({
              fault: (request, call) => (faults > 2 ? fault(request, call) : null),
            }),
            pause: pause.signal,
            onEvent: () => {
              events += 1;
              if (events >= stopAfter) pause.abort();
            },
          });
          for await (const stream of store.streams('episode-')) {
            const verdict = await replayEpisode(ledger, stream);
            expect(verdict).toMatchObject({ verdict: 'pass' });
            const length = (await ledger.lastRevision(stream)) + 1;
            expect(verdict.events).toBe(length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('counts what it checked, and says whether the episode had finished', async () => {
    const { ledger, stream } = await repairedEpisode();
    expect(await replayEpisode(ledger, stream)).toEqual({
      ...{ verdict: 'pass', events: 22, decisions: 16, finished: true },
    });
  });

  it('performs nothing: it needs no generator and no sandbox', async () => {
    const { ledger, stream, generator, sandbox } = await repairedEpisode();
    const before = [generator.requests.length, sandbox.performed.length];
    await replayEpisode(ledger, stream);
    expect([generator.requests.length, sandbox.performed.length]).toEqual(before);
  });
});
