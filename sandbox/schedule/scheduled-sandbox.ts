import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { Sandbox } from '../sandbox.ts';
import { RunView } from './run-view.ts';
import type { ScheduleOptions } from './schedule-options.ts';
import { Scheduler } from './scheduler.ts';

export interface RunShare {
  /** A run of weight 2 gets twice what a run of weight 1 gets. 1 where left out; fixed while its view is open. */
  readonly weight?: number;
}

/** A sandbox that is shared by runs. What is executed here and not in a view is a run of its own. */
export interface ScheduledSandbox extends Sandbox {
  /**
   * The sandbox as one run has it; the same view for the same name until that is closed. To close a view rejects what waits in
   * it, lets end what is under way, and leaves all others alone: it is to be closed when its run is over.
   */
  forRun(name: string, share?: RunShare): Sandbox;
  /** Somebody wants to stop: what executes comes to its end, what waits for an engine that does not answer is rejected. */
  hurry(): void;
}

/**
 * Lets runs share a driver fairly, within bounds of number and memory, and waits for an engine that is away (`FairQueue`,
 * `CircuitBreaker`: the rules). Only errors of the engine are repeated, an outcome never; all other errors are passed on.
 *
 * The way back is the promise: `execute` settles when the execution did, and the caller asks for no more meanwhile. So what
 * waits is what was asked for: of a run that works on `concurrency` episodes at a time, that many times what its strategy
 * decides to execute at once. A waiting request takes memory here, and no other resource.
 *
 * `execute` rejects as the driver does, and with `SANDBOX_DOES_NOT_FIT` at once where a request claims more memory than there
 * can ever be, with `SANDBOX_CLOSED`, and with the engine's own error after `patienceMs` without it.
 *
 * @throws PawlError `SANDBOX_SETTINGS`
 */
export function createScheduledSandbox(sandbox: Sandbox, options: ScheduleOptions): ScheduledSandbox {
  const scheduler = new Scheduler(sandbox, options);
  const views = new Map<string, Sandbox>();
  const own = new RunView(scheduler, sandbox, 1, () => undefined);
  let closing: Promise<void> | null = null;

  const forRun = (name: string, { weight = 1 }: RunShare = {}): Sandbox => {
    if (!(weight > 0 && Number.isFinite(weight))) {
      const message = `The weight of a run is a number above 0, not ${weight}.`;
      throw new PawlError('SANDBOX_SETTINGS', message, { context: { setting: 'weight' } });
    }
    const known = views.get(name);
    if (known !== undefined) return known;
    const view: Sandbox = new RunView(scheduler, sandbox, weight, () => {
      if (views.get(name) === view) views.delete(name);
    });
    views.set(name, view);
    return view;
  };

  const closeAll = async (): Promise<void> => {
    // Views first, so that whoever is told that his execution is gone finds his view closed as well.
    const ends = [own, ...views.values()].map((view) => view.close());
    scheduler.end();
    await sandbox.close();
    await Promise.all(ends);
  };

  return {
    languages: sandbox.languages,
    fingerprint: (language) => sandbox.fingerprint(language),
    execute: (request, signal) => own.execute(request, signal),
    forRun,
    hurry: () => scheduler.hurry(),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}
