import type { Reporter, TestModule } from 'vitest/node';
import { closingLine } from './closing-line.ts';
import { countRun } from './count-run.ts';

/** Ends every test run with the plain line that `.ci/run` repeats. Stands last in `reporters`, so that it has the last word. */
class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly unknown[]): void {
    process.stdout.write(`\n${closingLine(countRun(modules, strayErrors))}\n`);
  }
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export.
export default ClosingLineReporter;
