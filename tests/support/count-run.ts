import type { RunCount } from './closing-line.ts';

/** The part of vitest's module tree that counting needs. */
export interface CountedModule {
  errors(): readonly unknown[];
  readonly children: {
    allTests(): Iterable<{ result(): { readonly state: string } }>;
    allSuites(): Iterable<{ errors(): readonly unknown[] }>;
  };
}

/**
 * Counts each test once. A file that did not load, a hook that threw and an error outside every test count as one failure
 * each, and so does a test that never came to an end: a run is never reported better than it was.
 */
export function countRun(modules: readonly CountedModule[], strayErrors: readonly unknown[]): RunCount {
  let passed = 0;
  let skipped = 0;
  let failed = strayErrors.length;
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'skipped') skipped += 1;
      else failed += 1;
    }
  }
  return { passed, failed, skipped };
}
