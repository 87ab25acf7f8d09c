import fc from 'fast-check';
import { expect, it } from 'vitest';
import { effectKeyText } from '../../src/events/shapes.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { openEpisode } from '../../src/loop/open-episode.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { hiddenTestsBytes } from '../../src/tasks/serialize.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { hiddenMarker, toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const scenario = fc.record({
  strategy: fc.constantFrom(...strategies.map(({ name }) => name)),
  seed: fc.string(),
  candidates: fc.integer({ min: 1, max: 5 }),
  cases: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  sandboxFails: fc.boolean(),
});

it('hidden tests reach the sandbox, their own blob and the results of grading, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ strategy, seed, candidates, cases, concurrency, sandboxFails }) => {
      const store = openMemoryStore();
      const ledger = toyLedger(store, 'test');
      const tasks = cases.map((count, index) => toyTask(`t${index}`, count));
      const run = await startToyRun(ledger, { strategy, params: { candidates }, tasks, seed });
      const generator = new ScriptedGenerator();
      // A fault of ours that quotes what it was executing: the quote may be recorded with the grading, and no earlier.
      const fault = ({ tests }: { tests: unknown }, call: number) =>
        sandboxFails && call === 1 ? new Error(JSON.stringify(tests).slice(0, 3000)) : null;
      await workOn(ledger, run, { generator, sandbox: new ScriptedSandbox({ fault }), concurrency });

      const allowed = new Set<Digest>(tasks.map(({ hidden }) => sha256Hex(hiddenTestsBytes(hidden))));
      const picked = new Set<string>();
      const hiddenKeys = new Set<string>();
      for await (const event of ledger.readAll()) {
        const { type, data, stream } = event;
        const isGrading =
          (type === 'ExecutionRequested' || type === 'ExecutionFinished' || type === 'ExecutionFailed') &&
          data.tests === 'hidden';
        if (type === 'FinalPicked') picked.add(stream);
        if (isGrading || type === 'FinalGraded') expect(picked).toContain(stream);
        if (isGrading) hiddenKeys.add(`${stream}/${effectKeyText(data.key)}`);
        if (isGrading && type === 'ExecutionFinished') allowed.add(data.result.digest);
        if (type === 'FeedbackComposed') {
          expect(hiddenKeys).not.toContain(`${stream}/${effectKeyText(data.execution)}`);
        }
        const quotes = isGrading && type === 'ExecutionFailed';
        if (!quotes) expect(JSON.stringify(event)).not.toContain(hiddenMarker);
      }
      expect(picked.size).toBe(tasks.length);
      let seen = 0;
      for await (const digest of store.blobDigests()) {
        const shows = Buffer.from(await store.getBlob(digest)).includes(hiddenMarker);
        if (shows) seen += 1;
        if (!allowed.has(digest)) expect(shows, `blob ${digest}`).toBe(false);
      }
      expect(seen).toBeGreaterThan(0);
      expect(JSON.stringify(generator.requests)).not.toContain(hiddenMarker);
      for await (const stream of store.streams('episode-')) {
        const { position } = await openEpisode(ledger, stream, null);
        expect(JSON.stringify(position.state.strategyState)).not.toContain(hiddenMarker);
        expect((await eventsOf(ledger, stream)).at(-1)?.type).toBe('EpisodeFinished');
      }
    }),
    { numRuns: 60 },
  );
});
