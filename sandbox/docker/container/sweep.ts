import type { Engine } from '../engine/engine.ts';
import { ownerOf, sandboxLabel } from './labels.ts';
import { type ListedContainer, listContainers } from './list-containers.ts';
import { type Owner, standingOf, thisOwner } from './owner.ts';
import { removeContainer } from './remove-container.ts';

export interface Swept {
  readonly removed: number;
  /** Left to owners that are alive, or of which nobody here can tell. */
  readonly left: number;
}

/** A stopped container that nobody has removed for so long has no owner that would. */
const abandonedMs = 60 * 60_000;
const removalsAtOnce = 4;

/**
 * Removes every container that belonged to a process which is no longer alive. What belongs to a living one is not touched;
 * what another machine's process made is removed only when it has been standing still for an hour.
 *
 * @throws PawlError `ENGINE_UNREACHABLE`, `ENGINE_REFUSED`
 */
export async function sweepContainers(engine: Engine, signal?: AbortSignal): Promise<Swept> {
  const here = thisOwner('');
  const all = await listContainers(engine, `${sandboxLabel}=1`);
  const orphans = all.filter((container) => isOrphan(container, here));
  const removed = await removeAll(engine, orphans, signal);
  return { removed, left: all.length - orphans.length };
}

/** Returns how many were there to be removed. */
export async function removeAll(
  engine: Engine,
  containers: readonly ListedContainer[],
  signal?: AbortSignal,
): Promise<number> {
  let removed = 0;
  const queue = [...containers];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const removal = { patienceMs: 30_000, ...(signal ? { signal } : {}) };
      if (await removeContainer(engine, next.id, removal)) removed += 1;
    }
  };
  await Promise.all(Array.from({ length: removalsAtOnce }, work));
  return removed;
}

function isOrphan(container: ListedContainer, here: Owner): boolean {
  const owner: Owner | null = ownerOf(container.labels);
  if (owner === null) return false;
  const standing = standingOf(owner, here);
  if (standing === 'elsewhere') {
    return !container.isRunning && Date.now() - container.createdAtMs > abandonedMs;
  }
  return standing === 'dead';
}
