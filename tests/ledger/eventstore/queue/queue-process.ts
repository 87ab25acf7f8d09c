import { systemClock } from '../../../../src/kernel/clock.ts';
import { never, run } from '../../contract/work/queue-items.ts';
import { openQueueOnWire } from './queue-on-wire.ts';

/**
 * A worker that does nothing but hold what it takes: `ADDRESS NAME LEASE_MS HOLD_MS`. Beats four times per lease, and prints one
 * line of JSON for every beat, and for everything it takes and finishes. Ends when its standard input does.
 */
const [address = '', worker = '', lease = '', hold = ''] = process.argv.slice(2);
const [leaseMs, holdMs] = [Number(lease), Number(hold)];
const { queue } = await openQueueOnWire(address, systemClock, worker);
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

let beat = 0;
async function pulse(): Promise<void> {
  beat += 1;
  const at = systemClock.now();
  await queue.beat({ worker, beat, at, slots: 1, capabilities: [], working: [], draining: false });
  say({ beat });
}

async function beats(): Promise<never> {
  for (;;) {
    await systemClock.sleep(leaseMs / 4, never);
    await pulse().catch(() => undefined);
  }
}

await pulse();
void beats();
say({ ready: true });
for (;;) {
  const taken = await queue.take(run, worker, 5_000, never);
  if (taken === null) continue;
  const { item, attempt, from, lost } = taken;
  lost.addEventListener('abort', () => say({ lost: item.episode }));
  say({ taken: item.episode, attempt, from });
  await systemClock.sleep(holdMs, never);
  await taken.finish();
  say({ finished: item.episode, lost: lost.aborted });
}
