import { type FoundProblems, ProblemList } from './problem.ts';
import { type RangeResult, type RangeTask, verifyRange } from './range-verifier.ts';
import type { CheckedBlobs, VerifySource } from './verify-source.ts';

/** One piece of verification that needs nothing of the others; plain data both ways, so that any thread can do it. */
export type VerifyTask =
  | { readonly kind: 'range'; readonly range: RangeTask }
  | { readonly kind: 'blobs'; readonly part: number; readonly problemsMax: number }
  | { readonly kind: 'structure'; readonly part: number; readonly problemsMax: number };

export type VerifyTaskResult =
  | { readonly kind: 'range'; readonly range: RangeResult }
  | { readonly kind: 'blobs'; readonly blobs: CheckedBlobs; readonly found: FoundProblems }
  | { readonly kind: 'structure'; readonly found: FoundProblems };

export async function performTask(source: VerifySource, task: VerifyTask): Promise<VerifyTaskResult> {
  if (task.kind === 'range') return { kind: 'range', range: await verifyRange(source, task.range) };
  const problems = new ProblemList(task.problemsMax);
  if (task.kind === 'blobs') {
    const blobs = await source.checkBlobs(task.part, problems);
    return { kind: 'blobs', blobs, found: problems.found() };
  }
  await source.checkStructure(task.part, problems);
  return { kind: 'structure', found: problems.found() };
}
