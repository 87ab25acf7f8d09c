/**
 * A process that starts containers, some in parallel, and destroys some, until it is killed. Prints a line for each step.
 *
 * `node starter.ts <owner id> <image id>`
 */
import { createContainerHost } from '../../../../sandbox/docker/container/container-host.ts';
import { thisOwner } from '../../../../sandbox/docker/container/owner.ts';
import { createWarmPool } from '../../../../sandbox/docker/container/warm-pool.ts';
import { connectEngine } from '../../../../sandbox/docker/engine/engine.ts';
import { dockerSettingsSchema } from '../../../../sandbox/docker/settings.ts';

const [ownerId = '', image = ''] = process.argv.slice(2);
const host = createContainerHost(
  connectEngine(null, process.env),
  dockerSettingsSchema.parse({}),
  thisOwner(ownerId),
);
const pool = createWarmPool(host, { warm: 2, containersMax: 6, startsMax: 2, kindsMax: 4 });
// It does not end with its input, and its child leaves its session.
const script = 'trap "" TERM HUP; echo up; (setsid sleep 1000 &); while :; do sleep 1000; done';
const spec = {
  image,
  command: ['/bin/sh', '-c', script],
  isolation: 'execution',
  memoryBytes: 32 * 1024 * 1024,
  workIsExecutable: false,
} as const;

process.stdout.on('error', () => {}); // its reader looks away before it kills
process.stdout.write('begun\n');
for (;;) {
  const container = await pool.take(spec);
  process.stdout.write('taken\n');
  await container.output[Symbol.asyncIterator]().next();
  process.stdout.write('up\n');
  await container.destroy();
  process.stdout.write('destroyed\n');
}
