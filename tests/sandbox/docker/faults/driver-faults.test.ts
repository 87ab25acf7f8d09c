import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DockerSandbox } from '../../../../sandbox/docker/docker-sandbox.ts';
import type { Isolation } from '../../../../sandbox/docker/settings.ts';
import type { Execution } from '../../../../sandbox/sandbox.ts';
import { casesOf, requestOf } from '../../execution-request.ts';
import { testSandbox } from '../test-settings.ts';
import { containersWith } from './engine-api.ts';
import { engineSays, type Fault, type Mischief } from './fault.ts';
import { realSocket, useFaultProxy, withoutLocalEngine } from './proxied-engine.ts';
import { until } from './test-host.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const passing = requestOf(
  'javascript',
  "function f(n) { console.log('f', n); return n * 2; }",
  casesOf(['f(1)', '2'], ['f(21)', '42'], ['f(0)', '0']),
);
const hangUp: Mischief = { kind: 'hang up' };
const lostAnswer: Mischief = { kind: 'lost answer' };

describe.skipIf(withoutLocalEngine() !== null)('an execution on an engine with faults', () => {
  const proxy = useFaultProxy();
  const opened: DockerSandbox[] = [];
  let undisturbed: Execution['result'];
  const open = (isolation: Isolation, patienceMs = 30_000): DockerSandbox => {
    const sandbox = testSandbox(isolation, ['javascript'], {
      ...{ host: proxy().address, patienceMs },
      // Nothing ahead: a fault is to strike the execution it is made for, and no other.
      warm: 0,
    });
    opened.push(sandbox);
    return sandbox;
  };
  const pawls = () => containersWith(realSocket, 'pawl.sandbox=1', `pawl.owner.pid=${process.pid}`);
  beforeAll(async () => {
    const sandbox = open('execution');
    undisturbed = (await sandbox.execute(passing)).result;
    expect(undisturbed.outcome).toBe('passed');
    await sandbox.close();
  });
  afterEach(async () => {
    proxy().setFaults();
    await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
    expect(await pawls()).toEqual([]);
    await until(
      () => proxy().openCalls,
      (open) => open === 0,
    );
  });

  /** Faults that strike once, or a few times, and pass: nobody is to notice. */
  const faults: readonly (readonly [string, Fault])[] = [
    ['create: the connection breaks', { on: 'create', times: 2, does: hangUp }],
    ['create: the answer is lost', { on: 'create', times: 1, does: lostAnswer }],
    ['create: the disk is full for a moment', { on: 'create', times: 2, does: engineSays.noSpace }],
    ['attach: the connection breaks', { on: 'attach', times: 2, does: hangUp }],
    ['start: the connection breaks', { on: 'start', times: 1, does: hangUp }],
    ['start: the answer is lost', { on: 'start', times: 1, does: lostAnswer }],
    ['remove: the connection breaks', { on: 'remove', times: 3, does: hangUp }],
    ['remove: the answer is lost', { on: 'remove', times: 1, does: lostAnswer }],
    ['stats: there are none', { on: 'stats', does: engineSays.driverFailed }],
    ['everything is slow', { on: 'any', does: { kind: 'slow', bytes: 500, everyMs: 1 } }],
  ];
  for (const isolation of ['execution', 'batch'] as const) {
    test.for(faults)(`${isolation}: passes as if nothing had been. %s`, async ([, fault]) => {
      const sandbox = open(isolation);
      await sandbox.fingerprint('javascript');
      proxy().setFaults(fault);
      expect((await sandbox.execute(passing)).result).toEqual(undisturbed);
    });

    test(`${isolation}: a stream that is cut each time is not the doing of the program`, async () => {
      const sandbox = open(isolation);
      await sandbox.fingerprint('javascript');
      proxy().setFaults({ on: 'attach', does: { kind: 'cut', afterBytes: 200 } });
      await expect(sandbox.execute(passing)).rejects.toMatchObject({ code: 'SANDBOX_FAILED' });
    });

    test(`${isolation}: wherever its stream is cut once, it comes out the same`, async () => {
      const sandbox = open(isolation);
      await sandbox.fingerprint('javascript');
      const stepBytes = process.env['PAWL_LONG'] === '1' ? 37 : 111;
      for (let afterBytes = 0; afterBytes < 700; afterBytes += stepBytes) {
        proxy().setFaults({ on: 'attach', times: 1, does: { kind: 'cut', afterBytes } });
        expect((await sandbox.execute(passing)).result, `cut after ${afterBytes} bytes`).toEqual(undisturbed);
      }
    });
  }
});
