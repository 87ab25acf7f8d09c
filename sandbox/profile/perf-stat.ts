import { containerProcesses } from './container-processes.ts';
import { lackingEvent } from './lacking-event.ts';
import {
  nothingCounted,
  type PerfCounter,
  type PerfCounting,
  type PerfEvent,
  perfEvents,
} from './perf-counter.ts';
import { countProcesses } from './perf-process.ts';

const nothing: PerfCounting = { stop: async () => nothingCounted };

/**
 * Counts with the program `perf` of Linux, one process of it for each execution. It attaches to the processes that a container
 * has, and the kernel counts for all that they start. To see processes of another user it needs to be root, or to have the
 * capability `CAP_PERFMON`; system calls also need the tracing file system to be readable.
 *
 * @param program the program's name or path
 */
export function createPerfStat(program = 'perf'): PerfCounter {
  let found: Promise<Readonly<Record<PerfEvent, string | null>>> | undefined;
  const probe = async () => {
    const reasons = await Promise.all(perfEvents.map((event) => lackingEvent(program, event)));
    return { instructions: reasons[0] ?? null, syscalls: reasons[1] ?? null };
  };
  const lacking = () => {
    found ??= probe();
    return found;
  };
  return {
    lacking,
    async attach(container) {
      const reasons = await lacking();
      const events = perfEvents.filter((event) => reasons[event] === null);
      const processes = events.length === 0 ? [] : await containerProcesses(container);
      return processes.length === 0 ? nothing : countProcesses(program, events, processes);
    },
  };
}
