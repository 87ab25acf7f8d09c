import type { ExecutionRequest, Sandbox } from '../../../sandbox/sandbox.ts';
import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import type { Fingerprint } from '../../../src/events/run.ts';
import type { GeneratedCandidate, GenerationRequest, Generator } from '../../../src/generators/generator.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';

export const scriptedFingerprint: Fingerprint = {
  ...{ driver: 'scripted', language: 'javascript', package: 'scripted', version: '1.0.0' },
  moduleDigest: sha256Hex('scripted'),
  container: null,
};

/** A sandbox that answers by a rule; a rule that throws is a sandbox that failed. */
export function scriptedSandbox(
  execute: (request: ExecutionRequest) => ExecutionResult | Promise<ExecutionResult>,
): Sandbox {
  return {
    languages: ['javascript'],
    fingerprint: async () => scriptedFingerprint,
    execute: async (request) => ({ result: await execute(request), wallMs: 1.5 }),
    close: async () => undefined,
  };
}

/** A generator that writes by a rule; a rule that throws is a generator that failed. */
export function scriptedGenerator(
  write: (request: GenerationRequest) => GeneratedCandidate | Promise<GeneratedCandidate>,
): Generator {
  return {
    ref: { name: 'scripted', version: 1, config: {} },
    generate: async (request) => write(request),
    close: async () => undefined,
  };
}
