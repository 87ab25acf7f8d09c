import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { sha256Hex } from '../../../src/kernel/digest.ts';

/** The process that containers belong to. It is written on each of them, so that those of a dead one are known. */
export interface Owner {
  readonly id: string;
  readonly pid: number;
  /** When the process began, in the kernel's ticks since boot, so that it can be told from a later one with its pid. */
  readonly startedAt: string;
  /** The machine's current boot. */
  readonly bootId: string;
  /** Tells machines that share an engine apart. */
  readonly machine: string;
  /** The process table that `pid` is in; a pid of another one says nothing here. */
  readonly pidNamespace: string;
}

export type Standing =
  | 'alive'
  | 'dead'
  /** On another machine, or in another process table of this one: from here nobody can tell. */
  | 'elsewhere';

/** Where the system does not tell, as outside of Linux, a fact is empty and only the pid counts. */
export function thisOwner(id: string): Owner {
  const { pid } = process;
  const machineId = readText('/etc/machine-id');
  return {
    id,
    pid,
    startedAt: readProcess(pid)?.startedAt ?? '',
    bootId: readText('/proc/sys/kernel/random/boot_id'),
    machine: sha256Hex(JSON.stringify([machineId, hostname()])).slice(0, 16),
    pidNamespace: readLink('/proc/self/ns/pid'),
  };
}

/** @param here this process, which looks at the other */
export function standingOf(owner: Owner, here: Owner): Standing {
  if (owner.machine !== here.machine) return 'elsewhere';
  if (owner.bootId !== here.bootId) return 'dead';
  if (owner.pidNamespace !== here.pidNamespace) return 'elsewhere';
  if (!isProcess(owner.pid)) return 'dead';
  const process = readProcess(owner.pid);
  // Hidden from this user, but there: nothing says that it is another one.
  if (process === null || owner.startedAt === '') return 'alive';
  const isEnded = process.state === 'Z' || process.state === 'X';
  return isEnded || process.startedAt !== owner.startedAt ? 'dead' : 'alive';
}

function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process is there too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readProcess(pid: number): { readonly state: string; readonly startedAt: string } | null {
  // The program's name is in parentheses and may hold anything, so fields are counted from the last one.
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  return state === undefined || startedAt === undefined ? null : { state, startedAt };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
