import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createDockerSandbox } from '../../../sandbox/docker/docker-sandbox.ts';
import { dockerSettingsSchema, type Isolation } from '../../../sandbox/docker/settings.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { testImage } from '../../support/container-engine.ts';
import type { HostileDriver } from './describe-hostile.ts';

/** A level of the Docker driver, with the figures of its limits that the table relies on. */
export function dockerDriver(driver: Isolation, limitations: HostileDriver['limitations']): HostileDriver {
  const seen = new Set<string>();
  const own = (): readonly string[] => {
    const filters = JSON.stringify({ label: ['pawl.sandbox=1', `pawl.owner.pid=${process.pid}`] });
    const listed = JSON.parse(
      ask(`/containers/json?all=1&filters=${encodeURIComponent(filters)}`),
    ) as readonly { readonly Id: string }[];
    for (const { Id } of listed) seen.add(Id);
    return listed.map(({ Id }) => Id);
  };
  return {
    driver,
    create: async (language) =>
      createDockerSandbox({
        workers: 1,
        settings: dockerSettingsSchema.parse({
          isolation: driver,
          images: { python: testImage, javascript: testImage },
          patienceMs: 30_000,
        }),
        languages: [language],
        clock: systemClock,
      }),
    afterEach: own,
    left: async () => [
      ...own().map((id) => `container ${id}`),
      ...processesOf(seen).map((pid) => `process ${pid}`),
    ],
    limitations,
  };
}

function ask(path: string): string {
  const host = process.env['DOCKER_HOST'] ?? '';
  const socket = host.startsWith('unix://') ? ['--unix-socket', host.slice('unix://'.length)] : [];
  return execFileSync(
    'curl',
    ['--silent', '--fail', '--max-time', '20', ...socket, `http://localhost${path}`],
    {
      encoding: 'utf8',
    },
  );
}

/** Processes of this host that are in a control group of one of the containers. */
const processesOf = (containers: ReadonlySet<string>): readonly string[] =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/u.test(name)) return false;
    try {
      const groups = readFileSync(`/proc/${name}/cgroup`, 'utf8');
      return [...containers].some((id) => groups.includes(id));
    } catch {
      return false;
    }
  });
