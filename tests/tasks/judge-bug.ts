import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Outcome } from '../../src/events/execution-result.ts';
import type { Symptom } from '../../src/tasks/starter/frozen-bug.ts';
import { starterLimits } from '../../src/tasks/starter/load-starter-suite.ts';
import type { StarterProgram } from '../../src/tasks/starter/starter-program.ts';

/** How a version of a starter program did on all its tests. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly publicFailed: number;
  readonly hiddenFailed: number;
  readonly passed: number;
  readonly threw: number;
}

/** Runs public and hidden tests in one execution; what was not reached because the program was stopped has failed. */
export async function judge(sandbox: Sandbox, program: StarterProgram, source: string): Promise<Judgement> {
  const { result } = await sandbox.execute({
    language: 'javascript',
    prelude: '',
    program: source,
    tests: { kind: 'cases', cases: [...program.publicCases, ...program.hiddenCases] },
    limits: starterLimits,
    seed: 'starter',
    coverage: false,
  });
  // Our own fault says nothing about the program.
  if (result.outcome === 'sandbox_error') {
    throw new Error(`the sandbox failed on ${program.id}: ${result.error?.message}`);
  }
  const statusOf = new Map(result.tests.map(({ id, status }) => [id, status]));
  const failed = (cases: StarterProgram['publicCases']): number =>
    cases.filter(({ id }) => statusOf.get(id) !== 'passed').length;
  const statuses = [...statusOf.values()];
  return {
    outcome: result.outcome,
    publicFailed: failed(program.publicCases),
    hiddenFailed: failed(program.hiddenCases),
    passed: statuses.filter((status) => status === 'passed').length,
    threw: statuses.filter((status) => status === 'error').length,
  };
}

/** What a judgement shows of a bug; null when no hidden test notices it, so that it is none. */
export function symptomOf(judgement: Judgement): Symptom | null {
  const { outcome, publicFailed, hiddenFailed, threw } = judgement;
  if (hiddenFailed === 0) return null;
  if (publicFailed === 0) return 'hidden-only';
  if (outcome === 'timeout') return 'timeout';
  if (outcome === 'out_of_memory' || outcome === 'output_limit') return 'exception';
  return threw > 0 && threw === publicFailed + hiddenFailed ? 'exception' : 'wrong-result';
}
