import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Random, seededRandom } from '../../../src/kernel/random.ts';
import type { FaultRule } from '../server/faults.ts';
import type { WireServer } from '../server/wire-server.ts';
import type { WritingOrder } from './writing-process.ts';

export interface Acknowledged {
  readonly writer: number;
  readonly stream: string;
  readonly revision: number;
  readonly leaf: string;
}

export interface ChaosOrder {
  readonly address: string;
  readonly seed: string;
  readonly writers: number;
  /** Appends in all, by the writers together. */
  readonly appends: number;
  readonly scope: WritingOrder['scope'];
  /** The server to be tormented; null where there is none to be (a real one). */
  readonly server: WireServer | null;
  /** Records between two torments. */
  readonly tormentEvery: number;
}

const script = fileURLToPath(new URL('writing-process.ts', import.meta.url));

/**
 * Several processes append while faults strike with a probability each, and now and then the server restarts, cuts every
 * connection, or goes away and comes back. Resolves, faults ended, with what was acknowledged.
 *
 * @throws Error when a writing process ends before its appends are acknowledged
 */
export async function chaos(order: ChaosOrder): Promise<readonly Acknowledged[]> {
  const { server, seed, writers, tormentEvery } = order;
  const random = seededRandom(`torment ${seed}`);
  const acknowledged: Acknowledged[] = [];
  let tormenting: Promise<void> | undefined;
  const onRecord = (record: Acknowledged): void => {
    acknowledged.push(record);
    if (server === null || acknowledged.length % tormentEvery !== 0) return;
    tormenting ??= torment(server, random).finally(() => {
      tormenting = undefined;
    });
  };
  await server?.setFaults(faults(random), random.int(1, 1e9));
  try {
    await Promise.all(Array.from({ length: writers }, (_, index) => write(order, index + 1, onRecord)));
  } finally {
    await tormenting;
    await server?.setFaults([]);
  }
  return acknowledged;
}

async function write(
  { address, seed, writers, appends, scope }: ChaosOrder,
  writer: number,
  onRecord: (record: Acknowledged) => void,
): Promise<void> {
  const order: WritingOrder = { address, seed, writer, appends: Math.ceil(appends / writers), scope };
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let done = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [stream = '', revision = '', leaf = ''] = line.split(' ');
    if (line === 'done') done = true;
    else onRecord({ writer, stream, revision: Number(revision), leaf });
  });
  const [code] = await once(child, 'close');
  if (!done || code !== 0)
    throw new Error(`Writer ${writer} ended with ${code} before it was done:\n${said}`);
}

async function torment(server: WireServer, random: Random): Promise<void> {
  const kind = random.int(1, 4);
  if (kind === 1) await server.restart();
  else if (kind === 2) await server.cutConnections();
  else if (kind === 3) {
    await server.goDown();
    await server.comeBack();
  }
  await server.setFaults(faults(random), random.int(1, 1e9));
}

/** Another mixture each time; every kind that a connection or a server can do to a call. */
function faults(random: Random): readonly FaultRule[] {
  const appending = [
    ...(['mute', 'mute after commit', 'drop before commit', 'drop after commit'] as const),
    ...(['half-close', 'half-close after commit', 'unknown correlation id', 'duplicate reply'] as const),
    ...([
      'commit timeout',
      'commit timeout after commit',
      'not ready',
      'unknown error',
      'bad frame',
    ] as const),
  ];
  const late = (['late reply', 'late commit'] as const).map(
    (fault): FaultRule => ({ operation: 'append', fault, probability: 0.01, delayMs: random.int(20, 900) }),
  );
  const reading = (['drop before commit', 'mute', 'not ready'] as const).flatMap((fault): FaultRule[] => [
    { operation: 'read', fault, probability: 0.01 },
    { operation: 'subscribe', fault, probability: 0.05 },
  ]);
  return random
    .shuffle<FaultRule>([
      ...appending.map((fault): FaultRule => ({ operation: 'append', fault, probability: 0.01 })),
      ...late,
      { operation: 'append', fault: 'drop after half', probability: 0.02 },
      // Each takes seconds to be found out.
      { operation: 'append', fault: 'mute stream', probability: 0.01, timesMax: 1 },
      ...reading,
      { operation: 'message', fault: 'drop before commit', probability: 0.002 },
      { operation: 'message', fault: 'drop after commit', probability: 0.002 },
    ])
    .slice(0, 14);
}
