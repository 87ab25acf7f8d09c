import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DockerSandbox } from '../../../../sandbox/docker/docker-sandbox.ts';
import type { Isolation } from '../../../../sandbox/docker/settings.ts';
import type { Execution } from '../../../../sandbox/sandbox.ts';
import { casesOf, requestOf } from '../../execution-request.ts';
import { testSandbox } from '../test-settings.ts';
import { containersWith } from './engine-api.ts';
import { type OwnEngine, startOwnEngine, withoutOwnEngine } from './own-engine.ts';
import { imageIdAt, specOf, testHost } from './test-host.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** A little work each, so that some are under way whenever the engine goes. */
const requests = Array.from({ length: 6 }, (_, index) => {
  const program = `function f(n) { let s = 0; for (let i = 0; i < 1e7; i += 1) s = (s + i * n) % 1009; console.log(s); return n; }`;
  return requestOf('javascript', program, casesOf([`f(${index})`, `${index}`], ['f(3)', '4']), {
    seed: `seed ${index}`,
    limits: { wallMs: 30_000 },
  });
});

describe.skipIf(withoutOwnEngine() !== null)('a real engine', () => {
  let engine: OwnEngine;
  let undisturbed: readonly Execution['result'][];
  const opened: DockerSandbox[] = [];
  const open = (isolation: Isolation, patienceMs = 120_000): DockerSandbox => {
    const host = `unix://${engine.socket}`;
    const sandbox = testSandbox(isolation, ['javascript'], { host, patienceMs });
    opened.push(sandbox);
    return sandbox;
  };
  beforeAll(async () => {
    engine = await startOwnEngine(1_500 * 1024 * 1024);
    const sandbox = open('execution');
    undisturbed = (await Promise.all(requests.map((request) => sandbox.execute(request)))).map(
      ({ result }) => result,
    );
    expect(undisturbed.map(({ outcome }) => outcome)).toEqual(requests.map(() => 'failed'));
    await sandbox.close();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
    expect(await containersWith(engine.socket, 'pawl.sandbox=1')).toEqual([]);
  });
  afterAll(() => engine.close());

  /** Executes everything, and does something to the engine when the first has come out. */
  const disturbed = async (isolation: Isolation, disturb: () => Promise<void>) => {
    const sandbox = open(isolation);
    let first = true;
    let disturbing: Promise<void> = Promise.resolve();
    const executions = await Promise.all(
      requests.map(async (request) => {
        const { result } = await sandbox.execute(request);
        if (first) {
          first = false;
          disturbing = disturb();
        }
        return result;
      }),
    ).finally(() => disturbing);
    return executions;
  };

  for (const isolation of ['execution', 'batch'] as const) {
    test(`${isolation}: that is stopped and started in the middle of a run changes no result`, async () => {
      const results = await disturbed(isolation, async () => {
        await engine.stop('SIGTERM');
        await engine.start();
      });
      expect(results).toEqual(undisturbed);
    });

    test(`${isolation}: that is killed and started in the middle of a run changes no result`, async () => {
      const results = await disturbed(isolation, async () => {
        await engine.stop('SIGKILL');
        await engine.start();
      });
      expect(results).toEqual(undisturbed);
    });
  }

  test('that does not come back is told after the patience has ended', async () => {
    const sandbox = open('execution', 1_000);
    await sandbox.fingerprint('javascript');
    const [request] = requests;
    if (request === undefined) throw new Error('There are requests.');
    await engine.stop('SIGTERM');
    try {
      await expect(sandbox.execute(request)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
      await expect(open('execution').fingerprint('javascript')).rejects.toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        message: expect.stringContaining('is not running. Start it, or say where it listens.'),
      });
    } finally {
      await engine.start();
    }
  });

  test('that stands still makes no program run into its limit of time', async () => {
    const sandbox = open('execution', 0);
    const program = 'function f(n) { for (let i = 0; i < 3e9; i += 1); return n; }';
    const request = requestOf('javascript', program, casesOf(['f(1)', '1']), { limits: { wallMs: 2_000 } });
    await sandbox.fingerprint('javascript');
    const executing = sandbox.execute(request).then(
      ({ result }) => result.outcome,
      (error: { code: string }) => error.code,
    );
    await vi.waitUntil(async () => (await containersWith(engine.socket, 'pawl.sandbox=1')).length > 0, {
      timeout: 20_000,
    });
    engine.signal('SIGSTOP');
    const outcome = await executing;
    engine.signal('SIGCONT');
    expect(outcome).toBe('ENGINE_UNREACHABLE');
  });

  test('whose disk is full says so, and goes on when there is room', async () => {
    const image = await imageIdAt(engine.socket);
    const { host, left } = testHost(`unix://${engine.socket}`);
    const filler = join(engine.data, 'filler');
    const { bavail, bsize } = statfsSync(engine.data);
    try {
      writeFileSync(filler, Buffer.alloc(Number(bavail * bsize)));
      await expect(host.start(specOf(image, 'sleep', '60'))).rejects.toMatchObject({
        code: 'ENGINE_DISK_FULL',
        message: expect.stringMatching(/no space left on device.* Make room on its disk\.$/s),
      });
      rmSync(filler);
      const container = await host.start(specOf(image, 'sleep', '60'));
      await container.destroy();
      expect(await left(engine.socket)).toEqual([]);
    } finally {
      rmSync(filler, { force: true });
      await host.close();
    }
  });
});
