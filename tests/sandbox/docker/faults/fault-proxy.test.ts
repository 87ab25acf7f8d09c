import { once } from 'node:events';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { testImage } from '../../../support/container-engine.ts';
import { engineApi, socketPathOf } from './engine-api.ts';
import { engineSays, type Mischief } from './fault.ts';
import { realSocket, useFaultProxy, withoutLocalEngine } from './proxied-engine.ts';

const made: string[] = [];
afterEach(async () => {
  for (const id of made.splice(0)) await engineApi(realSocket, 'DELETE', `/containers/${id}?force=1&v=1`);
});

describe.skipIf(withoutLocalEngine() !== null)('a proxy with faults', () => {
  const proxy = useFaultProxy();
  const ask = (method: string, path: string, body?: object) =>
    engineApi(socketPathOf(proxy().address), method, path, body);
  const create = async (command: readonly string[]) => {
    const { json } = await ask('POST', '/containers/create', {
      Image: testImage,
      Entrypoint: [command[0]],
      Cmd: command.slice(1),
      ...{ OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true },
      Labels: { 'pawl.test': 'faults' },
      HostConfig: { NetworkMode: 'none' },
    });
    const { Id } = json as { readonly Id: string };
    made.push(Id);
    return Id;
  };
  const attach = async (id: string): Promise<Duplex> => {
    const call = request({
      socketPath: socketPathOf(proxy().address),
      method: 'POST',
      path: `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`,
      headers: { Connection: 'Upgrade', Upgrade: 'tcp' },
      agent: false,
    });
    call.end();
    const [, socket] = (await once(call, 'upgrade')) as [unknown, Duplex];
    return socket;
  };

  test('passes on what it is not told to change', async () => {
    const direct = await engineApi(realSocket, 'GET', '/version');
    expect(await ask('GET', '/version')).toEqual(direct);
    expect(proxy().seen.at(-1)).toEqual({
      route: 'about',
      method: 'GET',
      url: '/version',
      mischief: null,
    });
  });

  test('passes an attached stream through in both directions, with both ends', async () => {
    const id = await create(['cat']);
    const stream = await attach(id);
    await ask('POST', `/containers/${id}/start`);
    const big = Buffer.alloc(300_000, 'x');
    stream.end(big);
    let bytes = 0;
    for await (const chunk of stream) bytes += (chunk as Buffer).length;
    // Every piece has a header of 8 bytes.
    expect(bytes).toBeGreaterThan(big.length);
    expect((bytes - big.length) % 8).toBe(0);
    const { json } = await ask('POST', `/containers/${id}/wait`);
    expect(json).toMatchObject({ StatusCode: 0 });
  });

  test('cuts an attached stream after so many bytes', async () => {
    const id = await create(['cat', '/dev/zero']);
    proxy().setFaults({ on: 'attach', does: { kind: 'cut', afterBytes: 1_000 } });
    const stream = await attach(id);
    await ask('POST', `/containers/${id}/start`);
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await once(stream, 'close');
    expect(bytes).toBe(1_000);
  });

  test.for<[Mischief, string]>([
    [{ kind: 'hang up' }, 'ECONNRESET'],
    [{ kind: 'lost answer' }, 'ECONNRESET'],
    [{ kind: 'cut', afterBytes: 10 }, 'ECONNRESET'],
  ])('%o ends the connection', async ([does, code]) => {
    proxy().setFaults({ on: 'about', does });
    await expect(ask('GET', '/info')).rejects.toMatchObject({ code });
  });

  test('lets the engine do what it was told where only the answer is lost', async () => {
    proxy().setFaults({ on: 'create', does: { kind: 'lost answer' } });
    const name = `pawl-lost-${process.pid}`;
    const body = { Image: testImage, Cmd: ['true'] };
    await expect(ask('POST', `/containers/create?name=${name}`, body)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    made.push(name);
    expect((await engineApi(realSocket, 'GET', `/containers/${name}/json`)).status).toBe(200);
  });

  test('strikes the calls it is told to, and no others', async () => {
    proxy().setFaults({ on: 'about', from: 2, times: 2, does: engineSays.driverFailed });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await ask('GET', '/version')).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect((await ask('GET', '/containers/json')).status).toBe(200);
  });

  test('rewrites an answer', async () => {
    proxy().setFaults({ on: 'about', does: { kind: 'rewrite', body: (text) => text.slice(0, 20) } });
    expect((await ask('GET', '/version')).json).toHaveLength(20);
  });

  test('slows an answer down', async () => {
    proxy().setFaults({ on: 'about', does: { kind: 'slow', bytes: 200, everyMs: 5 } });
    const before = performance.now();
    expect((await ask('GET', '/version')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(15);
  });

  test('goes away and comes back', async () => {
    await proxy().goAway();
    await expect(ask('GET', '/version')).rejects.toMatchObject({ code: 'ENOENT' });
    await proxy().comeBack();
    expect((await ask('GET', '/version')).status).toBe(200);
  });
});

test('refusals of the engine are in its own words', async ({ skip }) => {
  skip(withoutLocalEngine() !== null);
  const { status, json } = await engineApi(realSocket, 'POST', '/containers/create', {
    Image: 'pawl-none:1',
  });
  expect({ status, json }).toEqual({
    status: engineSays.noSuchImage.status,
    json: { message: engineSays.noSuchImage.message.replace(testImage, 'pawl-none:1') },
  });
});
