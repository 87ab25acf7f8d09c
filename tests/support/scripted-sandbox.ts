import type { Execution, ExecutionRequest, Sandbox } from '../../sandbox/sandbox.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import type { Language } from '../../src/events/task-view.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { executionInputDigest } from '../../src/loop/execution-input.ts';
import type { Gate } from './gate.ts';
import { runToy } from './toy-language.ts';

export interface ScriptedSandboxOptions {
  /** What a call throws (or, where it is an `Execution`, returns): called with request, and how often it came, from 1. */
  readonly fault?: (request: ExecutionRequest, call: number) => unknown;
  readonly gate?: Gate;
}

export const scriptedFingerprint: Fingerprint = {
  ...{ driver: 'scripted', language: 'javascript', package: 'toy', version: '1' },
  moduleDigest: sha256Hex('toy'),
  container: null,
};

/** Runs the toy language. Effects are named by their input digest, which is what `ExecutionRequested` records. */
export class ScriptedSandbox implements Sandbox {
  readonly languages: readonly Language[] = ['javascript'];
  readonly performed: Digest[] = [];
  readonly #options: ScriptedSandboxOptions;
  readonly #calls = new Map<Digest, number>();
  #underWay = 0;
  /** The most executions there ever were at one time. */
  underWayMax = 0;

  constructor(options: ScriptedSandboxOptions = {}) {
    this.#options = options;
  }

  async fingerprint(): Promise<Fingerprint> {
    return scriptedFingerprint;
  }

  async execute(request: ExecutionRequest, signal: AbortSignal): Promise<Execution> {
    const effect = executionInputDigest(request, scriptedFingerprint);
    this.performed.push(effect);
    const call = (this.#calls.get(effect) ?? 0) + 1;
    this.#calls.set(effect, call);
    this.#underWay += 1;
    this.underWayMax = Math.max(this.underWayMax, this.#underWay);
    try {
      await this.#options.gate?.enter(effect, signal);
      const given = this.#options.fault?.(request, call) ?? null;
      if (given instanceof Error) throw given;
      if (given !== null) return given as Execution;
      return { result: runToy(request.program, request.tests, request.coverage), wallMs: 1 };
    } finally {
      this.#underWay -= 1;
    }
  }

  async close(): Promise<void> {}
}
