import { afterAll, expect, it } from 'vitest';
import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import { createGenerator } from '../../../src/generators/registry.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { seededIdSource } from '../../../src/kernel/id-source.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { currentEnvironment } from '../../../src/loop/current-environment.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import type { GateServices } from '../../../src/loop/improve/examine/gate-services.ts';
import {
  type LineSplits,
  makeGateDefinition,
} from '../../../src/loop/improve/examine/make-gate-definition.ts';
import { openLine } from '../../../src/loop/improve/examine/open-line.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { strategyNamed, strategyRef } from '../../../src/strategies/registry.ts';
import { defaultSplits } from '../../../src/tasks/default-splits.ts';
import { loadSuite } from '../../../src/tasks/registry.ts';
import { proposeContent } from '../../support/toy-line.ts';

const never = { pause: new AbortController().signal, abort: new AbortController().signal };
const sandbox = createWasmSandbox({ workers: 2 });
afterAll(() => sandbox.close());

it('judges with the real sandbox: what dev promises, so few held-out items do not bear out', async () => {
  const ids = seededIdSource(systemClock, seededRandom('real'));
  const ledger = new Ledger(openMemoryStore(), systemClock, ids);
  const services: GateServices = {
    ...{ ledger, ids, sandbox, loadSuite, createGenerator, clock: systemClock, concurrency: 4 },
    ...{
      writer: { actor: 'test', correlation: 'test' },
      environment: currentEnvironment,
      checksDirectory: '.',
    },
    ...{ onEvaluation: () => undefined, onCheck: () => undefined },
  };
  const suite = await loadSuite('starter');
  const plan = defaultSplits(suite);
  // Whole splits are frozen; parts of them are used.
  const splits: LineSplits = {
    optimize: { split: 'optimize', items: plan.parts.optimize.slice(0, 4) },
    dev: { split: 'select', items: plan.parts.select.slice(0, 16) },
    heldout: { split: 'heldout', items: plan.parts.heldout.slice(0, 16) },
    sealed: null,
  };
  const scorer = { name: 'tests', version: 1 };
  const definition = makeGateDefinition({
    ...{ name: 'real', suite, splits, scorer, seed: 'real', mde: 0.3, mdeMax: 0.9 },
    ...{ cost: null, latency: null, trigger: { powerMin: 0.2, shrink: 1 } },
    budget: { candidates: 24, executions: null, tokens: null, stepsPerExecution: 100_000 },
  });
  const strategy = (name: string, candidates: number) => strategyRef(strategyNamed(name), { candidates });
  const generator = await createGenerator('repair');
  const line = await openLine(
    {
      ...{ name: 'real', suite, suiteSpec: 'starter', plan, splits, definition, author: 'person:ada' },
      baseline: {
        strategy: strategy('best-of-n', 1),
        generator: { spec: 'repair', ref: generator.ref },
        ...{ scorer, prompt: null },
      },
    },
    services,
  );
  const content = strategy('sequential-feedback', 24);
  const id = await proposeContent(line, services, { slot: 'strategy', content });
  expect(await examine(line, services, id, never)).toBe('kept');
  const { decision, examination } = line.state.proposals[id] ?? {};
  expect(decision).toMatchObject({ verdict: 'discard', keep: true, symbol: 'discard', decidedBy: 'heldout' });
  // Better on four of sixteen, worse on none: the same on every machine, because only steps end a program.
  expect(examination?.checks.find(({ check }) => check === 'dev')?.statistic).toBe('1/16');
  expect(line.state.working.strategy).toBe(line.state.proposals[id]?.challenger);
  expect(line.state.certified).toEqual(line.state.baseline);
  expect((await verifyLines(ledger)).problems).toEqual([]);
  expect((await verifyLedger(ledger.store)).problems).toEqual([]);
}, 60_000);
