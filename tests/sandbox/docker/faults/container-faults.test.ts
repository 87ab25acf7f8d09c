import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunningContainer } from '../../../../sandbox/docker/container/container.ts';
import type { ErrorCode } from '../../../../src/kernel/error-table.ts';
import { isPawlError } from '../../../../src/kernel/pawl-error.ts';
import { engineSays, type Fault, type Mischief, type Route } from './fault.ts';
import { realSocket, useFaultProxy, withoutLocalEngine } from './proxied-engine.ts';
import { imageIdAt, isEmpty, specOf, testHost, until } from './test-host.ts';

/** Longer than every deadline of a single call. */
const anyDeadlineMs = 61_000;

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const hangUp: Mischief = { kind: 'hang up' };
const lostAnswer: Mischief = { kind: 'lost answer' };
const brokenJson: Mischief = { kind: 'rewrite', body: (text) => text.slice(0, -3) };

/** What becomes of the start of a container, by where the fault strikes. */
const starts: readonly (readonly [Route, string, Mischief, ErrorCode | 'started'])[] = [
  ['about', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
  ['about', 'the answer breaks off', { kind: 'cut', afterBytes: 100 }, 'ENGINE_UNREACHABLE'],
  ['about', 'the answer is no JSON', brokenJson, 'ENGINE_REFUSED'],
  ['about', 'the engine fails', engineSays.driverFailed, 'SANDBOX_FAILED'],
  ['image', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
  ['image', 'the image is missing', engineSays.noSuchImage, 'IMAGE_MISSING'],
  ['image', 'the answer is no JSON', brokenJson, 'SANDBOX_FAILED'],
  ['create', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
  ['create', 'the answer is lost', lostAnswer, 'ENGINE_UNREACHABLE'],
  ['create', 'the answer breaks off', { kind: 'cut', afterBytes: 20 }, 'ENGINE_UNREACHABLE'],
  ['create', 'the answer is no JSON', brokenJson, 'SANDBOX_FAILED'],
  [
    'create',
    'the content type is another one',
    { kind: 'rewrite', contentType: 'text/plain; charset=latin1' },
    'started',
  ],
  ['create', 'the image is missing', engineSays.noSuchImage, 'IMAGE_MISSING'],
  ['create', 'the disk is full', engineSays.noSpace, 'ENGINE_DISK_FULL'],
  ['create', 'the name is taken', engineSays.nameTaken, 'SANDBOX_FAILED'],
  ['create', 'the storage driver fails', engineSays.driverFailed, 'SANDBOX_FAILED'],
  ['attach', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
  ['attach', 'the answer is lost', lostAnswer, 'ENGINE_UNREACHABLE'],
  ['attach', 'the container is gone', engineSays.noSuchContainer, 'SANDBOX_FAILED'],
  ['attach', 'the container is being removed', engineSays.markedForRemoval, 'SANDBOX_FAILED'],
  ['attach', 'the engine fails', engineSays.driverFailed, 'SANDBOX_FAILED'],
  ['start', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
  ['start', 'the answer is lost', lostAnswer, 'ENGINE_UNREACHABLE'],
  ['start', 'the container is gone', engineSays.noSuchContainer, 'SANDBOX_FAILED'],
  ['start', 'the container is being removed', engineSays.markedForRemoval, 'SANDBOX_FAILED'],
  ['start', 'the runtime fails', engineSays.runtimeFailed, 'SANDBOX_FAILED'],
  ['start', 'the engine is being stopped', engineSays.stopping, 'ENGINE_UNREACHABLE'],
  ['start', 'the disk is full', engineSays.noSpace, 'ENGINE_DISK_FULL'],
];
const deadlines: readonly (readonly [Route, Mischief['kind'] & ('silence' | 'late answer')])[] = [
  ['about', 'silence'],
  ['image', 'silence'],
  ['create', 'silence'],
  ['create', 'late answer'],
  ['attach', 'silence'],
  ['attach', 'late answer'],
  ['start', 'silence'],
  ['start', 'late answer'],
];

describe.skipIf(withoutLocalEngine() !== null)('where the engine fails a container', () => {
  const proxy = useFaultProxy();
  let image: string;
  beforeAll(async () => {
    image = await imageIdAt(realSocket);
  });

  /** A host for one test; at its end nothing may be left, and no call of it open. */
  const withHost = async (work: (host: ReturnType<typeof testHost>) => Promise<void>): Promise<void> => {
    const made = testHost(proxy().address);
    try {
      await work(made);
    } finally {
      proxy().setFaults();
      await made.host.close();
    }
    expect(await made.left(realSocket)).toEqual([]);
    await until(
      () => proxy().openCalls,
      (open) => open === 0,
    );
  };
  const codeOf = async (starting: Promise<RunningContainer>): Promise<string> => {
    try {
      await (await starting).destroy();
      return 'started';
    } catch (error) {
      return isPawlError(error) ? error.code : `no coded error: ${String(error)}`;
    }
  };

  test.for(starts)('%s: %s', async ([on, , does, code]) => {
    await withHost(async ({ host, left }) => {
      proxy().setFaults({ on, does, ...(on === 'about' ? {} : { times: 1 }) });
      expect(await codeOf(host.start(specOf(image, 'sleep', '60')))).toBe(code);
      await until(() => left(realSocket), isEmpty);
      proxy().setFaults();
      expect(await codeOf(host.start(specOf(image, 'sleep', '60')))).toBe('started');
    });
  });

  test.for(deadlines)('%s: %s is waited for, and then an error', async ([on, kind]) => {
    await withHost(async ({ host, left }) => {
      const before = proxy().seen.filter(({ route }) => route === on).length;
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        proxy().setFaults({ on, does: { kind }, ...(on === 'about' ? {} : { times: 1 }) });
        const starting = codeOf(host.start(specOf(image, 'sleep', '60')));
        await proxy().reached(on, before + 1);
        // A minute passes at once here: the engine has done its part long before that, wherever it is not struck first.
        while (on === 'create' && kind === 'late answer' && isEmpty(await left(realSocket)));
        await vi.advanceTimersByTimeAsync(anyDeadlineMs);
        expect(await starting).toBe('ENGINE_UNREACHABLE');
      } finally {
        vi.useRealTimers();
      }
      await until(() => left(realSocket), isEmpty);
    });
  });

  test('a slow engine is an engine', async () => {
    await withHost(async ({ host }) => {
      const does = { kind: 'slow', bytes: 64, everyMs: 1 } as const;
      proxy().setFaults({ on: 'any', does });
      const container = await host.start(specOf(image, 'sh', '-c', 'echo slowly; cat'));
      await container.write(Buffer.from('and back'));
      const told: string[] = [];
      for await (const { bytes } of container.output) {
        told.push(bytes.toString());
        if (told.join('') === 'slowly\nand back') break;
      }
      await container.destroy();
    });
  });

  describe('a running container', () => {
    const started = async (host: ReturnType<typeof testHost>['host']): Promise<RunningContainer> =>
      host.start(specOf(image, 'sh', '-c', 'echo ready; cat'));
    const nextText = async (container: RunningContainer): Promise<string | null> => {
      for await (const { bytes } of container.output) return bytes.toString();
      return null;
    };

    test.for([8 + 'ready\n'.length, 11])(
      'whose stream breaks after %s bytes is not said to have ended',
      async (afterBytes) => {
        await withHost(async ({ host }) => {
          proxy().setFaults({ on: 'attach', does: { kind: 'cut', afterBytes } });
          const container = await host.start(specOf(image, 'sh', '-c', 'echo ready; sleep 60'));
          expect(await nextText(container)).toBe('ready\n'.slice(0, afterBytes - 8));
          await expect(nextText(container)).rejects.toMatchObject({
            code: 'SANDBOX_FAILED',
            message: expect.stringMatching(
              /^The connection to a container of the engine at .* broke, and the container did not end\.$/,
            ),
          });
          await container.destroy();
        });
      },
    );

    test('is lost with every connection of the engine', async () => {
      await withHost(async ({ host, left }) => {
        const container = await started(host);
        expect(await nextText(container)).toBe('ready\n');
        const next = nextText(container);
        proxy().breakConnections();
        await expect(next).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
        await container.destroy();
        expect(await left(realSocket)).toEqual([]);
      });
    });

    test('cannot be written to through a connection that broke', async () => {
      await withHost(async ({ host }) => {
        const container = await started(host);
        expect(await nextText(container)).toBe('ready\n');
        const next = nextText(container).catch((error: unknown) => error);
        proxy().breakConnections();
        expect(await next).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
        await expect(container.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
        await container.destroy();
      });
    });

    test('that ends by itself has ended, whatever its output was', async () => {
      await withHost(async ({ host }) => {
        const container = await host.start(specOf(image, 'sh', '-c', 'echo ready; exit 3'));
        expect(await nextText(container)).toBe('ready\n');
        expect(await nextText(container)).toBeNull();
        expect(await container.kill()).toEqual({
          running: false,
          exitCode: 3,
          outOfMemory: false,
          pid: null,
        });
        await container.destroy();
      });
    });

    const looks: readonly (readonly [Route, string, Mischief, ErrorCode])[] = [
      ['inspect', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
      ['inspect', 'the answer breaks off', { kind: 'cut', afterBytes: 100 }, 'ENGINE_UNREACHABLE'],
      ['inspect', 'the answer is no JSON', brokenJson, 'SANDBOX_FAILED'],
      ['inspect', 'the container is gone', engineSays.noSuchContainer, 'SANDBOX_FAILED'],
      ['stats', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
      ['stats', 'there are none', { kind: 'rewrite', body: () => '{}' }, 'SANDBOX_FAILED'],
      ['stats', 'the engine fails', engineSays.driverFailed, 'SANDBOX_FAILED'],
      ['kill', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
      ['kill', 'the answer is lost', lostAnswer, 'ENGINE_UNREACHABLE'],
      ['wait', 'the connection breaks', hangUp, 'ENGINE_UNREACHABLE'],
    ];
    test.for(looks)('%s: %s', async ([on, , does, code]) => {
      await withHost(async ({ host }) => {
        const container = await started(host);
        proxy().setFaults({ on, times: 1, does });
        const asked =
          on === 'inspect' ? container.facts() : on === 'stats' ? container.cpuMs() : container.kill();
        await expect(asked).rejects.toMatchObject({ name: 'PawlError', code });
        await container.destroy();
      });
    });

    const removals: readonly (readonly [string, Omit<Fault, 'on'>])[] = [
      ['the connection breaks twice', { does: hangUp, times: 2 }],
      ['the answer is lost', { does: lostAnswer, times: 1 }],
      ['somebody else removes it', { does: engineSays.removalInProgress, times: 2 }],
      ['the storage driver fails once', { does: engineSays.driverFailed, times: 1 }],
      ['the answer breaks off', { does: { kind: 'cut', afterBytes: 0 }, times: 1 }],
    ];
    test.for(removals)('is removed although %s', async ([, fault]) => {
      await withHost(async ({ host, left }) => {
        const container = await started(host);
        proxy().setFaults({ on: 'remove', ...fault });
        await container.destroy();
        expect(await left(realSocket)).toEqual([]);
        await container.destroy();
      });
    });

    test('is removed after the engine has been away', async () => {
      await withHost(async ({ host, left }) => {
        const container = await started(host);
        await proxy().goAway();
        const gone = container.destroy();
        expect(await left(realSocket)).toHaveLength(1);
        await proxy().comeBack();
        await gone;
        expect(await left(realSocket)).toEqual([]);
      });
    });
  });

  test('a host that is closed while the engine is away gives up in bounded time, and the next one removes what it left', async () => {
    const made = testHost(proxy().address, { patienceMs: 1_000 });
    await made.host.start(specOf(image, 'sleep', '60'));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    await proxy().goAway();
    vi.useRealTimers();
    const closing = made.host.close().catch((error: unknown) => error);
    expect(await closing).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    await proxy().comeBack();
    expect(await made.left(realSocket)).toHaveLength(1);
  }, 40_000);

  const sweeps: readonly (readonly [string, Fault, ErrorCode | number])[] = [
    ['the list is refused', { on: 'list', does: engineSays.driverFailed }, 'SANDBOX_FAILED'],
    ['the list breaks off', { on: 'list', does: { kind: 'cut', afterBytes: 1 } }, 'ENGINE_UNREACHABLE'],
    [
      'the list is no list',
      { on: 'list', does: { kind: 'rewrite', body: () => '{"a":1}' } },
      'SANDBOX_FAILED',
    ],
    ['nobody answers', { on: 'list', does: hangUp }, 'ENGINE_UNREACHABLE'],
    ['a removal fails once', { on: 'remove', times: 1, does: engineSays.driverFailed }, 0],
  ];
  test.for(sweeps)('a sweep: %s', async ([, fault, expected]) => {
    await withHost(async ({ host }) => {
      proxy().setFaults(fault);
      const swept = host.sweep().catch((error: { code: string }) => error.code);
      expect(await swept).toBe(expected);
    });
  });
});
