import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { replayLedger } from '../../../src/loop/replay-ledger.ts';
import { problemsIn } from '../../support/forced-line.ts';
import '../../support/property-seed.ts';
import { ScriptedSandbox } from '../../support/scripted-sandbox.ts';
import { neverStops, sit, ToyProposer, ToyWatch } from '../../support/toy-improvement.ts';
import { openToyLine, reopen, type ToyParts, toyGate } from '../../support/toy-line.ts';

const parts: ToyParts = { optimize: 2, dev: 6, heldout: 8, final: 0 };
const isLong = process.env['PAWL_LONG'] === '1';

const share = fc.constantFrom('0', '0.25', '0.5', '0.75', '1');
const skill = fc
  .record({ optimize: share, dev: share, heldout: share })
  .map(({ optimize, dev, heldout }) => `skill:optimize=${optimize},dev=${dev},heldout=${heldout}`);

const history = fc.record({
  policy: fc.constantFrom('certified', 'every-candidate', 'explore', 'fresh-shard'),
  skills: fc.array(skill, { minLength: 1, maxLength: 4 }),
  /** Behind which event of each session it is asked to stop. */
  stops: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  /** Which item the sandbox fails on, if any. */
  failing: fc.constantFrom(null, 'heldout-1', 'dev-2'),
});

it('whatever honest sittings do, stopped and gone on with, and with a sandbox that fails, is verified and replays', async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ policy, skills, stops, failing }) => {
      const store = openMemoryStore();
      const gate = { policy, tests: 4, mdeMax: 0.99, mde: 0.5, alpha: '1/2' };
      await openToyLine(toyGate(store, 'start', parts), { parts, gate });
      for (const [session, stop] of [...stops, null].entries()) {
        const sandbox = new ScriptedSandbox({
          fault: ({ prelude, tests }) =>
            failing !== null &&
            prelude.includes(failing) &&
            tests.kind === 'cases' &&
            tests.cases.some(({ id }) => id === 'far')
              ? new PawlError('SANDBOX_FAILED', 'no sandbox')
              : null,
        });
        const services = toyGate(store, `session ${session}`, parts, sandbox);
        const pause = new AbortController();
        let heard = 0;
        const watch = new ToyWatch();
        const stopping = {
          onStep: () => undefined,
          onStanding: () => undefined,
          onEvent: (event: Parameters<ToyWatch['onEvent']>[0]) => {
            watch.onEvent(event);
            heard += 1;
            if (heard === stop) pause.abort();
          },
        };
        const options = { proposers: [new ToyProposer(skills)], proposals: skills.length };
        const signals = { ...neverStops, pause: pause.signal };
        const line = await reopen(services);
        await sit(line, services, options, stopping, signals).catch((error: unknown) => {
          if (!(error instanceof PawlError && error.code === 'INTERRUPTED')) throw error;
        });
      }
      const { ledger } = toyGate(store, 'reader', parts);
      expect(await problemsIn(ledger)).toEqual([]);
      const streams = (await Array.fromAsync(ledger.streams(''))).filter(
        (name) => !name.startsWith('suite-'),
      );
      const { failures } = await replayLedger(ledger, streams, { rederive: null });
      expect(failures).toEqual([]);
    }),
    { numRuns: isLong ? 300 : 12 },
  );
}, 600_000);
