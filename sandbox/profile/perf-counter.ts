/** What a counter outside the container can count. `instructions`: outside the kernel only. */
export const perfEvents = ['instructions', 'syscalls'] as const;
export type PerfEvent = (typeof perfEvents)[number];

/** Null: not counted, or not for the whole time. */
export type PerfCounts = Readonly<Record<PerfEvent, number | null>>;

export const nothingCounted: PerfCounts = { instructions: null, syscalls: null };

/** A container as its engine knows it, where its processes run on this machine. */
export interface CountedContainer {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Its first process, as seen from here (`State.Pid` of the engine's record). */
  readonly pid: number;
}

export interface PerfCounting {
  /** Ends the counting and gives the counts. Never rejects; the second call gives what the first gave. */
  stop(): Promise<PerfCounts>;
}

/**
 * An optional part of a driver: counts from outside what a container's processes do, where the host allows. A driver attaches
 * it to a container that is ready, before it sends the start order, and stops it after the execution has ended. Counts take
 * in the supervisor and the start of the candidate's interpreter; they are the same for every program, more or less, and so
 * drop out of a comparison.
 *
 * Counting is never a reason for an execution to fail: what goes wrong here is a count of null.
 */
export interface PerfCounter {
  /** For each event, why this host does not count it, or null where it does. Found out once, by trying. */
  lacking(): Promise<Readonly<Record<PerfEvent, string | null>>>;
  /** Counts from when it resolves on. Never rejects. */
  attach(container: CountedContainer): Promise<PerfCounting>;
}
