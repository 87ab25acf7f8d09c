import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listContainers } from '../../../../sandbox/docker/container/list-containers.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { readAll, testContainers, until } from './test-containers.ts';

const reason = withoutEngine();
const mebibyte = 1024 * 1024;

describe.skipIf(reason !== null)(
  'The streams and facts of a container',
  () => {
    let containers: Awaited<ReturnType<typeof testContainers>>;
    beforeAll(async () => {
      containers = await testContainers();
    });
    afterAll(() => containers.host.close());

    it('bring both outputs from the first byte on, and end with the container', async () => {
      const container = await containers.start(['/bin/sh', '-c', 'echo out; echo err >&2; exit 7']);
      const seen = { stdout: '', stderr: '' };
      for await (const { stream, bytes } of container.output) seen[stream] += bytes.toString();
      expect(seen).toEqual({ stdout: 'out\n', stderr: 'err\n' });
      const { running, exitCode, outOfMemory } = await until(
        () => container.facts(),
        (facts) => !facts.running,
      );
      expect({ running, exitCode, outOfMemory }).toEqual({ running: false, exitCode: 7, outOfMemory: false });
      expect(container.isOver()).toBe(true);
      await container.destroy();
    });

    it('carry megabytes in and out, byte for byte', async () => {
      const container = await containers.start(['/bin/cat']);
      const sent = Buffer.alloc(8 * mebibyte, 'abcdefghijklmnopqrstuvwxyz\n');
      let written = false;
      const writing = container.write(sent).then(() => {
        written = true;
      });
      let got = 0;
      const output = container.output[Symbol.asyncIterator]();
      while (got < sent.length) {
        const { value, done } = await output.next();
        if (done === true) break;
        if (!value.bytes.equals(sent.subarray(got, got + value.bytes.length))) break;
        got += value.bytes.length;
      }
      await writing;
      expect([got, written]).toEqual([sent.length, true]);
      await container.destroy();
    });

    it('hold back a write that the container does not read', async () => {
      const container = await containers.start(['/bin/sh', '-c', 'echo ready; sleep 1000']);
      const output = container.output[Symbol.asyncIterator]();
      expect((await output.next()).value?.bytes.toString()).toBe('ready\n');
      let written = false;
      const writing = container.write(Buffer.alloc(16 * mebibyte)).then(() => {
        written = true;
      });
      await container.cpuMs(); // a turn of the engine
      expect(written).toBe(false);
      await container.destroy();
      await writing; // nobody is left to take it, and that is no failure
    });

    it('hold little of a gigabyte that nobody reads', async () => {
      const container = await containers.start(['/bin/sh', '-c', 'head -c 1G /dev/zero; echo done >&2']);
      const output = container.output[Symbol.asyncIterator]();
      await output.next();
      const before = process.memoryUsage();
      // It runs until its writes block, and then its time stands still.
      let last = -1;
      await until(
        () => container.cpuMs(),
        (cpuMs) => {
          const isBlocked = last >= 0 && cpuMs - last < 5;
          last = cpuMs;
          return isBlocked;
        },
      );
      const after = process.memoryUsage();
      expect(after.rss - before.rss).toBeLessThan(24 * mebibyte);
      expect(after.external - before.external).toBeLessThan(4 * mebibyte);
      expect(await container.facts()).toEqual({
        running: true,
        exitCode: null,
        outOfMemory: false,
        pid: expect.any(Number),
      });
      await container.destroy();
      expect(await output.next().then(({ done }) => done === true || done === false)).toBe(true);
    });

    it('are closed without an error when the container is destroyed while somebody reads', async () => {
      const container = await containers.start(['/bin/sleep', '1000']);
      const reading = readAll(container);
      await container.destroy();
      expect(await reading).toBe('');
      await container.write(Buffer.from('nobody'));
      await expect(container.facts()).rejects.toMatchObject({ code: 'SANDBOX_FAILED' });
    });

    it('tell the processor time of all processes, also of those that have ended', async () => {
      const burn =
        'import os,time\n' +
        'if os.fork() == 0:\n while time.process_time() < 0.3: pass\n os._exit(0)\n' +
        'os.wait(); print("burnt", flush=True); time.sleep(1000)';
      const container = await containers.start(['python3', '-I', '-c', burn]);
      await container.output[Symbol.asyncIterator]().next();
      const cpuMs = await container.cpuMs();
      expect(cpuMs).toBeGreaterThanOrEqual(300);
      expect(cpuMs).toBeLessThan(3_000);
      await container.destroy();
    });

    it('tell that memory ran out, by the engine’s own flag, also where only a child was ended', async () => {
      const fill =
        'import os\n' +
        'if os.fork() == 0:\n a = bytearray(512 << 20); os._exit(0)\n' +
        'print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True); import time; time.sleep(1000)';
      const container = await containers.start(['python3', '-I', '-c', fill]);
      const { value } = await container.output[Symbol.asyncIterator]().next();
      expect(value?.bytes.toString()).toBe('-9\n');
      expect(await container.kill()).toEqual({ running: false, exitCode: 137, outOfMemory: true, pid: null });
      await container.destroy();
    });

    it('tell a kill from outside of the container’s own end', async () => {
      const container = await containers.start(['/bin/sleep', '1000']);
      expect(await container.kill()).toEqual({
        running: false,
        exitCode: 137,
        outOfMemory: false,
        pid: null,
      });
      expect(await container.kill()).toEqual({
        running: false,
        exitCode: 137,
        outOfMemory: false,
        pid: null,
      });
      await Promise.all([container.destroy(), container.destroy()]);
      await container.destroy();
    });

    it('say what is wrong where the image does not have the program', async () => {
      const container = await containers.start(['/no/such/program']);
      expect(await readAll(container)).toContain('/no/such/program');
      expect(await container.kill()).toEqual({
        running: false,
        exitCode: 127,
        outOfMemory: false,
        pid: null,
      });
      await container.destroy();
    });

    it('of a host that is closed end without an error, and nothing is left, whatever waits to be read', async () => {
      const { host, engine, ownerId, start } = await testContainers();
      const loud = await start(['/bin/sh', '-c', 'head -c 1G /dev/zero']);
      const quiet = await start(['/bin/sleep', '1000']);
      const reading = readAll(quiet);
      await loud.cpuMs();
      await Promise.all([host.close(), host.close()]);
      expect(await reading).toBe('');
      expect(await listContainers(engine, `pawl.owner=${ownerId}`)).toEqual([]);
      await expect(start(['/bin/true'])).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    });

    it('an image that is not there is a coded error', async () => {
      const missing = `sha256:${'0'.repeat(64)}`;
      await expect(containers.start(['/bin/true'], { image: missing })).rejects.toMatchObject({
        code: 'IMAGE_MISSING',
      });
    });
  },
  60_000,
);
