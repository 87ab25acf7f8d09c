import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { type TestHost, testNetwork, withoutNamespaces } from '../../support/network-namespaces.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { sharedDirectory } from '../directory.ts';
import { homeOf, pawl } from '../pawl.ts';
import { examine } from './worker-processes.ts';

const main = join(repositoryRoot, 'src/cli/main.ts');
const wireServer = join(repositoryRoot, 'tests/wire/server/main.ts');
const port = 2113;
const scale = ['--limit', '6', '--candidates', '6', '--seed', 'cut'];

const directory = sharedDirectory();

interface Program {
  readonly child: ChildProcess;
  readonly lines: Readonly<Record<string, unknown>>[];
  /** Resolves at the first line of JSON that is wanted, also one that has come already. */
  line(wanted: (line: Readonly<Record<string, unknown>>) => boolean): Promise<void>;
  readonly ended: Promise<number | null>;
}

test('a worker whose link is cut loses its episodes to another, and forks nothing when the link is back', async ({
  skip,
}) => {
  const why = withoutNamespaces();
  skip(why !== null, why ?? '');
  const network = testNetwork(2);
  onTestFinished(() => network.dispose());
  const [far, near] = network.hosts as [TestHost, TestHost];
  const [farMiddle, nearMiddle] = network.middleSeenFrom as [string, string];
  const address = (host: string): string =>
    `esdb://${host}:${port}?tls=false&prefix=cut&defaultDeadline=2000`;
  const here = address('127.0.0.1');
  const command = (host: TestHost, ...args: readonly string[]): Program => start(host, [main, ...args]);

  const server = start(network.middle, [wireServer, JSON.stringify({ host: '0.0.0.0', port })]);
  onTestFinished(() => stop(server));
  await server.line(() => true);
  const queued = command(
    network.middle,
    'run',
    '--queue',
    '--lease',
    '2',
    '--json',
    ...scale,
    '--ledger',
    here,
  );
  expect(await queued.ended).toBe(0);
  const run = queued.lines[0]?.['run'] as StreamName;

  const cutOff = command(far, 'worker', '-j', '1', '--json', '--ledger', address(farMiddle));
  onTestFinished(() => stop(cutOff));
  await cutOff.line(({ kind }) => kind === 'took');
  far.cut();
  const other = command(near, 'worker', '-j', '1', '--json', '--until-idle', '--ledger', address(nearMiddle));
  onTestFinished(() => stop(other));
  expect(await other.ended).toBe(0);
  expect(other.lines.some(({ kind, attempt }) => kind === 'took' && attempt === 2)).toBe(true);

  far.mend();
  await cutOff.line(({ kind }) => kind === 'left');
  cutOff.child.kill('SIGTERM');
  expect(await cutOff.ended).toBe(0);

  const copied = command(network.middle, 'copy', here, 'pawl.db', '--json');
  expect(await copied.ended).toBe(0);
  expect((await pawl(directory, ['run', ...scale, '--json', '--ledger', 'alone.db'])).exitCode).toBe(0);
  const [together, alone] = [await examine(directory), await examine(directory, 'alone.db')];
  expect(together.problems).toEqual([]);
  expect(together.of('EpisodeFinished').map(({ stream }) => stream)).toHaveLength(6);
  expect(together.status(run)).toBe('finished');
  const aloneRun = alone.of('RunStarted')[0]?.stream as StreamName;
  expect(together.of('EpisodeTaken').flatMap(({ data }) => data.from?.why ?? [])).toContain('lapsed');
  expect(together.outcome(run)).toBe(alone.outcome(aloneRun));
});

function start(host: TestHost, args: readonly string[]): Program {
  const child = host.spawn(process.execPath, args, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...homeOf(directory), PAWL_LEDGER: '' },
  });
  const lines: Readonly<Record<string, unknown>>[] = [];
  const looking = new Set<() => void>();
  if (child.stdout === null) throw new Error('The program has no standard output.');
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text) as Record<string, unknown>);
    for (const look of looking) look();
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const line: Program['line'] = (wanted) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!lines.some(wanted)) return;
        looking.delete(look);
        resolve();
      };
      looking.add(look);
      look();
      ended.then((code) => reject(new Error(`${args.join(' ')} ended with ${code}`)), reject);
    });
  return { child, lines, line, ended };
}

/** The process in the namespace is a child of `ip`, which becomes it; one signal ends it. */
async function stop({ child, ended }: Program): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await ended;
}
