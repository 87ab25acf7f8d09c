import type { Verdict } from '../events/audit.ts';
import type { TestSet } from '../events/execution.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import type { ErrorCode } from '../kernel/error-table.ts';

/** One place where what was recorded and what came out now are not the same. Texts are cut so that they can be shown. */
export interface Difference {
  /** A test by its id, `the execution` for what belongs to all of them, `the event`, or `the input`. */
  readonly place: string;
  /** What of it differs, for example `actual` or `exception.message`; empty where all of it is meant. */
  readonly member: string;
  readonly recorded: string;
  readonly here: string;
  /** A unified diff from recorded to here, for texts of several lines; null for others. */
  readonly patch: string | null;
}

/** How an execution ended, in numbers. What another tool did not record is null. */
export interface Ending {
  readonly outcome: string;
  readonly passed: number | null;
  readonly total: number | null;
  readonly steps: number | null;
  /** Real time, milliseconds: told, never compared. */
  readonly wallMs: number | null;
}

/**
 * How far the comparison of one execution went: the digest of what is asked of the sandbox, every byte of the result, of an
 * execution of commands what decided it, outcome and statuses of the tests (where another interpreter may execute), only the
 * outcome (where the machine ended it), or another tool's verdict.
 */
export type RerunLayer = 'input' | 'result' | 'judged' | 'statuses' | 'outcome' | 'verdict';

/** One recorded execution, held against executing it again. */
export interface ExecutionCheck {
  readonly stream: StreamName;
  /** Of the event that recorded it. */
  readonly revision: number;
  /** Effect key as text, `ordinal.occurrence.attempt`. */
  readonly key: string;
  readonly candidate: Digest;
  readonly tests: TestSet;
  readonly verdict: Verdict;
  readonly layer: RerunLayer;
  /** Why it is not a plain pass, or what is to be known about one; empty otherwise. */
  readonly remark: string;
  /** What is missing, where it is inconclusive for that reason. */
  readonly missing: ErrorCode | null;
  /** The first of them; `differenceCount` says how many there are. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly recorded: Ending;
  /** Null where nothing was executed. */
  readonly here: Ending | null;
}

/** Diverged when anything did, else inconclusive when anything is. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = 'pass';
  for (const verdict of verdicts) {
    if (verdict === 'diverged') return verdict;
    if (verdict === 'inconclusive') worst = verdict;
  }
  return worst;
}
