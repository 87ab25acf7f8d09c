import type { LogPosition } from '../log-client.ts';

/** Below zero where `left` lies before `right` in the log, zero for the same place. Null lies before everything. */
export function comparePositions(left: LogPosition | null, right: LogPosition | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (left.commit !== right.commit) return left.commit < right.commit ? -1 : 1;
  if (left.prepare !== right.prepare) return left.prepare < right.prepare ? -1 : 1;
  return 0;
}
