import type { Digest } from '../../kernel/brand.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import { TreeFrontier } from '../audit/tree-frontier.ts';
import type { TreeHead } from '../event-store.ts';
import { claimsOf } from './claims.ts';
import { checkErasures } from './erasure-checker.ts';
import { firstBadOf } from './first-bad.ts';
import { HistoryJoiner, sizesWithin } from './history-joiner.ts';
import { checkOutside } from './outside-checker.ts';
import { type Problem, ProblemList } from './problem.ts';
import { SealChecker } from './seal-checker.ts';
import type { TaskRunner } from './task-runner.ts';
import type { VerifyOptions, VerifyReport } from './verify-report.ts';
import type { CheckedBlobs, ErasedBlob, VerifyParts, VerifySource } from './verify-source.ts';
import type { VerifyTask } from './verify-task.ts';
import { wantedSizes } from './wanted-sizes.ts';

/** A power of two, so that the tree of a range is a subtree of the whole. */
const rangeRecords = 16_384;

/** Verifies what a source holds; `runner` decides whether that is done here or by threads. Never throws for what is wrong. */
export async function verifyHistory(
  source: VerifySource,
  runner: TaskRunner,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const { trust, onProgress, problemsMax, deep } = options;
  const problems = new ProblemList(problemsMax);
  const head = await headOf(source, problems);
  const sizes = await wantedSizes(source, trust, head.size);
  const parts = await partsOf(source, problems);
  const structure = numbers(parts.structure).map((part) =>
    runner.run({ kind: 'structure', part, problemsMax }),
  );
  // A rejection is dealt with below; until then it must not count as unhandled.
  for (const checked of structure) checked.catch(() => undefined);

  const blobs = await checkAllBlobs(parts.blobs, runner, problems, options);
  const joiner: HistoryJoiner = new HistoryJoiner(sizes, problems, (event) => seals.add(event));
  const seals = new SealChecker(problems, (size) => joiner.rootAt(size));
  const watched = [...blobs.erased.map(({ digest }) => digest), ...blobs.damaged];
  const ranges = rangesOf(head.size).map(({ from, to }): VerifyTask => {
    const range = { from, to, sizes: sizesWithin(sizes, from, to), watched, deep, problemsMax };
    return { kind: 'range', range };
  });
  for await (const result of inOrder(ranges, runner)) {
    if (result.kind === 'range') joiner.join(result.range);
    onProgress?.({ records: joiner.size, blobs: blobs.count, of: head.size });
  }
  for (const checked of await Promise.all(structure)) {
    if (checked.kind === 'structure') problems.take(checked.found);
  }

  const treeHolds = Buffer.compare(joiner.root(), head.root) === 0;
  if (!treeHolds) {
    problems.at(null, 'TREE_MISMATCH', 'The records do not hash to the tree head that is stored with them.');
  }
  const standingOf = source.blobStanding.bind(source);
  const erased = await checkErasures(seals, blobs.erased, joiner.noted, standingOf, problems);
  const outside = checkOutside(trust, seals, head.size, (size) => joiner.rootAt(size), problems);
  await options.further?.(problems);
  const { problems: unplaced, problemCount } = problems.found();
  const listed = placed(unplaced, joiner.noted);
  const firstBad = firstBadOf(listed, seals.points, outside, head.size, treeHolds);
  return {
    ok: problemCount === 0,
    records: joiner.size,
    streams: joiner.streams,
    blobs: blobs.count,
    head,
    problems: listed,
    problemCount,
    firstBad,
    erased,
    keys: seals.keys,
    checkpoints: seals.points.length,
    lastCheckpoint: seals.points.at(-1) ?? null,
    ...claimsOf(problems, firstBad, seals, outside, head.size),
  };
}

async function checkAllBlobs(
  parts: number,
  runner: TaskRunner,
  problems: ProblemList,
  { problemsMax, onProgress }: VerifyOptions,
): Promise<CheckedBlobs> {
  const tasks = numbers(parts).map((part): VerifyTask => ({ kind: 'blobs', part, problemsMax }));
  let count = 0;
  const erased: ErasedBlob[] = [];
  const damaged: Digest[] = [];
  for await (const result of inOrder(tasks, runner)) {
    if (result.kind !== 'blobs') continue;
    problems.take(result.found);
    count += result.blobs.count;
    erased.push(...result.blobs.erased);
    damaged.push(...result.blobs.damaged.slice(0, problemsMax - damaged.length));
    onProgress?.({ records: 0, blobs: count, of: 0 });
  }
  return { count, erased, damaged };
}

async function headOf(source: VerifySource, problems: ProblemList): Promise<TreeHead> {
  try {
    return await source.head();
  } catch (error) {
    problems.at(null, 'UNREADABLE', `The tree head cannot be read: ${messageOf(error)}`);
    return { size: 0, root: new TreeFrontier().root(), roots: new Uint8Array(0) };
  }
}

async function partsOf(source: VerifySource, problems: ProblemList): Promise<VerifyParts> {
  try {
    return await source.parts();
  } catch (error) {
    problems.at(null, 'UNREADABLE', `The table of blobs cannot be read: ${messageOf(error)}`);
    return { blobs: 0, structure: 2 };
  }
}

/** Results in the order of the tasks, with a few tasks ahead of the one waited for: bounded, and nobody idle. */
async function* inOrder(tasks: readonly VerifyTask[], runner: TaskRunner) {
  const ahead = runner.width === 1 ? 1 : runner.width * 2;
  const underWay: ReturnType<TaskRunner['run']>[] = [];
  for (const task of tasks) {
    const started = runner.run(task);
    started.catch(() => undefined);
    underWay.push(started);
    if (underWay.length >= ahead) yield await (underWay.shift() as (typeof underWay)[number]);
  }
  for (const started of underWay) yield await started;
}

/** A blob's problem gets the position of the first record that refers to it. Records come first, by position. */
function placed(problems: readonly Problem[], noted: ReadonlyMap<Digest, number>): Problem[] {
  const order = ({ position }: Problem): number => position ?? Number.MAX_SAFE_INTEGER;
  return problems
    .map((problem) => {
      const known = problem.digest === null ? undefined : noted.get(problem.digest);
      return problem.position === null && known !== undefined ? { ...problem, position: known } : problem;
    })
    .toSorted((left, right) => order(left) - order(right));
}

function rangesOf(size: number): { readonly from: number; readonly to: number }[] {
  return numbers(Math.ceil(size / rangeRecords)).map((index) => {
    const from = index * rangeRecords;
    return { from, to: Math.min(size, from + rangeRecords) };
  });
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
