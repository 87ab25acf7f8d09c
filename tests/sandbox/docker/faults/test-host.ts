import { randomUUID } from 'node:crypto';
import type { ContainerSpec } from '../../../../sandbox/docker/container/container.ts';
import { createContainerHost } from '../../../../sandbox/docker/container/container-host.ts';
import { thisOwner } from '../../../../sandbox/docker/container/owner.ts';
import { connectEngine } from '../../../../sandbox/docker/engine/engine.ts';
import { type DockerSettings, dockerSettingsSchema } from '../../../../sandbox/docker/settings.ts';
import { testImage } from '../../../support/container-engine.ts';
import { containersWith, engineApi } from './engine-api.ts';

export async function imageIdAt(socket: string): Promise<string> {
  const { json } = await engineApi(socket, 'GET', `/images/${testImage}/json`);
  return (json as { readonly Id: string }).Id;
}

export const specOf = (image: string, ...command: readonly string[]): ContainerSpec => ({
  image,
  command,
  isolation: 'execution',
  memoryBytes: 96 * 1024 * 1024,
  workIsExecutable: false,
});

/** A host of containers whose containers can be told from all others. */
export function testHost(address: string, changes: Partial<DockerSettings> = {}) {
  const id = `faults-${randomUUID()}`;
  const engine = connectEngine(address, {});
  const settings = { ...dockerSettingsSchema.parse({ patienceMs: 20_000 }), ...changes };
  const host = createContainerHost(engine, settings, thisOwner(id));
  return { host, engine, left: (socket: string) => containersWith(socket, `pawl.owner=${id}`) };
}

/** Waits until something holds, and fails with what it was when it does not in time. */
export async function until<T>(
  look: () => Promise<T> | T,
  holds: (value: T) => boolean,
  msMax = 20_000,
): Promise<T> {
  const endMs = performance.now() + msMax;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > endMs) throw new Error(`It stayed ${JSON.stringify(value)}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const isEmpty = (list: readonly unknown[]): boolean => list.length === 0;
