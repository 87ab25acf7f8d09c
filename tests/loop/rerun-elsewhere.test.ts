import { describe, expect, it } from 'vitest';
import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { asRecorded, executedEpisode, forgedExecution, resultWith } from '../support/executed-episode.ts';
import { checkLines, rerunOf } from '../support/rerun.ts';
import { ScriptedSandbox, scriptedFingerprint } from '../support/scripted-sandbox.ts';
import { runToy } from '../support/toy-language.ts';

const { store, ledger, stream, first } = await executedEpisode();

/** Another interpreter: it gives what the toy language gives, with something changed. */
class Elsewhere extends ScriptedSandbox {
  constructor(change: (result: ExecutionResult, request: ExecutionRequest) => ExecutionResult, wallMs = 1) {
    super({
      fault: (request) => {
        const { program, tests, coverage } = request;
        return { wallMs, result: change(runToy(program, tests, coverage), request) };
      },
    });
  }
  override fingerprint = async () => ({ ...scriptedFingerprint, driver: 'elsewhere', version: '2' });
}

const others = (result: ExecutionResult): ExecutionResult => ({
  ...result,
  steps: result.steps + 7,
  stdout: { text: 'hello', bytesTotal: 5, truncated: false },
  tests: result.tests.map((test) => ({ ...test, actual: `${test.actual} (elsewhere)` })),
});
const elsewhere = (sandbox: ScriptedSandbox, of: Ledger = ledger) =>
  rerunOf(of, stream, { sandbox, comparison: 'verdicts' });

describe('the same verdicts elsewhere', () => {
  it('need the same outcome and the same status of each test, and neither steps, shown values nor output', async () => {
    const rerun = await elsewhere(new Elsewhere(others));
    expect(rerun.verdict).toBe('pass');
    expect(checkLines(rerun)).toEqual(asRecorded.map((line) => line.replace('result', 'statuses')));
    expect(rerun.checks[0]?.remark).toBe(
      'steps, shown values or output are not the same, and are not compared',
    );
    expect(rerun.checks[0]?.here?.steps).toBe(9);
  });

  it('are not asked for unless it is said: another interpreter is another environment', async () => {
    const rerun = await rerunOf(ledger, stream, { sandbox: new Elsewhere(others) });
    expect(new Set(rerun.checks.map(({ missing }) => missing))).toEqual(new Set(['ENVIRONMENT_DIFFERS']));
  });

  it('say so where everything is the same all the same', async () => {
    expect(checkLines(await elsewhere(new Elsewhere((result) => result)))).toEqual(asRecorded);
  });

  it('differ with the status of one test, by its name', async () => {
    const change = (result: ExecutionResult): ExecutionResult => ({
      ...others(result),
      tests: result.tests.map((test, index) => (index === 0 ? { ...test, status: 'error' } : test)),
    });
    const rerun = await elsewhere(new Elsewhere(change));
    expect(rerun.verdict).toBe('diverged');
    expect(checkLines(rerun)[0]).toMatch(
      /^3 public diverged statuses 1: test square-0 status "failed" → "error"$/,
    );
  });

  it('differ with the outcome', async () => {
    const rerun = await elsewhere(new Elsewhere((result) => ({ ...result, outcome: 'output_limit' })));
    expect(checkLines(rerun)[0]).toBe(
      '3 public diverged statuses 1: the execution outcome "failed" → "output_limit"',
    );
  });

  it('prove nothing where something is not installed here', async () => {
    const exception = { type: 'ModuleNotFoundError', message: "No module named 'numpy'", line: 1 };
    const rerun = await elsewhere(
      new Elsewhere((result) => ({ ...result, outcome: 'error', error: exception })),
    );
    expect(rerun.checks[0]).toMatchObject({
      ...{ verdict: 'inconclusive', layer: 'statuses' },
      remark: "the sandbox does not have it: ModuleNotFoundError: No module named 'numpy'",
    });
  });

  const timeout = {
    outcome: 'timeout',
    error: { type: 'TimeLimitExceeded', message: '', line: null },
  } as const;

  it('prove nothing where a clock ended it on either side, however fast the other one is', async () => {
    const here = await elsewhere(new Elsewhere((result) => ({ ...result, ...timeout })));
    expect(here.checks[0]).toMatchObject({ verdict: 'inconclusive', layer: 'result' });
    const text = resultWith(first.text, () => timeout);
    const copy = await forgedExecution(store, stream, () => ({ outcome: 'timeout' }), text);
    const there = await elsewhere(new Elsewhere(others), copy);
    expect(checkLines(there)[0]).toBe(
      '3 public inconclusive outcome 1: the execution outcome "timeout" → "failed"',
    );
    const both = await elsewhere(new Elsewhere((result) => ({ ...others(result), ...timeout })), copy);
    expect(checkLines(both)[0]).toBe('3 public pass outcome 0');
  });
});

describe('a forged record, asked for its verdicts elsewhere', () => {
  it('is found where the event says other than its result: counts, outcome, steps', async () => {
    const forgeries = [
      [{ passed: 2 }, 'passed 2 → 0'],
      [{ total: 3 }, 'total 3 → 2'],
      [{ outcome: 'passed' }, 'outcome "passed" → "failed"'],
      [{ steps: 1 }, 'steps 1 → 2'],
    ] as const;
    for (const [change, what] of forgeries) {
      const copy = await forgedExecution(store, stream, () => change);
      const [line] = checkLines(await elsewhere(new Elsewhere(others), copy));
      expect(line).toBe(`3 public diverged statuses 1: the event ${what}`);
    }
  });

  it('is found where the result is none that a sandbox wrote', async () => {
    for (const text of ['{}', ` ${first.text}`]) {
      const copy = await forgedExecution(store, stream, () => ({}), text);
      expect((await elsewhere(new Elsewhere(others), copy)).checks[0]).toMatchObject({ verdict: 'diverged' });
    }
  });

  it('is found where what was asked is not what task, candidate and recorded interpreter give', async () => {
    const recorded = [{ ...scriptedFingerprint, version: '3' }];
    const sandbox = new Elsewhere(others);
    const rerun = await rerunOf(ledger, stream, { sandbox, recorded, comparison: 'verdicts' });
    expect(new Set(rerun.checks.map(({ verdict, layer }) => `${verdict} ${layer}`))).toEqual(
      new Set(['diverged input']),
    );
    expect(sandbox.performed).toEqual([]);
  });
});
