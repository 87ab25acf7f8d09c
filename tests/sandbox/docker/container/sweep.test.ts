import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContainerHost } from '../../../../sandbox/docker/container/container-host.ts';
import { listContainers } from '../../../../sandbox/docker/container/list-containers.ts';
import { thisOwner } from '../../../../sandbox/docker/container/owner.ts';
import { sweepContainers } from '../../../../sandbox/docker/container/sweep.ts';
import { dockerSettingsSchema } from '../../../../sandbox/docker/settings.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { testContainers, until } from './test-containers.ts';

const reason = withoutEngine();
const starter = fileURLToPath(new URL('starter.ts', import.meta.url));
const kills = process.env['PAWL_LONG'] === '1' ? 20 : 6;

/** Processes of the machine that name the owner's containers, which is how their shims are started. */
function processesNaming(ids: readonly string[]): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const text =
          readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/cgroup`, 'utf8');
        return ids.some((id) => text.includes(id));
      } catch {
        return false; // it has just ended
      }
    });
}

describe.skipIf(reason !== null)('Containers of a process that was killed', () => {
  let containers: Awaited<ReturnType<typeof testContainers>>;
  beforeAll(async () => {
    containers = await testContainers();
  });
  afterAll(() => containers.host.close());

  const volumes = async (): Promise<readonly string[]> => {
    const json = await containers.engine.request({
      ...{ method: 'GET', path: '/volumes', deadlineMs: 10_000, purpose: 'list volumes', askedFor: 'engine' },
    });
    return ((json as { Volumes: { Name: string }[] | null }).Volumes ?? []).map(({ Name }) => Name);
  };

  it('are all swept, wherever it was in its work, while those of the living are not touched', async () => {
    const bystander = await containers.start(['/bin/sleep', '1000']);
    const volumesBefore = await volumes();
    const seen = new Set<string>();
    const owners: string[] = [];
    for (let round = 0; round < kills; round += 1) {
      const ownerId = `killed-${randomUUID()}`;
      owners.push(ownerId);
      const child = spawn(process.execPath, [starter, ownerId, containers.image], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      // Each round ends it somewhere else: after so many steps, and then so many turns of the engine.
      let lines = 0;
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        lines += chunk.toString().split('\n').length - 1;
        if (lines > round) break;
      }
      for (let turn = 0; turn < round % 5; turn += 1) {
        for (const { id } of await listContainers(containers.engine, `pawl.owner=${ownerId}`)) seen.add(id);
      }
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      for (const { id } of await listContainers(containers.engine, `pawl.owner=${ownerId}`)) seen.add(id);
      await sweepContainers(containers.engine);
    }
    // A creation that was under way may come to be after its owner's end: the next sweep finds it.
    await until(
      async () => {
        await sweepContainers(containers.engine);
        const left = await Promise.all(
          owners.map((id) => listContainers(containers.engine, `pawl.owner=${id}`)),
        );
        return left.flat();
      },
      (left) => left.length === 0,
    );
    expect(seen.size).toBeGreaterThanOrEqual(kills);
    await until(
      () => processesNaming([...seen]),
      (left) => left.length === 0,
    );
    expect(await volumes()).toEqual(volumesBefore);
    expect(await bystander.facts()).toMatchObject({ running: true });
    await bystander.destroy();
  }, 180_000);

  it('are none where it closed in the middle of starting them', async () => {
    for (let turns = 0; turns < 6; turns += 1) {
      const { host, engine, ownerId, start } = await testContainers();
      const starts = Array.from({ length: 3 }, () => start(['/bin/sleep', '1000']));
      const settled = Promise.allSettled(starts);
      for (let turn = 0; turn < turns * 3; turn += 1) await listContainers(engine, `pawl.owner=${ownerId}`);
      await host.close();
      await settled;
      expect(await listContainers(engine, `pawl.owner=${ownerId}`)).toEqual([]);
    }
  }, 60_000);

  it('are known by the boot, the process table, the pid and when the process began', async () => {
    const here = thisOwner('');
    const strangers = {
      'another process with this pid': { ...here, startedAt: '1' },
      'a process of another boot': { ...here, bootId: 'another' },
      'a process that is gone': { ...here, pid: 4_194_304 },
      'another machine': { ...here, machine: 'another' },
      'another process table': { ...here, pidNamespace: 'pid:[1]' },
    };
    const settings = dockerSettingsSchema.parse({});
    const hosts = Object.entries(strangers).map(([name, owner]) => {
      const id = `${name.replaceAll(' ', '-')}-${randomUUID()}`;
      return { name, id, host: createContainerHost(containers.engine, settings, { ...owner, id }) };
    });
    for (const { host } of hosts) await host.start(containers.specOf(['/bin/sleep', '1000']));
    await sweepContainers(containers.engine);
    const left: string[] = [];
    for (const { name, id } of hosts) {
      if ((await listContainers(containers.engine, `pawl.owner=${id}`)).length > 0) left.push(name);
    }
    expect(left).toEqual(['another machine', 'another process table']);
    for (const { host } of hosts) await host.close();
    for (const { id } of hosts)
      expect(await listContainers(containers.engine, `pawl.owner=${id}`)).toEqual([]);
  }, 60_000);

  it('leave no volume where the image asks for one', async () => {
    const { engine } = containers;
    const tag = `pawl-test-volume-${randomUUID()}`;
    const ask = { deadlineMs: 30_000, purpose: 'prepare a test', askedFor: 'container' } as const;
    const base = await containers.start(['/bin/true']);
    await engine.request({
      ...ask,
      ...{
        method: 'POST',
        path: '/commit',
        query: { container: base.id, repo: tag, changes: 'VOLUME /data' },
      },
    });
    await base.destroy();
    const before = await volumes();
    const { Id: image } = (await engine.request({ ...ask, method: 'GET', path: `/images/${tag}/json` })) as {
      Id: string;
    };
    expect(await containers.shell('grep " /data " /proc/mounts; echo x > /data/x', { image })).toMatch(
      /^tmpfs \/data tmpfs ro,.*\n.*Read-only file system$/,
    );
    expect(await volumes()).toEqual(before);
    await engine.request({ ...ask, method: 'DELETE', path: `/images/${tag}` });
  }, 60_000);
});
