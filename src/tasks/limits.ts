import type { ExecutionLimits, Language } from '../events/task-view.ts';

const mebibyte = 1024 * 1024;

/**
 * What a task may use when its file says nothing. The step cap of JavaScript makes an endless loop end at the same step
 * on every machine, and leaves half as much again as the heaviest public solution takes (JavaScript/75 of HumanEvalPack,
 * 5.2 million). Counting Python lines would slow honest programs, so there only the wall clock ends one.
 */
export const defaultLimits: Readonly<Record<Language, ExecutionLimits>> = {
  command: { wallMs: 30_000, steps: null, memoryBytes: 512 * mebibyte, outputBytes: 65_536 },
  javascript: { wallMs: 10_000, steps: 8_000_000, memoryBytes: 256 * mebibyte, outputBytes: 65_536 },
  python: { wallMs: 30_000, steps: null, memoryBytes: 512 * mebibyte, outputBytes: 65_536 },
};
