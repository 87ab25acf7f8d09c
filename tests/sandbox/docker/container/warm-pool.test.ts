import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerSpec, RunningContainer } from '../../../../sandbox/docker/container/container.ts';
import { listContainers } from '../../../../sandbox/docker/container/list-containers.ts';
import { createWarmPool } from '../../../../sandbox/docker/container/warm-pool.ts';
import { PawlError } from '../../../../src/kernel/pawl-error.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { testContainers, until } from './test-containers.ts';

const limits = { warm: 2, containersMax: 5, startsMax: 2, kindsMax: 2 };
const kind = (name: string): ContainerSpec => ({
  image: 'image',
  command: [name],
  isolation: 'execution',
  memoryBytes: 1,
  workIsExecutable: false,
});

/** A host whose containers are there when the test says so, so that every order of things can be tried. */
function scriptedHost() {
  const asked: { readonly name: string; readonly settle: PromiseWithResolvers<RunningContainer> }[] = [];
  const alive = new Set<string>();
  const over = new Set<string>();
  let count = 0;
  const finish = (index: number, error?: Error): void => {
    const { name, settle } = asked.splice(index, 1)[0] as (typeof asked)[number];
    if (error !== undefined) {
      settle.reject(error);
      return;
    }
    count += 1;
    const id = `${name}${count}`;
    alive.add(id);
    const nothing = async () => {
      throw new TypeError('The pool has no business in a container.');
    };
    const destroy = async (): Promise<void> => {
      alive.delete(id);
    };
    const isOver = (): boolean => over.has(id);
    const output = { [Symbol.asyncIterator]: () => ({ next: nothing }) };
    const doors = { write: nothing, cpuMs: nothing, facts: nothing, kill: nothing };
    settle.resolve({ id, memoryBytes: 1, output, isOver, destroy, ...doors });
  };
  const host = {
    start: (spec: ContainerSpec): Promise<RunningContainer> => {
      const settle = Promise.withResolvers<RunningContainer>();
      asked.push({ name: spec.command[0] ?? '', settle });
      return settle.promise;
    },
  };
  /** Makes everything that is asked for, until nothing is. */
  const settle = async (): Promise<void> => {
    do {
      while (asked.length > 0) finish(0);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    } while (asked.length > 0);
  };
  return { host, asked, alive, over, finish, settle };
}

