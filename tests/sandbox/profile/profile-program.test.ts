import { describe, expect, test } from 'vitest';
import { nothingCounted, type PerfCounter } from '../../../sandbox/profile/perf-counter.ts';
import {
  type ProfileOptions,
  profileProgram,
  profilePrograms,
} from '../../../sandbox/profile/profile-program.ts';
import { unfinishedResult } from '../../../sandbox/result/unfinished-result.ts';
import type { Execution, ExecutionRequest, ResourceUsage } from '../../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../../sandbox/wasm/wasm-sandbox.ts';
import { ScriptedSandbox, scriptedFingerprint } from '../../support/scripted-sandbox.ts';
import { casesOf, requestOf } from '../execution-request.ts';

const tests = casesOf(['f(1)', '1']);
const request = requestOf('javascript', 'function f(n) { return n; }', tests);
const optionsOf = (changes: Partial<ProfileOptions> = {}): ProfileOptions => ({
  repeats: 4,
  counter: null,
  signal: new AbortController().signal,
  onExecution: () => undefined,
  ...changes,
});

/** Call number `call` of a program costs what the list says; numbers as steps are taken from `wallMs`. */
const costing = (
  wallMs: readonly number[],
  usage: (call: number) => ResourceUsage | undefined = () => undefined,
) =>
  new ScriptedSandbox({
    fault: (_: ExecutionRequest, call: number): Execution => {
      const counted = usage(call);
      return {
        result: { ...unfinishedResult('passed', tests, null as never), steps: 12 },
        wallMs: wallMs[call - 1] ?? 0,
        ...(counted === undefined ? {} : { usage: counted }),
      };
    },
  });

describe('a profile', () => {
  test('leaves the first execution out, and gives median and spread of the others', async () => {
    const profile = await profileProgram(costing([900, 10, 30, 20]), request, optionsOf());
    expect(profile).toMatchObject({
      fingerprint: scriptedFingerprint,
      repeats: 3,
      warmUps: 1,
      outcomes: ['passed'],
      sameResults: true,
    });
    expect(profile.metrics.map(({ name }) => name)).toEqual([
      'steps',
      'cpuMs',
      'instructions',
      'syscalls',
      'peakBytes',
      'minorFaults',
      'majorFaults',
      'wallMs',
    ]);
    expect(profile.metrics.at(-1)).toEqual({
      name: 'wallMs',
      unit: 'ms',
      deterministic: false,
      available: true,
      unavailableBecause: null,
      samples: [10, 30, 20],
      median: 20,
      spread: 0.5,
      stable: null,
    });
    expect(profile.metrics[0]).toEqual({
      name: 'steps',
      unit: 'steps',
      deterministic: true,
      available: true,
      unavailableBecause: null,
      samples: [12, 12, 12],
      median: 12,
      spread: 0,
      stable: true,
    });
  });

  test('says of each metric that was not counted why not', async () => {
    const usage = (call: number): ResourceUsage => ({
      cpuMs: call,
      peakBytes: null,
      minorFaults: call === 3 ? null : 7,
      majorFaults: 0,
      instructions: null,
    });
    const counter: PerfCounter = {
      lacking: async () => ({ instructions: 'no such counter here', syscalls: null }),
      attach: async () => ({ stop: async () => nothingCounted }),
    };
    const { metrics } = await profileProgram(costing([1, 1, 1, 1], usage), request, optionsOf({ counter }));
    expect(
      Object.fromEntries(metrics.map(({ name, unavailableBecause }) => [name, unavailableBecause])),
    ).toEqual({
      steps: null,
      cpuMs: null,
      instructions: 'no such counter here',
      syscalls: 'this sandbox does not count it',
      peakBytes: 'this sandbox does not count it',
      minorFaults: 'it was counted in 2 of 3 repeats only',
      majorFaults: null,
      wallMs: null,
    });
    expect(metrics.find(({ name }) => name === 'majorFaults')).toMatchObject({ median: 0, spread: null });
    expect(metrics.find(({ name }) => name === 'peakBytes')).toMatchObject({ samples: [], median: null });
  });

  test('reports a deterministic metric that was not, other results, and other outcomes', async () => {
    const sandbox = new ScriptedSandbox({
      fault: (_, call) => ({
        result: {
          ...unfinishedResult(call === 2 ? 'failed' : 'passed', tests, null as never),
          steps: call === 2 ? 13 : 12,
        },
        wallMs: 1,
      }),
    });
    const profile = await profileProgram(sandbox, request, optionsOf());
    expect(profile.metrics[0]).toMatchObject({ name: 'steps', samples: [13, 12, 12], stable: false });
    expect(profile).toMatchObject({ outcomes: ['passed', 'failed'], sameResults: false });
  });

  test('of programs that are compared takes turns, there and back', async () => {
    const order: string[] = [];
    const sandbox = new ScriptedSandbox({
      fault: ({ program }) => {
        order.push(program);
        return { result: unfinishedResult('passed', tests, null as never), wallMs: 1 };
      },
    });
    const programs = ['a', 'b'].map((program) => ({ ...request, program, seed: program }));
    let told = 0;
    await profilePrograms(sandbox, programs, optionsOf({ repeats: 3, onExecution: () => (told += 1) }));
    expect(order.join('')).toBe('abbaab');
    expect(told).toBe(6);
    expect(sandbox.underWayMax).toBe(1);
  });

  test('is no profile where the sandbox failed', async () => {
    const failing = { type: 'SandboxError', message: 'the worker died', line: null };
    const sandbox = new ScriptedSandbox({
      fault: () => ({ result: unfinishedResult('sandbox_error', tests, failing), wallMs: 1 }),
    });
    await expect(profileProgram(sandbox, request, optionsOf())).rejects.toMatchObject({
      code: 'SANDBOX_FAILED',
      message: 'The program could not be executed: the worker died.',
    });
  });

  test.for([0, 1, 52, 2.5])('does not take %s repeats', async (repeats) => {
    await expect(profileProgram(costing([]), request, optionsOf({ repeats }))).rejects.toMatchObject({
      code: 'USAGE',
      message: `A profile takes 2 to 51 repeats, the first of which does not count; not ${repeats}.`,
    });
  });

  test('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const executing = profileProgram(
      costing([1, 1, 1, 1]),
      request,
      optionsOf({ signal: stop.signal, onExecution: () => stop.abort(new Error('enough')) }),
    );
    await expect(executing).rejects.toThrow('enough');
  });

  test('of a real interpreter counts the same steps each time', async () => {
    const sandbox = createWasmSandbox({ workers: 1, languages: ['javascript'] });
    try {
      const program = 'function f(n) { let s = 0; for (let i = 0; i < 100; i += 1) s += n; return s / 100; }';
      const profile = await profileProgram(sandbox, { ...request, program }, optionsOf({ repeats: 3 }));
      const [steps] = profile.metrics;
      expect(profile).toMatchObject({ repeats: 2, outcomes: ['passed'], sameResults: true });
      expect(steps).toMatchObject({ name: 'steps', stable: true, spread: 0 });
      expect(steps?.median).toBeGreaterThan(100);
      expect(profile.metrics.find(({ name }) => name === 'cpuMs')?.unavailableBecause).toBe(
        'this sandbox does not count it',
      );
    } finally {
      await sandbox.close();
    }
  });
});
