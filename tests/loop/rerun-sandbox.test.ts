import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { CalledLanguage, TaskView } from '../../src/events/task-view.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { currentEnvironment } from '../../src/loop/current-environment.ts';
import { executeRun } from '../../src/loop/execute-run.ts';
import type { EpisodeRerun } from '../../src/loop/rerun-episode.ts';
import { startRuns } from '../../src/loop/start-runs.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { HiddenTests } from '../../src/tasks/hidden-tests.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import { contractPrograms } from '../sandbox/contract-programs.ts';
import { casesOf } from '../sandbox/execution-request.ts';
import { rerunOf } from '../support/rerun.ts';
import { ScriptedGenerator, scriptedGeneratorRef } from '../support/scripted-generator.ts';
import { episodeOf } from '../support/story.ts';
import { eventsOf, toyLedger } from '../support/toy-run.ts';

const startMs = 120_000;
const steps = 20_000;
const memoryBytes = 64 * 1024 * 1024;
const programs = (language: CalledLanguage): readonly string[] => {
  const all = contractPrograms[language];
  const { wrong, throwing, syntaxError, loadError, endless, recursion, output, prints, pollution } = all;
  const ends = [all.right, wrong, throwing.program, syntaxError, loadError, endless];
  return [...ends, recursion, output, prints, pollution, all.memory];
};

/** One task per program: what is handed out is executed, and then graded. */
function taskOf(language: CalledLanguage, program: string, index: number) {
  const view: TaskView = {
    ...{ id: `${language}/${index}`, language, entryPoint: 'add', statement: 'Add.', prelude: '', tags: {} },
    givenProgram: program,
    publicTests: casesOf(['add(1, 2)', '3'], ['add(2, 2)', '4']),
    limits: { wallMs: 20_000, steps, memoryBytes, outputBytes: 4000 },
  };
  const hidden = new HiddenTests(casesOf(['add(1, 2)', '3'], ['add(-1, 1)', '0']));
  return { view, hidden, reference: null };
}

describe.each(['javascript', 'python'] as const)('what %s programs did', (language) => {
  let sandbox: Sandbox;
  let ledger: Ledger;
  let run: StreamName;
  const reruns: EpisodeRerun[] = [];
  beforeAll(async () => {
    sandbox = createWasmSandbox({ workers: 2, languages: [language] });
    ledger = toyLedger(openMemoryStore(), 'sandbox');
    const tasks = programs(language).map((program, index) => taskOf(language, program, index));
    const print = await sandbox.fingerprint(language);
    const clock = steppingClock(0, 1);
    const plan = {
      ...{
        suite: makeSuite('contract', 'native', tasks),
        split: null,
        seed: '1',
        runWallMs: null,
        prompt: null,
      },
      taskIds: tasks.map(({ view }) => view.id),
      strategies: [strategyRef(strategyNamed('best-of-n'), { candidates: 1 })],
      ...{
        generator: scriptedGeneratorRef,
        generatorSpec: 'scripted',
        scorer: testsScorer,
        sandbox: [print],
      },
      budget: { candidates: null, executions: null, tokens: null, stepsPerExecution: null },
    };
    const writer = { actor: 'test', correlation: 'test' };
    const ids = seededIdSource(clock, seededRandom(language));
    run = (await startRuns(ledger, plan, ids, writer))[0] as StreamName;
    const generator = new ScriptedGenerator({ propose: ({ task }) => `${task.givenProgram}\n` });
    const never = new AbortController().signal;
    const ports = {
      generator,
      scorer: testsScorer,
      sandbox,
      environment: currentEnvironment([print]),
      clock,
    };
    const services = { ledger, writer, ...ports, concurrency: 4, onEvent: () => undefined };
    await executeRun(run, services, { pause: never, abort: never });
    for (const index of tasks.keys()) {
      reruns.push(await rerunOf(ledger, episodeOf(run, index), { sandbox, recorded: [print], clock }));
    }
  }, startMs);
  afterAll(() => sandbox.close());

  it('comes out again byte for byte: every outcome there is', async () => {
    const outcomes = new Set<string>();
    for (const rerun of reruns) {
      expect([rerun.task, rerun.verdict, rerun.remark]).toEqual([rerun.task, 'pass', '']);
      for (const { recorded } of rerun.checks) outcomes.add(recorded.outcome);
    }
    expect([...outcomes].sort()).toEqual([
      ...['error', 'failed', 'out_of_memory', 'output_limit', 'passed', 'timeout'],
    ]);
  });

  it('takes the same steps, also in a loop without end', async () => {
    const endless = reruns[5]?.checks[0];
    expect(endless).toMatchObject({
      ...{ verdict: 'pass', layer: 'result' },
      recorded: { outcome: 'timeout' },
      here: { outcome: 'timeout' },
    });
    expect(endless?.recorded.steps).toBeGreaterThanOrEqual(steps);
    expect(endless?.here?.steps).toBe(endless?.recorded.steps);
    const finished = (await eventsOf(ledger, episodeOf(run, 5))).flatMap((event) =>
      event.type === 'ExecutionFinished' ? [event.data.steps] : [],
    );
    expect(reruns[5]?.checks.map(({ here }) => here?.steps)).toEqual(finished);
  });
});
