import { describe, expect, it } from 'vitest';
import { closingLine } from '../support/closing-line.ts';
import { type CountedModule, countRun } from '../support/count-run.ts';

const module = (states: readonly string[], errors = 0, suiteErrors = 0): CountedModule => ({
  errors: () => Array.from({ length: errors }, () => 'broken'),
  children: {
    allTests: () => states.map((state) => ({ result: () => ({ state }) })),
    allSuites: () => [{ errors: () => Array.from({ length: suiteErrors }, () => 'broken hook') }],
  },
});

describe('the closing line of a test run', () => {
  it('counts every test of every file once', () => {
    const count = countRun([module(['passed', 'failed', 'skipped']), module(['passed'])], []);
    expect(count).toEqual({ passed: 2, failed: 1, skipped: 1 });
    expect(closingLine(count)).toBe('2 passed, 1 failed, 1 skipped');
  });

  it('leaves skipped tests out when there are none', () => {
    expect(closingLine(countRun([module(['passed'])], []))).toBe('1 passed, 0 failed');
  });

  it('counts a file that did not load, a hook that threw and a stray error as failures', () => {
    expect(countRun([module([], 1), module(['passed'], 0, 1)], ['stray'])).toEqual({
      passed: 1,
      failed: 3,
      skipped: 0,
    });
  });

  it('counts a test that never ended as failed', () => {
    expect(countRun([module(['pending'])], [])).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
