import type { TestSpec } from '../events/test-spec.ts';

/** Outside the objects themselves: no property, prototype, constructor, inspection or clone leads from one to the other. */
const contents = new WeakMap<HiddenTests, TestSpec>();

/**
 * Tests that only grade. The object is an opaque ticket: its content lives in a table private to this module, so that it
 * cannot slip into a prompt, a state or a log. `openForGrading` is the one way in, and only grading in `src/loop` and the
 * rooms that make and check suites may import it.
 */
export class HiddenTests {
  constructor(tests: TestSpec) {
    contents.set(this, tests);
    Object.freeze(this);
  }

  toJSON(): string {
    return '[hidden tests]';
  }
}

/** @throws TypeError for anything that is not an original ticket, for example a structured clone of one. */
export function openForGrading(hidden: HiddenTests): TestSpec {
  const tests = contents.get(hidden);
  if (tests === undefined)
    throw new TypeError('These hidden tests are a copy; only the original can be opened.');
  return tests;
}
