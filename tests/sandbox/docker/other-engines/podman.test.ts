import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContainerHost } from '../../../../sandbox/docker/container/container-host.ts';
import { thisOwner } from '../../../../sandbox/docker/container/owner.ts';
import { connectEngine } from '../../../../sandbox/docker/engine/engine.ts';
import { engineFacts } from '../../../../sandbox/docker/engine/engine-facts.ts';
import { requireImage } from '../../../../sandbox/docker/engine/resolve-image.ts';
import { testImage } from '../../../support/container-engine.ts';
import { describeSandbox } from '../../sandbox-contract.ts';
import { readAll } from '../container/test-containers.ts';
import { testSettings } from '../test-settings.ts';
import { otherEngine } from './other-engine.ts';

const podman = otherEngine('PAWL_TEST_PODMAN');
const mebibyte = 1024 * 1024;

describe.skipIf(podman.reason !== null)('Podman', () => {
  for (const isolation of ['execution', 'batch'] as const) {
    const name = `at the level ${isolation}`;
    describeSandbox(name, 'python', () => podman.sandbox(isolation, ['python']), { clock: 'real' });
    describeSandbox(name, 'javascript', () => podman.sandbox(isolation, ['javascript']));
  }

  describe('a container of it', () => {
    let engine: ReturnType<typeof connectEngine>;
    let host: ReturnType<typeof createContainerHost>;
    const shell = async (script: string): Promise<string> => {
      const { id: image } = await requireImage(engine, testImage);
      const container = await host.start({
        image,
        command: ['/bin/sh', '-c', `exec 2>&1; ${script}`],
        isolation: 'execution',
        memoryBytes: 64 * mebibyte,
        workIsExecutable: false,
      });
      const text = await readAll(container);
      await container.destroy();
      return text.trim();
    };
    beforeAll(() => {
      engine = connectEngine(podman.host, {});
      host = createContainerHost(engine, testSettings('execution'), thisOwner('tests of Podman'));
    });
    afterAll(() => host.close());

    it('has no cap on the number of files, and is said to have none', async () => {
      expect((await engineFacts(engine)).limits).toEqual({
        memory: true,
        swap: true,
        processes: true,
        cpu: true,
        files: false,
      });
    });

    it('can write to its work directory alone', async () => {
      const tries = ['/work', '/tmp', '/run', '/var/tmp', '/etc', '/'];
      const script = `for d in ${tries.join(' ')}; do (: > $d/x) 2>/dev/null && echo $d; done`;
      expect(await shell(script)).toBe('/work');
    });

    it('pays for each file with its memory, so that files end before the machine’s memory does', async () => {
      // The kernel ends the shell when there is no memory left; what it printed before tells how far it came.
      const count = 'n=0; while :; do : > $n; n=$((n+1)); [ $((n % 1000)) = 0 ] && echo $n; done';
      const text = await shell(`cd /work; ${count}`);
      const files = Number(text.split('\n').findLast((line) => /^\d+$/u.test(line)));
      // An empty file takes about a kilobyte of the kernel's memory, and the container has 64 MiB.
      expect(files).toBeGreaterThan(5_000);
      expect(files).toBeLessThan(100_000);
    }, 120_000);
  });
});
