import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unfinishedResult } from '../../sandbox/result/unfinished-result.ts';
import type { ExecutionRequest, Sandbox } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { planImport } from '../../src/exchange/import-plan.ts';
import { importRun } from '../../src/exchange/import-run.ts';
import { recordedRunImporter } from '../../src/exchange/importers/recorded-run.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { sharedDirectory } from '../e2e/directory.ts';
import { linesOf, type Row, row, tests, writeRows, writeTasks, wrong } from '../exchange/recorded-rows.ts';
import { checkLines, rerunOf } from '../support/rerun.ts';
import { scriptedFingerprint } from '../support/scripted-sandbox.ts';
import { episodeOf } from '../support/story.ts';
import { toyLedger } from '../support/toy-run.ts';

const startMs = 120_000;
const numpy = 'import numpy\ndef double(x):\n    return 2 * x\n';
const nearly = 'def double(x):\n    return 2 * x * (1 + 3e-16)\n';
const half = 'def double(x):\n    return 4\n';
const [first = '', second = ''] = tests;
const failing = (test: string) => `${test} # Real Execution Output: `;

/** A row about one program that is said to pass, or to fail these tests. */
const told = (number: number, program: string, failed: readonly string[], changes: Partial<Row> = {}) => {
  const verdict = { is_passing: failed.length === 0, is_solved: failed.length === 0 };
  const feedback = { test_feedback: [failed.map(failing)] };
  return row(number, { implementations: [program], solution: program, ...feedback, ...verdict, ...changes });
};

const rows = [
  row(0),
  told(1, wrong, []),
  told(2, numpy, []),
  told(3, nearly, []),
  told(4, wrong, [], { generated_test: [] }),
  told(5, half, [first, second]),
  told(6, wrong, [first, second]),
  told(7, wrong, [first, second], { is_passing: true }),
];

async function imported(): Promise<{ readonly ledger: Ledger; readonly run: StreamName }> {
  const directory = sharedDirectory();
  const suite = await loadSuite(`recorded:${writeTasks(directory, rows.length)}`);
  const ledger = toyLedger(openMemoryStore(), 'imported');
  const plan = await planImport(writeRows(directory, linesOf(rows)), recordedRunImporter, suite, null);
  const { run } = await importRun(plan, {
    ledger,
    writer: { actor: 'test', correlation: 'test' },
    clock: steppingClock(0, 1),
    onEpisode: () => undefined,
    pause: new AbortController().signal,
  });
  return { ledger, run };
}

const { ledger, run } = await imported();

describe("another tool's verdicts", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = createWasmSandbox({ workers: 1, languages: ['python'] });
    await sandbox.fingerprint('python');
  }, startMs);
  afterAll(() => sandbox.close());
  const rerun = (index: number) => rerunOf(ledger, episodeOf(run, index), { sandbox, recorded: [] });
  const remarks = async (index: number) => (await rerun(index)).checks.map(({ remark }) => remark);

  it('are compared with what the interpreter here says, for every program and for the answer', async () => {
    const whole = await rerun(0);
    expect(whole).toMatchObject({ imported: true, verdict: 'pass', task: 'HumanEval/0' });
    expect(checkLines(whole)).toEqual([
      ...['2 public pass verdict 0', '5 public pass verdict 0', '8 public pass verdict 0'],
      '10 hidden pass verdict 0',
    ]);
    expect(whole.checks[0]).toMatchObject({
      recorded: { outcome: 'failed', passed: 0, total: 2, steps: null, wallMs: null },
      here: { outcome: 'failed', passed: 0, total: 2 },
    });
  });

  it('that are other than ours differ, with the test that says so', async () => {
    expect((await rerun(1)).verdict).toBe('diverged');
    expect(checkLines(await rerun(1))[0]).toBe(
      '2 public diverged verdict 1: the execution verdict "passed" → "failed"',
    );
    expect((await remarks(1))[0]).toBe('assert-1 (double(2)): 2 came, 4 was expected');
  });

  it('are held against what is said of the answer, which a flag beside them may contradict', async () => {
    const whole = await rerun(7);
    expect(whole.checks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(whole.verdict).toBe('diverged');
    expect(whole.remark).toMatch(
      /^revision \d+: the answer is said to pass the public tests, and fails them here$/,
    );
  });

  it('prove nothing where a module is not here', async () => {
    expect((await rerun(2)).verdict).toBe('inconclusive');
    expect((await remarks(2))[0]).toBe(
      "the sandbox does not have it: ModuleNotFoundError: No module named 'numpy'",
    );
  });

  it('may differ by the last digits of a float, which is said', async () => {
    expect((await rerun(3)).verdict).toBe('diverged');
    expect((await remarks(3))[0]).toBe(
      'assert-1 (double(2)): 4.000000000000001 came, 4 was expected, which differ in the last digits of a float',
    );
  });

  it('prove nothing where no test was executed', async () => {
    const [check] = (await rerun(4)).checks;
    expect(check).toMatchObject({ verdict: 'inconclusive', remark: 'the other tool executed no test' });
  });

  it('are the same although other tests failed, which is said', async () => {
    const five = await rerun(5);
    expect(five.checks[0]).toMatchObject({ verdict: 'pass', remark: '0 of 2 tests passed there' });
    expect(five.checks[0]?.differences).toEqual([
      { place: 'the execution', member: 'passed', recorded: '0', here: '1', patch: null },
    ]);
  });
});

describe('a program that does not end', () => {
  const limits: number[] = [];
  const endless: Sandbox = {
    languages: ['python'],
    fingerprint: async () => ({ ...scriptedFingerprint, language: 'python' }),
    execute: async ({ tests: spec, limits: { wallMs } }: ExecutionRequest) => {
      limits.push(wallMs);
      const late = { type: 'TimeLimitExceeded', message: 'late', line: null };
      return { result: unfinishedResult('timeout', spec, late), wallMs };
    },
    close: async () => undefined,
  };

  it('agrees with a recorded failure after five seconds', async () => {
    const { checks, verdict } = await rerunOf(ledger, episodeOf(run, 6), { sandbox: endless });
    expect(verdict).toBe('pass');
    expect(checks[0]?.remark).toBe('the clock of this machine ended it after 5.0 s');
    expect(new Set(limits.splice(0))).toEqual(new Set([5000]));
  });

  it('proves nothing against a recorded pass, after all of its time', async () => {
    const { checks, verdict } = await rerunOf(ledger, episodeOf(run, 1), { sandbox: endless });
    expect(verdict).toBe('inconclusive');
    expect(checks[0]?.remark).toBe('the clock of this machine ended it after 30.0 s');
    expect(new Set(limits.splice(0))).toEqual(new Set([30_000]));
  });
});
