import { readdir, readFile } from 'node:fs/promises';
import type { CountedContainer } from './perf-counter.ts';

/** More than any container may hold here. */
const processesMax = 4_096;

/**
 * The processes of a container that runs on this machine: its first one and all its descendants. Empty where that process is
 * not this container's: it has ended, or its engine runs on another machine or in a virtual one, whose process IDs mean
 * something else here.
 */
export async function containerProcesses({ id, pid }: CountedContainer): Promise<readonly number[]> {
  const cgroups = await readText(`/proc/${pid}/cgroup`);
  if (id.length < 64 || !cgroups.includes(id)) return [];
  const found = new Set([pid]);
  for (const process of found) {
    for (const child of await childrenOf(process)) {
      if (found.size < processesMax) found.add(child);
    }
  }
  return [...found];
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map((thread) => readText(`/proc/${pid}/task/${thread}/children`)));
  return lists
    .join(' ')
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
}

/** Empty for what is gone meanwhile. */
function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
