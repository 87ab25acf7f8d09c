import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CandidateLine, LineAnswer, LineEnd } from '../../sandbox/wasm/candidate-line.ts';
import { createWorkerPool, type WorkerPool } from '../../sandbox/wasm/worker-pool.ts';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import { casesOf, requestOf } from './execution-request.ts';

const limits = { heapMb: 64, stackMb: 4 };
const engine = { url: new URL('./fixture-engine.ts', import.meta.url).href, limits };
const brokenEngine = { url: new URL('./broken-engine.ts', import.meta.url).href, limits };

describe('the worker pool', () => {
  let pool: WorkerPool;
  beforeAll(() => {
    pool = createWorkerPool(1, { javascript: engine, python: brokenEngine });
  });
  afterAll(() => pool.close());

  const request = (program: string, wallMs = 5_000) =>
    requestOf('javascript', program, casesOf(['f()', '1']), { limits: { wallMs } });
  const run = async (program: string, wallMs?: number): Promise<ExecutionResult> =>
    (await pool.execute(request(program, wallMs))).result;
  const end = async (program: string, wallMs?: number): Promise<unknown[]> => {
    const result = await run(program, wallMs);
    expect((await run('hello')).error?.message, 'the next execution is unharmed').toBe('hello');
    return [result.outcome, result.error?.type, result.tests.map(({ status }) => status)];
  };

  it('interrupts an engine at the wall clock and takes its answer', async () => {
    expect(await end('until interrupted', 50)).toEqual(['failed', 'Fixture', ['not_run']]);
  });

  it('ends the thread of an engine that does not answer the interrupt', async () => {
    expect(await end('hang', 50)).toEqual(['timeout', 'TimeLimitExceeded', ['not_run']]);
  });

  it('takes a full heap for the memory of the program', async () => {
    expect(await end('fill the heap', 60_000)).toEqual(['out_of_memory', 'OutOfMemory', ['not_run']]);
  }, 60_000);

  it('takes a thread that ends by itself, an engine that throws and a malformed result for faults of ours', async () => {
    expect(await end('exit')).toEqual(['sandbox_error', 'SandboxError', ['not_run']]);
    expect(await end('throw')).toEqual(['sandbox_error', 'SandboxError', ['not_run']]);
    expect(await end('nonsense')).toEqual(['sandbox_error', 'SandboxError', ['not_run']]);
    expect((await run('throw')).error?.message).toBe('a defect of the engine');
  });

  it('gives a thread no environment, no arguments and no input', async () => {
    expect((await run('environment')).error?.message).toBe('[{},[],true,0]');
  });

  it('lets an engine ask at the other end of a line, and ends the line at the wall clock', async () => {
    const asked: string[] = [];
    const ends: LineEnd[] = [];
    const answering: CandidateLine = {
      ask: async (message) => {
        asked.push(Buffer.from(message).toString());
        return { kind: 'message', bytes: Buffer.from(`answer ${asked.length}`) };
      },
      end: (end) => ends.push(end),
    };
    const { result } = await pool.execute(request('ask'), undefined, answering);
    expect([asked, result.error?.message, ends]).toEqual([['one', 'two'], 'answer 1 answer 2', []]);

    const { promise, resolve } = Promise.withResolvers<LineAnswer>();
    const silent: CandidateLine = { ask: () => promise, end: (end) => resolve({ kind: 'ended', end }) };
    const late = (await pool.execute(request('ask', 50), undefined, silent)).result;
    expect([late.outcome, late.error?.type]).toEqual(['timeout', 'TimeLimitExceeded']);
    expect(await end('hello')).toEqual(['failed', 'Fixture', ['not_run']]);
  });

  it('ends a thread that waits for an answer that never comes', async () => {
    const dead: CandidateLine = { ask: () => new Promise(() => {}), end: () => {} };
    const { result } = await pool.execute(request('ask', 50), undefined, dead);
    expect([result.outcome, result.error?.type]).toEqual(['timeout', 'TimeLimitExceeded']);
    expect(await end('hello')).toEqual(['failed', 'Fixture', ['not_run']]);
  });

  it('says why an engine did not start, each time', async () => {
    const python = { ...request('x'), language: 'python' as const };
    const failed = {
      code: 'SANDBOX_FAILED',
      message: 'The python engine did not start: no interpreter here',
    };
    await expect(pool.execute(python)).rejects.toMatchObject(failed);
    await expect(pool.execute(python)).rejects.toMatchObject(failed);
    await expect(pool.fingerprint('python')).rejects.toMatchObject(failed);
    expect((await run('hello')).error?.message).toBe('hello');
  });

  it('serves first come, first served, and lets go of what was aborted in the queue', async () => {
    const order: string[] = [];
    const aborted = new AbortController();
    const jobs = ['until interrupted', 'a', 'b', 'c'].map(async (program) => {
      await pool.execute(request(program, 100), program === 'b' ? aborted.signal : undefined);
      order.push(program);
    });
    const settled = Promise.allSettled(jobs);
    aborted.abort(new Error('not needed'));
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(order).toEqual(['until interrupted', 'a', 'c']);
  });

  it('runs no more executions at once than it has workers', async () => {
    const two = createWorkerPool(2, { javascript: engine });
    await two.execute(request('warm'));
    const startedMs = performance.now();
    await Promise.all([1, 2, 3, 4].map(() => two.execute(request('until interrupted', 200))));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(395);
    await two.close();
  });
});
