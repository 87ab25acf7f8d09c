import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import { pythonRequest } from '../sandbox/python/python-request.ts';
import { repositoryRoot } from '../support/repository-root.ts';

export interface HumanEvalTask {
  readonly task_id: string;
  readonly prompt: string;
  readonly entry_point: string;
  readonly canonical_solution: string;
  readonly test: string;
}

const file = join(repositoryRoot, '..', 'shared', 'data', 'humaneval', 'HumanEval.jsonl');

/** The tasks, or null where the data set is absent. */
export function humanEvalTasks(): readonly HumanEvalTask[] | null {
  if (!existsSync(file)) return null;
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HumanEvalTask);
}

/** The canonical solution with its tests. */
export function canonicalRequest(task: HumanEvalTask, coverage = false): ExecutionRequest {
  return pythonRequest({
    program: task.prompt + task.canonical_solution,
    tests: { kind: 'asserts', source: task.test, invoke: `check(${task.entry_point})` },
    limits: { wallMs: 20_000, steps: null },
    coverage,
  });
}

/** The same as one script for a bare interpreter. */
export const canonicalScript = (task: HumanEvalTask): string =>
  `${task.prompt}${task.canonical_solution}\n${task.test}\ncheck(${task.entry_point})\n`;
