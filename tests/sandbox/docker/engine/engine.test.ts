import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectEngine, type Engine } from '../../../../sandbox/docker/engine/engine.ts';
import { engineFacts } from '../../../../sandbox/docker/engine/engine-facts.ts';
import type { AskedFor } from '../../../../sandbox/docker/engine/engine-failure.ts';
import { requireImage, resolveImage } from '../../../../sandbox/docker/engine/resolve-image.ts';
import { testImage, withoutEngine } from '../../../support/container-engine.ts';

describe('A call to an engine', () => {
  let directory: string;
  let server: Server;
  let engine: Engine;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const call = (askedFor: AskedFor = 'engine', deadlineMs = 5_000, signal?: AbortSignal) =>
    engine.request({
      ...{ method: 'POST', path: '/x', query: { a: 'b c' }, body: { n: 1 }, deadlineMs, askedFor },
      ...{ purpose: 'do it', ...(signal ? { signal } : {}) },
    });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'pawl-engine-'));
    const path = join(directory, 'socket');
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    engine = connectEngine(`unix://${path}`, { DOCKER_HOST: 'tcp://nobody:1' });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  });

  it('sends its query and its body, and gives the JSON of the answer', async () => {
    answer = (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      request.on('end', () => response.end(JSON.stringify({ url: request.url, body })));
    };
    expect(await call()).toEqual({ url: '/x?a=b%20c', body: '{"n":1}' });
  });

  it.each<[number, string, AskedFor, string, boolean]>([
    [400, 'bad parameter', 'container', 'ENGINE_REFUSED', false],
    [403, 'not allowed', 'engine', 'ENGINE_REFUSED', false],
    [403, 'denied', 'image', 'IMAGE_DENIED', false],
    [404, 'no such image', 'image', 'IMAGE_MISSING', false],
    [404, 'no such container', 'container', 'SANDBOX_FAILED', true],
    [500, 'something broke', 'container', 'SANDBOX_FAILED', true],
    [500, 'mkdir /x: no space left on device', 'container', 'ENGINE_DISK_FULL', true],
    [400, 'no space left on device', 'container', 'ENGINE_REFUSED', false],
    [503, 'starting', 'engine', 'ENGINE_UNREACHABLE', true],
  ])('answered with %i "%s" about a %s is %s', async (status, message, askedFor, code, retryable) => {
    answer = (_, response) => response.writeHead(status).end(JSON.stringify({ message }));
    const error = await call(askedFor).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(
        `Could not do it: the engine at ${engine.at} says (${status}): ${message}`,
      ),
      context: { engine: engine.at, status },
      entry: { retryable },
    });
  });

  it('that is not answered in time is given up', async () => {
    answer = () => {};
    await expect(call('engine', 50)).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: `Could not do it: the engine at ${engine.at} did not answer within 50 ms.`,
    });
  });

  it('whose answer stops in the middle is given up in time too', async () => {
    answer = (_, response) => response.writeHead(200, { 'Content-Length': 100 }).write('{"half":');
    await expect(call('engine', 50)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  });

  it('whose connection breaks, before or in the middle of the answer, finds the engine unreachable', async () => {
    answer = (request) => request.socket.destroy();
    await expect(call()).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    answer = (request, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{"half":', () => request.socket.destroy());
    };
    await expect(call()).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  });

  it('ends with the reason of its signal', async () => {
    const stopping = new AbortController();
    answer = () => stopping.abort(new Error('enough'));
    await expect(call('engine', 5_000, stopping.signal)).rejects.toThrow('enough');
    await expect(call('engine', 5_000, stopping.signal)).rejects.toThrow('enough');
  });

  it('to a socket where nobody listens says what to do', async () => {
    const nobody = connectEngine(join(directory, 'nobody'), {});
    await expect(engineFacts(nobody)).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(/is not running\. Start it, or say where it listens\.$/),
    });
  });

  it('to something else than an engine is refused', async () => {
    answer = (_, response) => response.end('<html>');
    await expect(engineFacts(engine)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' });
  });

  it('for an image whose name cannot be one never leaves this side', async () => {
    answer = () => expect.unreachable();
    for (const name of ['', '../x', 'a?b', 'a#b', 'a%2fb', 'a b', 'a//b', '-a', 'x'.repeat(600)]) {
      await expect(resolveImage(engine, name)).rejects.toMatchObject({ code: 'SANDBOX_SETTINGS' });
    }
  });
});

describe.skipIf(withoutEngine() !== null)('A real engine', () => {
  it('tells its facts', async () => {
    const facts = await engineFacts(connectEngine(null, process.env));
    expect(facts).toMatchObject({
      name: expect.stringMatching(/^(docker|podman)$/),
      seccomp: true,
      limits: { memory: true, processes: true, cpu: true },
    });
    expect(facts.runtimes).toContain(facts.defaultRuntime);
    expect(facts.memoryBytes).toBeGreaterThan(1 << 28);
  });

  it('resolves an image to the same ID by its name and by that ID, and knows when it has none', async () => {
    const engine = connectEngine(null, process.env);
    const image = await requireImage(engine, testImage);
    expect(image.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await requireImage(engine, image.id)).id).toBe(image.id);
    expect(await resolveImage(engine, 'no.such/image:1')).toBeNull();
    await expect(requireImage(engine, 'no.such/image:1')).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
      message: expect.stringContaining('does not have the image no.such/image:1. Build it with'),
    });
  });
});
