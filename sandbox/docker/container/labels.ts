import type { Owner } from './owner.ts';

/** Every container of every Pawl has it, with the value `1`. */
export const sandboxLabel = 'pawl.sandbox';
/** Which `ContainerHost` made it; a process may have several. */
export const hostLabel = 'pawl.host';

const ownerLabels = {
  id: 'pawl.owner',
  pid: 'pawl.owner.pid',
  startedAt: 'pawl.owner.started',
  bootId: 'pawl.owner.boot',
  machine: 'pawl.owner.machine',
  pidNamespace: 'pawl.owner.pids',
} as const satisfies Record<keyof Owner, string>;

export type Labels = Readonly<Record<string, string>>;

export function labelsOf(owner: Owner, hostId: string): Labels {
  const entries = Object.entries(ownerLabels).map(([fact, label]) => [
    label,
    `${owner[fact as keyof Owner]}`,
  ]);
  return { [sandboxLabel]: '1', [hostLabel]: hostId, ...Object.fromEntries(entries) };
}

/** @returns null for a container that no Pawl made like this */
export function ownerOf(labels: Labels): Owner | null {
  const read = (fact: keyof Owner): string => labels[ownerLabels[fact]] ?? '';
  const pid = Number(read('pid'));
  if (labels[sandboxLabel] !== '1' || !Number.isSafeInteger(pid) || pid <= 0) return null;
  return {
    id: read('id'),
    pid,
    startedAt: read('startedAt'),
    bootId: read('bootId'),
    machine: read('machine'),
    pidNamespace: read('pidNamespace'),
  };
}
