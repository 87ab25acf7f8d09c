import type { Language } from '../../src/events/task-view.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { PerfCounter } from '../profile/perf-counter.ts';
import type { Sandbox } from '../sandbox.ts';
import type { ScheduleOptions } from '../schedule/schedule-options.ts';
import {
  createScheduledSandbox,
  type RunShare,
  type ScheduledSandbox,
} from '../schedule/scheduled-sandbox.ts';
import { claimOf } from './claim-of.ts';
import { type OpenedDriver, openDriver } from './open-driver.ts';
import type { DockerSettings } from './settings.ts';

export interface DockerSandboxOptions {
  /** Executions at the same time, at least 1. */
  readonly workers: number;
  readonly settings: DockerSettings;
  /** Which languages to offer; all when absent. */
  readonly languages?: readonly Language[];
  readonly clock: Clock;
  /** Counts from outside what executions do, for profiles. */
  readonly counter?: PerfCounter;
  /**
   * Aborted: somebody wants to stop. What executes comes to its end; an engine that does not answer is not waited for any more,
   * and what waits for it ends with `ENGINE_UNREACHABLE`, or with `INTERRUPTED` where it was not open yet.
   */
  readonly stop?: AbortSignal;
  /** Told when the engine went away and everything waits for it, and when it is back. */
  readonly onWait?: ScheduleOptions['onWait'];
  readonly onResume?: ScheduleOptions['onResume'];
}

export interface DockerSandbox extends Sandbox {
  /** The sandbox as one of several runs has it, with its fair share. */
  forRun(name: string, share?: RunShare): Sandbox;
}

export const dockerLanguages: readonly Language[] = ['javascript', 'python', 'command'];

/**
 * The driver over a container engine (Docker, Podman). A container holds the candidate and nothing else: the tests run in an
 * interpreter on this side and reach it through a line. What is hardened, and how, is in `container/create-body.ts`; what is
 * defended is in docs/explanation/threat-model.md.
 *
 * The engine is spoken to when something is first asked for: one that is not there then is an error at once, one that goes
 * away later is waited for.
 */
export function createDockerSandbox(options: DockerSandboxOptions): DockerSandbox {
  const { workers, settings, languages = dockerLanguages, stop } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new PawlError('USAGE', `A sandbox needs at least one worker, not ${workers}.`);
  }
  let opening: Promise<Opened> | null = null;
  let closing: Promise<void> | null = null;

  const stopped = new AbortController();
  const onStop = (): void => {
    stopped.abort(stoppedError());
    opening?.then(({ scheduled }) => scheduled.hurry()).catch(() => {}); // whoever opens it has the failure
  };
  if (stop?.aborted) onStop();
  else stop?.addEventListener('abort', onStop, { once: true });

  const open = (): Promise<Opened> => {
    if (closing !== null) return Promise.reject(closedError());
    opening ??= openAll(options, languages, stopped.signal);
    opening.catch(() => {
      opening = null; // an engine that was not there may be started
    });
    return opening;
  };
  const offered = (language: Language): void => {
    if (languages.includes(language)) return;
    throw new PawlError('SANDBOX_LANGUAGE', `This sandbox does not run ${language}.`, {
      context: { language },
    });
  };
  const viewOf = (pick: (scheduled: ScheduledSandbox) => Sandbox, close: () => Promise<void>): Sandbox => ({
    languages,
    fingerprint: async (language) => {
      offered(language);
      return unlessStopped(
        open().then(({ driver }) => driver.fingerprint(language)),
        stopped.signal,
      );
    },
    execute: async (request, signal) => {
      offered(request.language);
      signal?.throwIfAborted();
      const { scheduled } = await unlessStopped(open(), stopped.signal);
      return pick(scheduled).execute(request, signal);
    },
    close,
  });
  const close = (): Promise<void> => {
    const opened = opening;
    stop?.removeEventListener('abort', onStop);
    stopped.abort(closedError());
    closing ??= (async () => {
      const parts = await opened?.catch(() => null);
      await parts?.scheduled.close();
    })();
    return closing;
  };
  return {
    ...viewOf((scheduled) => scheduled, close),
    forRun: (name, share) =>
      viewOf(
        (scheduled) => scheduled.forRun(name, share),
        async () => {
          const parts = await opening?.catch(() => null);
          await parts?.scheduled.forRun(name, share).close();
        },
      ),
  };

  async function openAll(
    parts: DockerSandboxOptions,
    offers: readonly Language[],
    end: AbortSignal,
  ): Promise<Opened> {
    const counter = parts.counter ?? null;
    const driver = await openDriver({ workers, settings, languages: offers, counter, stop: end });
    const scheduled = createScheduledSandbox(driver, {
      clock: parts.clock,
      underWayMax: workers,
      claimBytes: claimOf(settings),
      memoryBytesMax: driver.memoryBytesMax,
      patienceMs: settings.patienceMs,
      ...(parts.onWait === undefined ? {} : { onWait: parts.onWait }),
      ...(parts.onResume === undefined ? {} : { onResume: parts.onResume }),
    });
    if (end.aborted) scheduled.hurry();
    return { driver, scheduled };
  }
}

interface Opened {
  readonly driver: OpenedDriver;
  readonly scheduled: ScheduledSandbox;
}

const closedError = (): PawlError => new PawlError('SANDBOX_CLOSED', 'The sandbox was closed.');

const stoppedError = (): PawlError =>
  new PawlError('INTERRUPTED', 'Stopped while the container engine was waited for.');

/** What waits for the engine need not wait for it after a stop. */
async function unlessStopped<T>(wanted: Promise<T>, stopped: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onStop = (): void => reject(stopped.reason);
  stopped.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([wanted, promise]);
  } finally {
    stopped.removeEventListener('abort', onStop);
  }
}
