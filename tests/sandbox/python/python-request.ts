import type { ExecutionRequest } from '../../../sandbox/sandbox.ts';

const requestDefaults: Omit<ExecutionRequest, 'program' | 'tests'> = {
  language: 'python',
  prelude: '',
  limits: { wallMs: 10_000, steps: 2_000_000, memoryBytes: 128 * 1024 * 1024, outputBytes: 10_000 },
  seed: 'seed',
  coverage: false,
};

export type RequestParts = Partial<Omit<ExecutionRequest, 'limits'>> & {
  readonly limits?: Partial<ExecutionRequest['limits']>;
};

/** A request with small limits; a program without tests unless given. */
export function pythonRequest(parts: RequestParts): ExecutionRequest {
  return {
    ...requestDefaults,
    program: '',
    tests: { kind: 'cases', cases: [] },
    ...parts,
    limits: { ...requestDefaults.limits, ...parts.limits },
  };
}
