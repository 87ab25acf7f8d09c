import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { defaultSplits } from '../../src/tasks/default-splits.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import { ScriptedGenerator, scriptedGeneratorRef } from './scripted-generator.ts';
import { scriptedFingerprint } from './scripted-sandbox.ts';
import { toyTask } from './toy-language.ts';
import { toyLedger, workOn } from './toy-run.ts';

const tasks = Array.from({ length: 10 }, (_, index) => toyTask(`t${index}`, 2));
const clock = steppingClock(Date.UTC(2026, 0, 1), 1);

/**
 * A run over the four tasks that the default plan puts into `optimize`, paused once and finished: with its suite and split,
 * everything that a ledger holds without anything having gone wrong.
 */
export async function splitRun() {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'split run');
  const suite = makeSuite('toys', 'native', tasks);
  const splits = defaultSplits(suite);
  const [run] = await startRuns(
    ledger,
    {
      ...{ suite, split: { name: 'optimize', splits }, taskIds: splits.parts.optimize },
      strategies: [strategyRef(strategyNamed('sequential-feedback'), { candidates: 3 })],
      ...{ generator: scriptedGeneratorRef, generatorSpec: 'scripted', scorer: testsScorer },
      ...{ sandbox: [scriptedFingerprint], seed: 'split', runWallMs: null, prompt: null },
      budget: { candidates: null, executions: null, tokens: null, stepsPerExecution: null },
    },
    seededIdSource(clock, seededRandom('split run')),
    { actor: 'test', correlation: 'test' },
  );
  const pause = new AbortController();
  const generator = new ScriptedGenerator();
  const onEvent = ({ type }: { readonly type: string }): void => {
    if (type === 'EpisodeFinished') pause.abort();
  };
  await workOn(ledger, run as StreamName, { generator, pause: pause.signal, onEvent });
  await workOn(ledger, run as StreamName, { generator });
  return { store, ledger, run: run as StreamName, suite };
}
