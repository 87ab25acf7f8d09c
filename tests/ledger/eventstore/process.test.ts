import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { FaultRule } from '../../wire/server/faults.ts';
import { spawnWireServer } from '../../wire/server/spawn-wire-server.ts';
import { startWireServer } from '../../wire/server/wire-server.ts';
import { freshPrefix } from './ledger-on-wire.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'faulty-process.ts');
const ending = join(import.meta.dirname, 'ending-process.ts');
const timeout = 60_000;

/** What comes out of the process; it fails when the process ends in another way than by itself and well. */
async function output(address: string, count: number): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [program, address, String(count)], { timeout });
  return `${stdout}${stderr}`;
}

const appendFaults = [
  ...[
    'mute',
    'mute after commit',
    'drop before commit',
    'drop after commit',
    'half-close',
    'half-close after commit',
  ],
  ...[
    'unknown correlation id',
    'duplicate reply',
    'not ready',
    'commit timeout after commit',
    'unknown error',
    'bad frame',
  ],
] as const;

const paths = [
  { path: 'batch', batchAppend: true },
  { path: 'classic', batchAppend: false },
];
/** Ten seconds each; `npm run test:long` has all three. */
const seeds = process.env['PAWL_LONG'] === '1' ? [7, 8, 9] : [7];

test.for(paths.flatMap((path) => seeds.map((seed) => ({ ...path, seed }))))(
  'a process whose server misbehaves in every way ends by itself, with all stored ($path, seed $seed)',
  { timeout },
  async ({ batchAppend, seed }) => {
    const server = await startWireServer({ batchAppend });
    onTestFinished(() => server.stop());
    const probability = 0.02;
    const rules = [
      ...appendFaults.map((fault) => ({ operation: 'append', fault, probability })),
      ...(['mute', 'drop before commit', 'bad frame'] as const).flatMap((fault) => [
        { operation: 'read', fault, probability },
        { operation: 'read all', fault, probability },
      ]),
      // Takes seconds to be found out.
      { operation: 'append', fault: 'mute stream', probability, timesMax: 1 },
      { operation: 'subscribe', fault: 'drop before commit', probability: 0.1 },
      { operation: 'message', fault: 'drop after commit', probability: 0.005 },
      { operation: 'features', fault: 'mute', probability: 0.1 },
    ] as readonly FaultRule[];
    await server.setFaults(rules, seed);
    expect(await output(`${server.url}&prefix=${freshPrefix()}`, 25)).toBe('stored 100, followed 100\n');
    const counts = await server.faultCounts();
    expect(Object.keys(counts).length, JSON.stringify(counts)).toBeGreaterThan(5);
  },
);

test('a process that has closed its ledger ends by itself, while the server goes on', async () => {
  const server = await startWireServer();
  onTestFinished(() => server.stop());
  expect(await output(`${server.url}&prefix=${freshPrefix()}`, 3)).toBe('stored 12, followed 12\n');
});

test.for([
  { how: 'is asked and does not answer', scope: 'ledger', closes: 'closed' },
  { how: 'is asked and does not answer', scope: 'streams', closes: 'LEDGER_UNREACHABLE' },
  { how: 'stands still', scope: 'ledger', closes: 'closed' },
  { how: 'stands still', scope: 'streams', closes: 'LEDGER_UNREACHABLE' },
] as const)(
  'a process whose server $how at the end says so and ends by itself ($scope)',
  { timeout },
  async ({ how, scope, closes }) => {
    const server = await spawnWireServer();
    onTestFinished(() => server.kill());
    const words = [ending, `${server.url}&prefix=${freshPrefix()}`, scope];
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    const said: string[] = [];
    lines.on('line', (line) => said.push(line));
    await once(lines, 'line');
    if (how === 'stands still') process.kill(server.pid, 'SIGSTOP');
    else {
      const operations = ['append', 'read', 'read all', 'subscribe', 'message', 'features'] as const;
      await server.setFaults(operations.map((operation) => ({ operation, fault: 'mute' })));
    }
    const began = performance.now();
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    // An append, what it was asked for again, one look at its place, the reading back, and the farewell: each is bounded.
    expect(performance.now() - began).toBeLessThan(10_000);
    const follows = scope === 'streams' ? 'to the end' : 'LEDGER_CLOSED';
    expect(said).toEqual(['stored', `append LEDGER_UNREACHABLE, close ${closes}`, `followed ${follows}`]);
  },
);

test('whoever keeps a ledger in a file never loads the client for servers', async () => {
  const openStore = join(import.meta.dirname, '../../../src/ledger/open-store.ts');
  const source = `
    const { openStore } = await import(${JSON.stringify(openStore)});
    const { createRequire } = await import('node:module');
    const store = await openStore('memory:', { mode: 'write', create: true });
    await store.close();
    const loaded = Object.keys(createRequire(${JSON.stringify(openStore)}).cache).filter((path) => path.includes('db-client'));
    console.log(loaded.length);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source]);
  expect(stdout).toBe('0\n');
});
