import { randomUUID } from 'node:crypto';
import type { ContainerSpec, RunningContainer } from '../../../../sandbox/docker/container/container.ts';
import { createContainerHost } from '../../../../sandbox/docker/container/container-host.ts';
import { thisOwner } from '../../../../sandbox/docker/container/owner.ts';
import { connectEngine } from '../../../../sandbox/docker/engine/engine.ts';
import { requireImage } from '../../../../sandbox/docker/engine/resolve-image.ts';
import { type DockerSettings, dockerSettingsSchema } from '../../../../sandbox/docker/settings.ts';
import { testImage } from '../../../support/container-engine.ts';

/** Containers of one test file on the real engine, with a label that tells them from all others. */
export async function testContainers(changes: Partial<DockerSettings> = {}) {
  const ownerId = `test-${randomUUID()}`;
  const engine = connectEngine(null, process.env);
  const host = createContainerHost(
    engine,
    { ...dockerSettingsSchema.parse({}), ...changes },
    thisOwner(ownerId),
  );
  const { id: image } = await requireImage(engine, testImage);
  const specOf = (command: readonly string[], more: Partial<ContainerSpec> = {}): ContainerSpec => ({
    image,
    command,
    isolation: 'execution',
    memoryBytes: 128 * 1024 * 1024,
    workIsExecutable: false,
    ...more,
  });
  const start = (command: readonly string[], more?: Partial<ContainerSpec>): Promise<RunningContainer> =>
    host.start(specOf(command, more));
  /** What a shell script prints, on both streams together. */
  const shell = async (script: string, more?: Partial<ContainerSpec>): Promise<string> => {
    const container = await start(['/bin/sh', '-c', `exec 2>&1; ${script}`], more);
    const text = await readAll(container);
    await container.destroy();
    return text.trim();
  };
  return { engine, host, image, ownerId, specOf, start, shell };
}

export async function readAll(container: RunningContainer): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const { bytes } of container.output) chunks.push(Buffer.from(bytes));
  return Buffer.concat(chunks).toString();
}

/** Waits until something holds; fails with what it was when it does not in time. */
export async function until<T>(look: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const endMs = performance.now() + 60_000;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > endMs) throw new Error(`It stayed ${JSON.stringify(value)}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
