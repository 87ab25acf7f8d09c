import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { answeredEffects } from '../support/answered-effects.ts';
import { type Fault, FaultyStore, faults } from '../support/faulty-store.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { toyTask } from '../support/toy-language.ts';
import { outcomeDigest, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = [toyTask('plain', 2), toyTask('given', 3, { 'f(0)': '7' }), toyTask('wide', 4)];
const params = { candidates: 3 };
/** The session goes on by itself after these. */
const passing: readonly Fault[] = ['fails before', 'acknowledgement lost'];

/** One session over a store of its own making; false when it had to end before the run did. */
async function session(store: FaultyStore, run: StreamName, label: string, concurrency: number) {
  const generator = new ScriptedGenerator();
  const sandbox = new ScriptedSandbox();
  const before = await answeredEffects(store);
  const finished = await workOn(toyLedger(store, label), run, { generator, sandbox, concurrency }).then(
    ({ status }) => status === 'finished',
    () => false,
  );
  const performed = [...generator.performed, ...sandbox.performed];
  const again = performed.filter((effect) => before.has(effect));
  const twice = performed.filter((effect, index) => performed.indexOf(effect) !== index);
  return { finished, again, twice };
}

async function undisturbed(strategy: string, concurrency: number) {
  const store = openMemoryStore();
  const run = await startToyRun(toyLedger(store, 'start'), { strategy, params, tasks });
  const counting = new FaultyStore(store, null, 0);
  await session(counting, run, 'only', concurrency);
  return { digest: await outcomeDigest(toyLedger(store, 'reader'), run), appends: counting.appends };
}

describe.each(strategies.map(({ name }) => name))('%s', (strategy) => {
  describe.each([1, 3])('with %i episodes at a time', (concurrency) => {
    it.each(faults)('comes to the same end whichever append %s', async (fault) => {
      const { digest, appends } = await undisturbed(strategy, concurrency);
      expect(appends).toBeGreaterThan(15);
      for (let at = 1; at <= appends; at += 1) {
        const store = openMemoryStore();
        const run = await startToyRun(toyLedger(store, 'start'), { strategy, params, tasks });
        const first = await session(new FaultyStore(store, fault, at), run, 'first', concurrency);
        expect(first, `append ${at}`).toEqual({ finished: passing.includes(fault), again: [], twice: [] });
        // A stored RunFinished whose acknowledgement died with the process leaves nothing to resume; asking is harmless.
        const second = await session(new FaultyStore(store, null, 0), run, 'second', concurrency);
        expect(second, `append ${at}`).toEqual({ finished: true, again: [], twice: [] });
        expect(await outcomeDigest(toyLedger(store, 'reader'), run), `append ${at}`).toBe(digest);
        expect((await verifyLedger(store)).problems, `append ${at}`).toEqual([]);
      }
    });
  });
});

it('survives one death after another, each a few appends further', async () => {
  const { digest } = await undisturbed('sequential-feedback', 2);
  for (const step of [1, 2, 3, 5]) {
    for (const fault of ['dies before', 'dies after'] as const) {
      const store = openMemoryStore();
      const run = await startToyRun(toyLedger(store, 'start'), {
        ...{ strategy: 'sequential-feedback', params, tasks },
      });
      let sessions = 0;
      for (let finished = false; !finished && sessions < 100; sessions += 1) {
        // Saying that the run is resumed is an append as well, which gets it no further.
        const dying = new FaultyStore(store, fault, step + 2);
        const ended = await session(dying, run, `session ${sessions}`, 2);
        expect(ended.again).toEqual([]);
        finished = ended.finished;
      }
      expect(sessions).toBeGreaterThan(2);
      expect(sessions).toBeLessThan(100);
      expect(await outcomeDigest(toyLedger(store, 'reader'), run)).toBe(digest);
      expect((await verifyLedger(store)).problems).toEqual([]);
    }
  }
});
