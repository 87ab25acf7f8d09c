import type { Execution } from '../sandbox.ts';

export type MetricName =
  | 'steps'
  | 'cpuMs'
  | 'instructions'
  | 'syscalls'
  | 'peakBytes'
  | 'minorFaults'
  | 'majorFaults'
  | 'wallMs';

/** One thing that an execution costs, and where its number comes from. */
export interface Metric {
  readonly name: MetricName;
  readonly unit: 'steps' | 'ms' | 'instructions' | 'syscalls' | 'bytes' | 'faults';
  /** True: equal requests on one interpreter give equal numbers, so a single one says everything. */
  readonly deterministic: boolean;
  /** What was counted, in words. */
  readonly counts: string;
  /** Null or undefined where the driver did not count it. */
  read(execution: Execution): number | null | undefined;
}

/**
 * In the order in which they are told. Nothing that the machine counts is deterministic, not even instructions and system
 * calls: hash seeds, address space layout and how output is cut into pieces change them a little.
 */
export const metrics: readonly Metric[] = [
  {
    name: 'steps',
    unit: 'steps',
    deterministic: true,
    counts: 'statements or lines, jumps and calls of the program, counted in the interpreter',
    read: ({ result }) => result.steps,
  },
  {
    name: 'cpuMs',
    unit: 'ms',
    deterministic: false,
    counts: "processor time of the program's processes",
    read: ({ usage }) => usage?.cpuMs,
  },
  {
    name: 'instructions',
    unit: 'instructions',
    deterministic: false,
    counts: 'processor instructions outside the kernel, of the whole container',
    read: ({ usage }) => usage?.instructions,
  },
  {
    name: 'syscalls',
    unit: 'syscalls',
    deterministic: false,
    counts: 'system calls of the whole container',
    read: ({ usage }) => usage?.syscalls,
  },
  {
    name: 'peakBytes',
    unit: 'bytes',
    deterministic: false,
    counts: 'most memory in use at one time, with the interpreter',
    read: ({ usage }) => usage?.peakBytes,
  },
  {
    name: 'minorFaults',
    unit: 'faults',
    deterministic: false,
    counts: 'page faults answered from memory',
    read: ({ usage }) => usage?.minorFaults,
  },
  {
    name: 'majorFaults',
    unit: 'faults',
    deterministic: false,
    counts: 'page faults that read a disk',
    read: ({ usage }) => usage?.majorFaults,
  },
  {
    name: 'wallMs',
    unit: 'ms',
    deterministic: false,
    counts: 'real time',
    read: ({ wallMs }) => wallMs,
  },
];
