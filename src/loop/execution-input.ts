import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import { interpreterIdentity } from '../events/interpreter-identity.ts';
import type { Fingerprint } from '../events/run.ts';
import type { TaskView } from '../events/task-view.ts';
import type { TestSpec } from '../events/test-spec.ts';
import type { Digest } from '../kernel/brand.ts';
import { digestOf } from '../kernel/digest.ts';

/**
 * The request for one execution. Its seed is the digest of its inputs, so that the same program against the same tests
 * sees the same clock and the same random numbers in every episode, run and replay.
 */
export function executionRequest(
  view: Pick<TaskView, 'language' | 'prelude' | 'limits'>,
  program: string,
  tests: TestSpec,
  coverage: boolean,
): ExecutionRequest {
  const inputs = {
    language: view.language,
    prelude: view.prelude,
    program,
    tests,
    limits: view.limits,
    coverage,
  };
  return { ...inputs, seed: digestOf(inputs) };
}

/** What the recorded outcome depends on: the request and the interpreter. */
export function executionInputDigest(request: ExecutionRequest, fingerprint: Fingerprint): Digest {
  return digestOf({ request: request.seed, fingerprint: interpreterIdentity(fingerprint) });
}
