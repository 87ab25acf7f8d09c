import type { Execution, ExecutionRequest, Sandbox } from '../../../sandbox/sandbox.ts';
import type { Fingerprint } from '../../../src/events/run.ts';
import type { Language } from '../../../src/events/task-view.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { scriptedFingerprint } from '../../support/scripted-sandbox.ts';
import { runToy } from '../../support/toy-language.ts';

interface UnderWay {
  readonly request: ExecutionRequest;
  readonly resolve: (execution: Execution) => void;
  readonly reject: (reason: unknown) => void;
}

/** A driver whose executions end when the test says so. A request is called by its program. */
export class ManualSandbox implements Sandbox {
  readonly languages: readonly Language[] = ['javascript'];
  /** Every start, in order. */
  readonly started: string[] = [];
  readonly #underWay: UnderWay[] = [];
  closed = 0;
  /** What every execution is met with at once; null: nothing is wrong. */
  fault: Error | null = null;
  /** Whether an abort ends an execution at once; else it goes on until the test says so. */
  listens = true;

  async fingerprint(): Promise<Fingerprint> {
    return scriptedFingerprint;
  }

  execute(request: ExecutionRequest, signal?: AbortSignal): Promise<Execution> {
    this.started.push(request.program);
    if (this.fault !== null) return Promise.reject(this.fault);
    const { promise, resolve, reject } = Promise.withResolvers<Execution>();
    const one = { request, resolve, reject };
    this.#underWay.push(one);
    signal?.addEventListener(
      'abort',
      () => {
        if (!this.listens) return;
        this.#leave(one);
        reject(signal.reason);
      },
      { once: true },
    );
    return promise;
  }

  /** Programs of what is under way, in order of their start. */
  get underWay(): readonly string[] {
    return this.#underWay.map(({ request }) => request.program);
  }

  finish(program: string, wallMs = 1): void {
    const { request, resolve } = this.#take(program);
    resolve({ result: runToy(request.program, request.tests, false), wallMs });
  }

  fail(program: string, error: Error): void {
    this.#take(program).reject(error);
  }

  /** All that is under way dies of it, and so does whatever comes, until `fault` is null again. */
  goAway(error: Error): void {
    this.fault = error;
    for (const { reject } of this.#underWay.splice(0)) reject(error);
  }

  async close(): Promise<void> {
    this.closed += 1;
    const error = new PawlError('SANDBOX_CLOSED', 'The driver was closed.');
    for (const { reject } of this.#underWay.splice(0)) reject(error);
  }

  #take(program: string): UnderWay {
    const one = this.#underWay.find(({ request }) => request.program === program);
    if (one === undefined) throw new Error(`${program} is not under way; ${this.underWay.join(', ')} are.`);
    this.#leave(one);
    return one;
  }

  #leave(one: UnderWay): void {
    const index = this.#underWay.indexOf(one);
    if (index >= 0) this.#underWay.splice(index, 1);
  }
}
