import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { newLine } from '../../../src/cli/line-options.ts';
import { createGenerator } from '../../../src/generators/registry.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { seededIdSource } from '../../../src/kernel/id-source.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { currentEnvironment } from '../../../src/loop/current-environment.ts';
import { executeRun } from '../../../src/loop/execute-run.ts';
import { readOutcomes } from '../../../src/loop/improve/examine/read-outcomes.ts';
import type { SlotContent } from '../../../src/loop/improve/slot-content.ts';
import { startRuns } from '../../../src/loop/start-runs.ts';
import { scorerNamed } from '../../../src/scorers/registry.ts';
import type { Passes } from './naive-loop.ts';
import { lineOptionsOf, type Setting } from './setting.ts';

export interface Measure {
  readonly heldOut: readonly string[];
  /** Empty where the suite has none. */
  readonly sealed: readonly string[];
  /** Which of the items a generator solves; every run in a ledger of its own, which no gate knows of. */
  passes(generator: SlotContent<'generator'>, items: readonly string[], seed: string): Promise<Passes>;
}

/** Measures as the gate of such a line would, on items that the gate keeps to itself. */
export async function openMeasure(setting: Setting, sandbox: Sandbox, workers: number): Promise<Measure> {
  const { suite, splits, definition, baseline } = await newLine(
    'main',
    'person:bench',
    lineOptionsOf(setting, '1'),
  );
  const known = new Map<string, Promise<Passes>>();
  const run: Measure['passes'] = async ({ spec, ref }, items, seed) => {
    const ids = seededIdSource(systemClock, seededRandom(`measure ${seed}`));
    const ledger = await openLedger('memory:', { mode: 'write', create: true, clock: systemClock, ids });
    const generator = await createGenerator(spec);
    const writer = { actor: 'bench', correlation: 'bench' };
    const languages = [...new Set(suite.tasks.map(({ view }) => view.language))];
    const fingerprints = await Promise.all(languages.map((language) => sandbox.fingerprint(language)));
    const scorer = scorerNamed('tests');
    try {
      const plan = {
        ...{ suite, split: null, taskIds: items, seed, strategies: [baseline.strategy], prompt: null },
        ...{ generator: ref, generatorSpec: spec, scorer, sandbox: fingerprints, runWallMs: null },
        budget: definition.evaluation.budget,
      };
      const runs = await startRuns(ledger, plan, ids, writer);
      const never = new AbortController().signal;
      const services = {
        ...{ ledger, writer, generator, sandbox, scorer, clock: systemClock, concurrency: workers * 2 },
        ...{ environment: currentEnvironment(fingerprints), onEvent: () => undefined },
      };
      for (const one of runs) await executeRun(one, services, { pause: never, abort: never });
      const outcomes = await readOutcomes(ledger, runs, 'pass-fail');
      if (outcomes.some(({ score }) => score === null))
        throw new Error(`${spec}: something could not be graded.`);
      return outcomes.map(({ score }) => score === 1);
    } finally {
      await generator.close();
      await ledger.close();
    }
  };
  return {
    heldOut: splits.heldout.items,
    sealed: splits.sealed?.items ?? [],
    passes: (generator, items, seed) => {
      const key = JSON.stringify([generator.ref, items.length, seed]);
      const done = known.get(key) ?? run(generator, items, seed);
      known.set(key, done);
      return done;
    },
  };
}
