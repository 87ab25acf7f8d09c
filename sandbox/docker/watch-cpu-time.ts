import type { CandidateLine } from '../wasm/candidate-line.ts';
import type { RunningContainer } from './container/container.ts';

export interface CpuTimeLimit {
  readonly cpuMsMax: number;
  /** False where the wall clock ends an execution before it can use that much. */
  readonly needed: boolean;
  /** Processors that the container may use. */
  readonly cpus: number;
}

/** Between two looks at the engine's count, milliseconds. */
const intervalMs = 250;

/**
 * Ends an execution whose container has used more processor time than it may, by the engine's count: what a program forks
 * away from the kernel's limit on a single process counts too. Returns what stops the watching.
 */
export function watchCpuTime(
  container: Pick<RunningContainer, 'cpuMs'>,
  line: Pick<CandidateLine, 'end'>,
  { cpuMsMax, needed, cpus }: CpuTimeLimit,
): () => void {
  if (!needed) return () => {};
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const before = container.cpuMs().catch(() => 0);
  const look = async (): Promise<void> => {
    try {
      const usedMs = (await container.cpuMs()) - (await before);
      if (stopped) return;
      if (usedMs > cpuMsMax) {
        const message = `The program used more than ${cpuMsMax} ms of processor time and was ended from outside.`;
        line.end({ outcome: 'timeout', type: 'CpuLimitExceeded', message });
        return;
      }
    } catch {
      // An engine that does not answer now is met by whoever needs it; the wall clock goes on.
    }
    if (!stopped) timer = setTimeout(look, intervalMs);
  };
  timer = setTimeout(look, cpuMsMax / cpus);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
