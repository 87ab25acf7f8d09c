import { isPawlError } from '../kernel/pawl-error.ts';

/** What a command reports to the shell; see docs/reference/errors.md. */
export const exitCodes = { ok: 0, error: 1, usage: 2, replayDiverged: 110, integrity: 120 } as const;

export type ExitCode = 0 | 1 | 2 | 100 | 101 | 110 | 120;

export function exitCodeOf(error: unknown): ExitCode {
  return isPawlError(error) ? error.entry.exitCode : exitCodes.error;
}
