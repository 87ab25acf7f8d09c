/** What a test run came to. `failed` also counts files, hooks and stray errors that no single test can be blamed for. */
export interface RunCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The line a test run ends with, for machines and for people: `41 passed, 0 failed`, and skipped tests when there are any. */
export function closingLine(count: RunCount): string {
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  return `${count.passed} passed, ${count.failed} failed${skipped}`;
}
