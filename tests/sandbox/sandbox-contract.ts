import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import { executionResultSchema } from '../../src/events/execution-result.ts';
import type { CalledLanguage } from '../../src/events/task-view.ts';
import { contractPrograms } from './contract-programs.ts';
import { assertsOf, casesOf, requestOf } from './execution-request.ts';

export interface ContractOptions {
  /** Whether a program meets a clock that is set by its seed, or that of the machine. */
  readonly clock: 'seeded' | 'real';
}

/** What every driver must do for every language; run it from a test file of the driver. */
export function describeSandbox(
  name: string,
  language: CalledLanguage,
  create: () => Sandbox,
  { clock }: ContractOptions = { clock: 'seeded' },
): void {
  const programs = contractPrograms[language];
  const addCases = casesOf(['add(1, 2)', '3'], ['add(2, 2)', '4']);

  describe(`${name}, ${language}`, () => {
    let sandbox: Sandbox;
    beforeAll(() => {
      sandbox = create();
    });
    afterAll(() => sandbox.close());

    const run = async (
      program: string,
      tests = addCases,
      changes: Parameters<typeof requestOf>[3] = {},
    ): Promise<ExecutionResult> => {
      const { result } = await sandbox.execute(requestOf(language, program, tests, changes));
      expect(executionResultSchema.parse(result)).toEqual(result);
      return result;
    };
    const statuses = (result: ExecutionResult): string[] => result.tests.map((test) => test.status);
    const expectUnharmed = async (): Promise<void> => {
      expect((await run(programs.right)).outcome).toBe('passed');
    };

    it('names the interpreter by package, version and module digest', async () => {
      const fingerprint = await sandbox.fingerprint(language);
      expect(fingerprint.language).toBe(language);
      expect(fingerprint.version).toMatch(/^\d+\.\d+/u);
      expect(fingerprint.moduleDigest).toMatch(/^[0-9a-f]{64}$/u);
      expect(await sandbox.fingerprint(language)).toEqual(fingerprint);
    });

    it('passes a right program and shows what was asked and what came', async () => {
      const result = await run(programs.right);
      expect(result.outcome).toBe('passed');
      expect(result.error).toBeNull();
      expect(
        result.tests.map(({ id, status, input, expected, actual }) => [id, status, input, expected, actual]),
      ).toEqual([
        ['case-1', 'passed', 'add(1, 2)', '3', '3'],
        ['case-2', 'passed', 'add(2, 2)', '4', '4'],
      ]);
    });

    it('fails a wrong program with the value that came', async () => {
      const result = await run(programs.wrong);
      expect(result.outcome).toBe('failed');
      expect(statuses(result)).toEqual(['failed', 'failed']);
      expect(result.tests[0]?.actual).toBe('-1');
    });

    it('says which exception a test threw and on which line of the program', async () => {
      const result = await run(programs.throwing.program);
      expect(result.outcome).toBe('failed');
      expect(statuses(result)).toEqual(['error', 'error']);
      expect(result.tests[0]?.exception).toMatchObject({ type: programs.throwing.type, line: 2 });
    });

    it('does not count the lines of the prelude', async () => {
      const prelude = language === 'python' ? 'import math\n\n\n' : 'const unused = 1;\n\n\n';
      const result = await run(programs.throwing.program, addCases, { prelude });
      expect(result.tests[0]?.exception?.line).toBe(2);
    });

    it('takes a program that does not parse as the error of the program', async () => {
      const result = await run(programs.syntaxError);
      expect(result.outcome).toBe('error');
      expect(result.error).toMatchObject({ type: 'SyntaxError', line: 2 });
    });

    it('runs no test when loading throws', async () => {
      const result = await run(programs.loadError);
      expect(result.outcome).toBe('error');
      expect(result.error).toMatchObject({ message: 'at load', line: 2 });
      expect(statuses(result).includes('passed')).toBe(false);
    });

    it('counts the assertions of a script one by one', async () => {
      expect(statuses(await run(programs.right, assertsOf(programs.asserts)))).toEqual(['passed', 'passed']);
      const wrong = await run(programs.wrong, assertsOf(programs.asserts));
      expect(wrong.outcome).toBe('failed');
      expect(wrong.tests[0]?.status).toBe('passed');
      expect(wrong.tests[1]?.status).toBe('failed');
    });

    it('never passes a script that asserted nothing', async () => {
      const result = await run(programs.right, assertsOf(programs.noAsserts));
      expect([result.outcome, result.tests.length]).toEqual(['failed', 0]);
    });

    it('keeps what was printed, per stream', async () => {
      const result = await run(programs.prints);
      expect(result.stdout).toEqual({ text: 'out\n', bytesTotal: 4, truncated: false });
      expect(result.stderr).toEqual({ text: 'err\n', bytesTotal: 4, truncated: false });
    });

    it('gives equal bytes for equal requests, also for randomness and time', async () => {
      const tests = casesOf([clock === 'seeded' ? 'sample()' : 'sample()[0]', '0']);
      const first = await run(programs.ambient, tests, { coverage: true });
      await run(programs.pollution);
      const second = await run(programs.ambient, tests, { coverage: true });
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
      const other = await run(programs.ambient, tests, { seed: 'another seed' });
      expect(other.tests[0]?.actual).not.toBe(first.tests[0]?.actual);
    });

    it('starts every program from a fresh state', async () => {
      const clean = await run(programs.right);
      expect((await run(programs.pollution)).outcome).toBe('passed');
      expect(JSON.stringify(await run(programs.right))).toBe(JSON.stringify(clean));
    });

    it('ends an endless loop at the wall clock', async () => {
      const startedMs = performance.now();
      const result = await run(programs.endless, addCases, { limits: { wallMs: 300 } });
      expect(result.outcome).toBe('timeout');
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      await expectUnharmed();
    });

    it('ends a program that takes gigabytes', async () => {
      const result = await run(programs.memory, addCases, { limits: { wallMs: 15_000 } });
      expect(result.outcome).toBe('out_of_memory');
      await expectUnharmed();
    });

    it('turns endless recursion into an exception', async () => {
      const result = await run(programs.recursion);
      expect(result.outcome).toBe('failed');
      expect(statuses(result)).toEqual(['error', 'error']);
      await expectUnharmed();
    });

    it('ends a program that prints without end and keeps the beginning', async () => {
      const result = await run(programs.output, addCases, { limits: { outputBytes: 5_000 } });
      expect(result.outcome).toBe('output_limit');
      expect(result.stdout.truncated).toBe(true);
      expect(result.stdout.bytesTotal).toBeGreaterThan(5_000);
      expect(Buffer.byteLength(result.stdout.text)).toBe(5_000);
      await expectUnharmed();
    });

    it('counts more steps for more work, and ends at the step limit at the same place every time', async () => {
      const small = await run(programs.loop, casesOf(['sum(10)', '55']), { limits: { steps: 100_000 } });
      const large = await run(programs.loop, casesOf(['sum(100)', '5050']), { limits: { steps: 100_000 } });
      expect([small.outcome, large.outcome]).toEqual(['passed', 'passed']);
      expect(large.steps - small.steps).toBeGreaterThanOrEqual(90);
      const limits = { steps: 1_000, wallMs: 20_000 };
      const ended = await run(programs.loop, casesOf(['sum(10000000)', '0']), { limits });
      expect(ended.outcome).toBe('timeout');
      expect(JSON.stringify(await run(programs.loop, casesOf(['sum(10000000)', '0']), { limits }))).toBe(
        JSON.stringify(ended),
      );
    });

    it('tells which statements each test reached', async () => {
      const result = await run(programs.loop, casesOf(['sum(0)', '0'], ['sum(3)', '6']), { coverage: true });
      const [none, some] = result.tests;
      expect(result.statements?.length).toBeGreaterThan(2);
      expect(some?.covered?.length).toBeGreaterThan(none?.covered?.length ?? 99);
      for (const index of some?.covered ?? []) expect(index).toBeLessThan(result.statements?.length ?? 0);
    });

    it('rejects with the reason of an aborted signal, before, while queued and while running', async () => {
      const request = requestOf(language, programs.endless, addCases, { limits: { wallMs: 60_000 } });
      const reason = new Error('no longer wanted');
      await expect(sandbox.execute(request, AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const all = [0, 1, 2, 3].map(() => sandbox.execute(request, controller.signal));
      const settled = Promise.allSettled(all);
      controller.abort(reason);
      expect(await settled).toEqual(all.map(() => ({ status: 'rejected', reason })));
      await expectUnharmed();
    });
  });

  describe(`closing ${name}, ${language}`, () => {
    it('is idempotent, rejects what runs and refuses what comes later', async () => {
      const sandbox = create();
      const request = requestOf(language, programs.endless, addCases, { limits: { wallMs: 60_000 } });
      const running = Promise.allSettled([sandbox.execute(request), sandbox.execute(request)]);
      await Promise.all([sandbox.close(), sandbox.close()]);
      const closed = { code: 'SANDBOX_CLOSED' };
      for (const end of await running) expect(end).toMatchObject({ status: 'rejected', reason: closed });
      await expect(sandbox.execute(request)).rejects.toMatchObject(closed);
      await expect(sandbox.fingerprint(language)).rejects.toMatchObject(closed);
    });

    it('refuses a language it was not made for', async () => {
      const sandbox = create();
      const other: CalledLanguage = language === 'python' ? 'javascript' : 'python';
      const refused = { code: 'SANDBOX_LANGUAGE' };
      await expect(sandbox.execute(requestOf(other, '', addCases))).rejects.toMatchObject(refused);
      await expect(sandbox.fingerprint(other)).rejects.toMatchObject(refused);
      await sandbox.close();
    });
  });
}
