import type { ExecutionException, TestResult } from '../../../src/events/execution-result.ts';
import type { Coverage } from './coverage.ts';

/** Results kept of one execution; further ones are only counted. */
export const TESTS_KEPT_MAX = 4_000;

/** What one assertion of the script tests. */
export interface TestPlace {
  readonly id: string;
  readonly input: string;
}

interface Begun {
  readonly index: number;
  readonly stepsBefore: number;
}

export type Verdict = Pick<TestResult, 'status' | 'expected' | 'actual' | 'exception'>;

/** Results of one execution, append-only, on this side of the interpreter's border. */
export class TestRecorder {
  readonly results: TestResult[] = [];
  count = 0;
  notPassed = 0;
  /** A failed assertion that the script may yet catch; it counts when the script dies of it. */
  escaping: { readonly index: number; readonly stepsBefore: number; readonly verdict: Verdict } | null = null;
  private lastIndex = -1;
  private readonly begun: Begun[] = [];
  private readonly occurrences = new Map<number, number>();
  private readonly places: readonly TestPlace[];
  private readonly coverage: Coverage | null;
  private readonly steps: () => number;

  constructor(places: readonly TestPlace[], coverage: Coverage | null, steps: () => number) {
    this.places = places;
    this.coverage = coverage;
    this.steps = steps;
  }

  begin(index: number): void {
    this.escaping = null;
    this.begun.push({ index, stepsBefore: this.steps() });
    this.coverage?.beginTest();
  }

  /** The assertion under way, innermost first. */
  get current(): number | null {
    return this.begun.at(-1)?.index ?? null;
  }

  /** True while results are still kept, so that their texts are worth making. */
  get keeping(): boolean {
    return this.results.length < TESTS_KEPT_MAX;
  }

  finish(index: number, verdict: Verdict): void {
    this.add(index, this.close(index), verdict);
  }

  /** Like `finish`, for a failure that is thrown into the script. */
  escape(index: number, verdict: Verdict): void {
    this.escaping = { index, stepsBefore: this.close(index), verdict };
  }

  /** The script ended with the exception of its last, escaping assertion. */
  promoteEscaping(): boolean {
    if (this.escaping === null) return false;
    this.add(this.escaping.index, this.escaping.stepsBefore, this.escaping.verdict);
    this.escaping = null;
    return true;
  }

  /** The execution ended inside an assertion, which becomes an error. False when none was under way. */
  abort(exception: ExecutionException): boolean {
    const index = this.current;
    if (index === null) return false;
    this.finish(index, { status: 'error', expected: null, actual: null, exception });
    return true;
  }

  /** Gives the last failed result of this assertion its message. */
  addMessage(index: number, message: string): void {
    const last = this.results.at(-1);
    if (last === undefined || !this.keeping || this.lastIndex !== index) return;
    const exception = { type: 'AssertionError', message, line: null };
    this.results[this.results.length - 1] = { ...last, exception };
  }

  private close(index: number): number {
    let begun = this.begun.pop();
    while (begun !== undefined && begun.index !== index) begun = this.begun.pop();
    return begun?.stepsBefore ?? this.steps();
  }

  private add(index: number, stepsBefore: number, verdict: Verdict): void {
    this.count += 1;
    if (verdict.status !== 'passed') this.notPassed += 1;
    if (!this.keeping) return;
    this.lastIndex = index;
    const place = this.places[index] ?? { id: `assert-${index + 1}`, input: '' };
    const occurrence = (this.occurrences.get(index) ?? 0) + 1;
    this.occurrences.set(index, occurrence);
    this.results.push({
      id: occurrence === 1 ? place.id : `${place.id}#${occurrence}`,
      input: place.input,
      ...verdict,
      steps: this.steps() - stepsBefore,
      covered: this.coverage?.covered() ?? null,
    });
  }
}