describe('A pool of containers made ahead', () => {
  it('gives each container once, and makes the next before it is asked for', async () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, limits);
    const first = pool.take(kind('a'));
    await scripted.settle();
    expect((await first).id).toBe('a1');
    expect(pool.counts()).toEqual({ ready: 2, starting: 0, taken: 1, ending: 0 });
    const taken = [await pool.take(kind('a')), await pool.take(kind('a'))];
    expect(taken.map(({ id }) => id)).toEqual(['a2', 'a3']);
    await scripted.settle();
    expect(pool.counts()).toEqual({ ready: 2, starting: 0, taken: 3, ending: 0 });
    await pool.close();
    expect([...scripted.alive]).toEqual([]);
  });

  it('has no more than it may have, whatever is asked of it, and serves whoever waits when one is gone', async () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, limits);
    const takes = Array.from({ length: 7 }, () => pool.take(kind('a')));
    await scripted.settle();
    expect(pool.counts()).toEqual({ ready: 0, starting: 0, taken: 5, ending: 0 });
    await (await takes[0])?.destroy();
    await scripted.settle();
    expect(scripted.alive.size).toBe(5);
    await (await takes[1])?.destroy();
    await scripted.settle();
    const ids = await Promise.all(takes.map(async (take) => (await take).id));
    expect(new Set(ids).size).toBe(7);
    await pool.close();
  });

  it('starts no more than a few at once', () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, limits);
    for (let index = 0; index < 4; index += 1) pool.take(kind('a')).catch(() => {});
    expect(scripted.asked.length).toBe(2);
  });

  it('gives what is ready for others up when somebody waits and there is no room', async () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, { ...limits, containersMax: 3 });
    const first = pool.take(kind('a'));
    await scripted.settle();
    await first;
    expect(pool.counts()).toEqual({ ready: 2, starting: 0, taken: 1, ending: 0 });
    const other = pool.take(kind('b'));
    await scripted.settle();
    expect((await other).id).toBe('b4');
    expect([...scripted.alive].sort()).toEqual(['a1', 'a3', 'b4']);
    await pool.close();
  });

  it('lets go of the kind that was not asked for longest', async () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, { ...limits, warm: 1, containersMax: 20 });
    for (const name of ['a', 'b', 'a', 'c']) {
      const take = pool.take(kind(name));
      await scripted.settle();
      await (await take).destroy();
      await scripted.settle();
    }
    expect([...scripted.alive].map((id) => id[0]).sort()).toEqual(['a', 'c']);
    await pool.close();
  });

  it('throws away one that died while it waited', async () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, limits);
    const first = pool.take(kind('a'));
    await scripted.settle();
    await first;
    scripted.over.add('a2');
    expect((await pool.take(kind('a'))).id).toBe('a3');
    expect(scripted.alive.has('a2')).toBe(false);
    await pool.close();
  });

  it('tells whoever waits why there is none, and does not try on its own until somebody asks again', async () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, limits);
    const refused = pool.take(kind('a'));
    while (scripted.asked.length > 0) scripted.finish(0, new PawlError('ENGINE_REFUSED', 'No.'));
    await expect(refused).rejects.toMatchObject({ code: 'ENGINE_REFUSED', message: 'No.' });
    await scripted.settle();
    expect(pool.counts()).toEqual({ ready: 0, starting: 0, taken: 0, ending: 0 });
    const again = pool.take(kind('a'));
    await scripted.settle();
    expect((await again).id).toBe('a1');
    expect(pool.counts().ready).toBe(2);
    await pool.close();
  });

  it('forgets whoever stops waiting, and refuses when it is closed', async () => {
    const scripted = scriptedHost();
    const pool = createWarmPool(scripted.host, limits);
    const stopping = new AbortController();
    const take = pool.take(kind('a'), stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(take).rejects.toThrow('enough');
    const waiting = pool.take(kind('a'));
    const closing = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    await scripted.settle();
    await closing;
    expect([...scripted.alive]).toEqual([]);
    await expect(pool.take(kind('a'))).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
  });
});

describe.skipIf(withoutEngine() !== null)('A pool of containers on a real engine', () => {
  let containers: Awaited<ReturnType<typeof testContainers>>;
  beforeAll(async () => {
    containers = await testContainers();
  });
  afterAll(() => containers.host.close());

  it('notices a container that ended while it waited, and leaves nothing when it is closed', async () => {
    const pool = createWarmPool(containers.host, limits);
    const spec = containers.specOf(['/bin/cat']);
    const first = await pool.take(spec);
    await until(pool.counts, ({ ready, starting }) => ready === 2 && starting === 0);
    const waiting = await listContainers(containers.engine, `pawl.owner=${containers.ownerId}`);
    const victim = waiting.filter(({ id }) => id !== first.id).at(-1);
    await containers.engine.request({
      ...{ method: 'POST', path: `/containers/${victim?.id}/kill`, deadlineMs: 10_000 },
      ...{ purpose: 'kill a container', askedFor: 'container' },
    });
    // The engine ends the connection before it says that the container has stopped.
    await until(
      () => listContainers(containers.engine, `pawl.owner=${containers.ownerId}`),
      (list) => list.find(({ id }) => id === victim?.id)?.isRunning !== true,
    );
    const ids: string[] = [];
    for (let index = 0; index < 2; index += 1) {
      const container = await pool.take(spec);
      await container.write(Buffer.from('hello'));
      const { value } = await container.output[Symbol.asyncIterator]().next();
      expect(value?.bytes.toString()).toBe('hello');
      ids.push(container.id);
    }
    expect(ids).not.toContain(victim?.id);
    await pool.close();
    expect(await listContainers(containers.engine, `pawl.owner=${containers.ownerId}`)).toEqual([]);
  }, 60_000);
});
