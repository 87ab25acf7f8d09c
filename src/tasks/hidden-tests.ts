import type { TestSpec } from '../events/test-spec.ts';

/**
 * Tests that only grade. The content is unreachable by property access, enumeration or JSON, so that it cannot slip into
 * a prompt or a state; `openForGrading` is the one way in, and only `src/loop` grading and `src/tasks` may import it.
 */
export class HiddenTests {
  readonly #tests: TestSpec;

  constructor(tests: TestSpec) {
    this.#tests = tests;
  }

  static open(hidden: HiddenTests): TestSpec {
    return hidden.#tests;
  }

  toJSON(): string {
    return '[hidden tests]';
  }
}

export function openForGrading(hidden: HiddenTests): TestSpec {
  return HiddenTests.open(hidden);
}
