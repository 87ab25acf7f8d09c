import type { Fingerprint } from '../../src/events/run.ts';
import type { Language } from '../../src/events/task-view.ts';
import type { Execution, ExecutionRequest, Sandbox } from '../sandbox.ts';
import { closedError, type ScheduledRun, type Scheduler } from './scheduler.ts';

/** The driver as one run has it: its executions wait for their turn. */
export class RunView implements Sandbox {
  readonly languages: readonly Language[];
  readonly #scheduler: Scheduler;
  readonly #sandbox: Sandbox;
  readonly #run: ScheduledRun;
  readonly #onClose: () => void;

  constructor(scheduler: Scheduler, sandbox: Sandbox, weight: number, onClose: () => void) {
    this.languages = sandbox.languages;
    this.#scheduler = scheduler;
    this.#sandbox = sandbox;
    this.#run = scheduler.open(weight);
    this.#onClose = onClose;
  }

  async fingerprint(language: Language): Promise<Fingerprint> {
    if (this.#run.isClosed) throw closedError();
    return this.#sandbox.fingerprint(language);
  }

  execute(request: ExecutionRequest, signal?: AbortSignal): Promise<Execution> {
    return this.#scheduler.execute(this.#run, request, signal);
  }

  close(): Promise<void> {
    this.#onClose();
    return this.#scheduler.close(this.#run);
  }
}
