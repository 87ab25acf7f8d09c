import { describe, expect, it } from 'vitest';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import type { TaskView } from '../../src/events/task-view.ts';
import type { TestSpec } from '../../src/events/test-spec.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { newBlob } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { executionInputDigest, executionRequest } from '../../src/loop/execution-input.ts';
import type { FinishedEvent } from '../../src/loop/recorded-effects.ts';
import { rerunExecution } from '../../src/loop/rerun-execution.ts';
import { containerFingerprint } from '../support/container-fingerprint.ts';
import { executorOf } from '../support/rerun.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { toyLedger } from '../support/toy-run.ts';

const print: Fingerprint = {
  ...{ driver: 'docker', language: 'command', package: 'image', version: 'x', moduleDigest: sha256Hex('x') },
  container: containerFingerprint('execution'),
};
const limits: TaskView['limits'] = { wallMs: 1000, steps: null, memoryBytes: 1 << 26, outputBytes: 1000 };
const command = (id: string, stdout: string | null) => ({
  ...{ id, argv: ['sh', 'main.sh'], stdin: '', expected: { exitCode: 0, stdout } },
});
const tests: TestSpec = {
  ...{ kind: 'commands', syntax: 'sh', program: { form: 'file', path: 'main.sh' }, files: [], build: null },
  cases: [command('prints', '3'), command('checks', null)],
};
const request = executionRequest({ language: 'command', prelude: '', limits }, 'echo 4', tests, false);

const output = (text: string) => ({ text, bytesTotal: text.length, truncated: false });
/** A case that prints the wrong thing, and a test command that fails and says how long it took. */
function failing(took: string, changes: Partial<ExecutionResult> = {}): ExecutionResult {
  const common = { input: 'sh main.sh', steps: 0, covered: null };
  const exception = { type: 'ExitCode', message: `exit code 1, after: FAILED in ${took}`, line: null };
  return {
    ...{ outcome: 'failed', error: null, steps: 0, statements: null },
    ...{ stdout: output('4\n'), stderr: output(`FAILED in ${took}`) },
    tests: [
      { ...common, id: 'prints', status: 'failed', expected: '"3"', actual: '"4\\n"', exception: null },
      {
        ...common,
        id: 'checks',
        status: 'failed',
        expected: 'exit code 0',
        actual: 'exit code 1',
        exception,
      },
    ],
    ...changes,
  };
}
const withTest = (index: number, change: object): ExecutionResult => {
  const result = failing('0.31 s');
  return {
    ...result,
    tests: result.tests.map((test, at) => (at === index ? { ...test, ...change } : test)),
  };
};

/** Verdict, layer and differences of an execution that was recorded as one result and comes to another one. */
async function compare(recorded: ExecutionResult, here: ExecutionResult, changes: object = {}) {
  const ledger = toyLedger(openMemoryStore(), 'commands');
  const { ref, blob } = newBlob(canonicalJson(recorded));
  await ledger.putBlobs([blob]);
  const passed = recorded.tests.filter(({ status }) => status === 'passed').length;
  const data = {
    ...{ key: { ordinal: 0, occurrence: 0, attempt: 0 }, candidate: sha256Hex('echo 4'), tests: 'public' },
    ...{ outcome: recorded.outcome, passed, total: recorded.tests.length, steps: 0, result: ref },
    ...{ volatile: { wallMs: 1 }, ...changes },
  };
  const event = { type: 'ExecutionFinished', stream: 'episode-X.0' as StreamName, revision: 3, data };
  const sandbox = new ScriptedSandbox({ fault: () => ({ wallMs: 1, result: here }) });
  const { verdict, layer, differences } = await rerunExecution(
    ledger,
    { event: event as FinishedEvent, input: executionInputDigest(request, print), request },
    { recorded: print, here: print },
    { executor: executorOf({ sandbox }), comparison: 'whole' },
  );
  const what = differences.map((one) => `${one.place} ${one.member} ${one.recorded} → ${one.here}`);
  return [verdict, layer, ...what];
}

describe('an execution of commands, again', () => {
  it('is as recorded byte for byte, where it is', async () => {
    expect(await compare(failing('0.31 s'), failing('0.31 s'))).toEqual(['pass', 'result']);
  });

  it('is as recorded where only what a failing test command told is another text', async () => {
    expect(await compare(failing('0.31 s'), failing('0.4 s'))).toEqual(['pass', 'judged']);
    const printed = failing('0.4 s', { stdout: output('4\nran 2 tests in 0.4 s\n') });
    expect(await compare(failing('0.31 s'), printed)).toEqual(['pass', 'judged']);
  });

  it('diverges with what was printed where that is compared', async () => {
    expect(await compare(failing('0.31 s'), withTest(0, { actual: '"5\\n"' }))).toEqual([
      ...['diverged', 'judged'],
      'test prints actual "\\"4\\\\n\\"" → "\\"5\\\\n\\""',
    ]);
  });

  it('diverges with an exit code, a status, an outcome', async () => {
    expect(await compare(failing('0.31 s'), withTest(1, { actual: 'exit code 2' }))).toEqual([
      ...['diverged', 'judged'],
      'test checks actual "exit code 1" → "exit code 2"',
    ]);
    expect(await compare(failing('0.31 s'), withTest(1, { status: 'error' }))).toEqual([
      ...['diverged', 'judged'],
      'test checks status "failed" → "error"',
    ]);
    expect(await compare(failing('0.31 s'), failing('0.4 s', { outcome: 'output_limit' }))).toEqual([
      ...['diverged', 'judged'],
      'the execution outcome "failed" → "output_limit"',
    ]);
  });

  it('of a build that fails compares its exit code, and not what the compiler said', async () => {
    const built = (message: string) =>
      failing('0.31 s', {
        ...{ outcome: 'error', tests: [] },
        error: { type: 'BuildFailed', message, line: null },
      });
    const recorded = built('exit code 1\n/tmp/ccA1.o: undefined');
    expect(await compare(recorded, built('exit code 1\n/tmp/ccB2.o: undefined'))).toEqual(['pass', 'judged']);
    expect(await compare(recorded, built('exit code 2\n/tmp/ccA1.o: undefined'))).toEqual([
      ...['diverged', 'judged'],
      'the execution error.exitCode "exit code 1" → "exit code 2"',
    ]);
  });

  it('diverges where the event says other than its result', async () => {
    const texts = [failing('0.31 s'), failing('0.4 s')] as const;
    expect(await compare(...texts, { passed: 1 })).toEqual(['diverged', 'judged', 'the event passed 1 → 0']);
    expect(await compare(...texts, { steps: 1 })).toEqual(['diverged', 'judged', 'the event steps 1 → 0']);
  });
});
