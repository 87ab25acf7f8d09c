import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { settle } from '../support/gate.ts';
import { runOf, session } from '../support/gated-session.ts';
import { toyTask } from '../support/toy-language.ts';
import { outcomeDigest, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = [toyTask('a', 2), toyTask('b', 3, { 'f(1)': '5' }), toyTask('c', 4), toyTask('d', 1)];

it('the order in which effects settle changes nothing, whatever the concurrency', async () => {
  const names = strategies.map(({ name }) => name);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.string(),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat({ max: 3 })),
      fc.infiniteStream(fc.integer({ min: 1, max: 3 })),
      async (strategy, seed, concurrency, choices, bursts) => {
        const setting = { strategy, params: { candidates: 3 }, tasks, seed };
        const plain = toyLedger(openMemoryStore(), 'plain');
        const plainRun = await startToyRun(plain, setting);
        await workOn(plain, plainRun);

        const { ledger, run, store } = await runOf(setting);
        const gated = session(ledger, run, { concurrency });
        for (await settle(); gated.gate.waiting.length > 0; await settle()) {
          // Several at once: what settles in one turn races for the next append.
          for (let left = bursts.next().value ?? 1; left > 0 && gated.gate.waiting.length > 0; left -= 1) {
            const { waiting } = gated.gate;
            gated.gate.open(waiting[(choices.next().value ?? 0) % waiting.length] as string);
          }
        }
        expect(await gated.ended).toMatchObject({ status: 'finished' });
        expect(await outcomeDigest(ledger, run)).toBe(await outcomeDigest(plain, plainRun));
        expect((await verifyLedger(store)).problems).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
