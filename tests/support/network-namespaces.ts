import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** Why there are none here; null where there are. With `PAWL_REQUIRE_NETNS=1` that is a failure instead. */
export function withoutNamespaces(): string | null {
  const probe = `pawl-${randomBytes(3).toString('hex')}`;
  try {
    ip('netns', 'add', probe);
    ip('netns', 'del', probe);
    return null;
  } catch (error) {
    if (process.env['PAWL_REQUIRE_NETNS'] === '1') throw error;
    return 'network namespaces need root and the command ip (Debian: iproute2)';
  }
}

/** One host of a network that exists only for a test. */
export interface TestHost {
  readonly address: string;
  /** Starts a program there; the caller stops it. */
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** From now on nothing passes between this host and the middle: no packet, and no word that there is none. */
  cut(): void;
  mend(): void;
}

/**
 * Hosts in namespaces of their own, each joined by a virtual cable with one in the middle: what runs in the middle is reached by
 * all others at its address on their cable. Everything is gone after `dispose`.
 */
export function testNetwork(count: number): {
  readonly middle: TestHost;
  readonly hosts: readonly TestHost[];
  /** Address of the middle as each host knows it. */
  readonly middleSeenFrom: readonly string[];
  dispose(): void;
} {
  const id = randomBytes(2).toString('hex');
  const centre = `pw${id}c`;
  const made: string[] = [];
  const dispose = (): void => {
    for (const name of made) ip('netns', 'del', name);
    made.length = 0;
  };
  const add = (name: string): void => {
    ip('netns', 'add', name);
    made.push(name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  };
  try {
    add(centre);
    const middleSeenFrom: string[] = [];
    const hosts = Array.from({ length: count }, (_, index): TestHost => {
      const name = `pw${id}h${index}`;
      const [near, far] = [`pw${id}n${index}`, `pw${id}f${index}`];
      const [middle, here] = [`10.97.${index}.1`, `10.97.${index}.2`];
      add(name);
      ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
      ip('link', 'set', near, 'netns', centre);
      ip('link', 'set', far, 'netns', name);
      ip('-n', centre, 'addr', 'add', `${middle}/24`, 'dev', near);
      ip('-n', name, 'addr', 'add', `${here}/24`, 'dev', far);
      ip('-n', centre, 'link', 'set', near, 'up');
      ip('-n', name, 'link', 'set', far, 'up');
      middleSeenFrom.push(middle);
      return {
        address: here,
        spawn: inNamespace(name),
        cut: () => ip('-n', centre, 'link', 'set', near, 'down'),
        mend: () => ip('-n', centre, 'link', 'set', near, 'up'),
      };
    });
    const middle: TestHost = {
      address: '127.0.0.1',
      spawn: inNamespace(centre),
      cut: () => undefined,
      mend: () => undefined,
    };
    return { middle, hosts, middleSeenFrom, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function inNamespace(name: string): TestHost['spawn'] {
  return (command, args, options) => spawn('ip', ['netns', 'exec', name, command, ...args], options);
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
