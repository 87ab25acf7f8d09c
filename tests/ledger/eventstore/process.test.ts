import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { FaultRule } from '../../wire/server/faults.ts';
import { startWireServer } from '../../wire/server/wire-server.ts';
import { freshPrefix } from './ledger-on-wire.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'faulty-process.ts');
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

test.for([
  { path: 'batch', batchAppend: true },
  { path: 'classic', batchAppend: false },
])(
  'a process whose server misbehaves in every way ends by itself, with all stored ($path)',
  async ({ batchAppend }) => {
    const server = await startWireServer({ batchAppend });
    onTestFinished(() => server.stop());
    const probability = 0.01;
    const rules = [
      ...appendFaults.map((fault) => ({ operation: 'append', fault, probability })),
      ...(['mute', 'drop before commit', 'bad frame'] as const).flatMap((fault) => [
        { operation: 'read', fault, probability },
        { operation: 'read all', fault, probability },
      ]),
      { operation: 'subscribe', fault: 'drop before commit', probability: 0.1 },
      { operation: 'message', fault: 'drop after commit', probability: 0.005 },
      { operation: 'features', fault: 'mute', probability: 0.1 },
    ] as readonly FaultRule[];
    await server.setFaults(rules, 7);
    expect(await output(`${server.url}&prefix=${freshPrefix()}`, 25)).toBe('stored 100, followed 100\n');
    const counts = await server.faultCounts();
    expect(Object.keys(counts).length, JSON.stringify(counts)).toBeGreaterThan(5);
  },
  timeout,
);

test('a process that has closed its ledger ends by itself, while the server goes on', async () => {
  const server = await startWireServer();
  onTestFinished(() => server.stop());
  expect(await output(`${server.url}&prefix=${freshPrefix()}`, 3)).toBe('stored 12, followed 12\n');
});

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
