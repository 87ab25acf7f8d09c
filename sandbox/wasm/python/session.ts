import type {
  ExecutionException,
  ExecutionResult,
  Outcome,
  TestResult,
} from '../../../src/events/execution-result.ts';
import type { ExecutionRequest } from '../../sandbox.ts';
import type { AssertChannel } from './assert-channel.ts';
import { type PythonApi, PythonRaised } from './c-api.ts';
import type { CandidatePlace } from './candidate-place.ts';
import type { Comparison } from './comparison.ts';
import { Coverage } from './coverage.ts';
import type { Harness } from './harness.ts';
import type { StepCounter } from './native-functions.ts';
import type { OutputCapture } from './output-capture.ts';
import { readPlaces } from './read-places.ts';
import type { RemoteSide } from './remote-side.ts';
import { Stop } from './stop.ts';
import { type TestPlace, TestRecorder } from './test-recorder.ts';

const TOO_LARGE = "cannot fit 'int' into an index-sized integer";
const RICH_COMPARE_EQUAL = 2;

/** What one execution works with; all of it survives the restore of the interpreter. */
export interface SessionParts {
  readonly api: PythonApi;
  readonly harness: Harness;
  /** The namespace of `__main__`. */
  readonly globals: number;
  readonly counter: StepCounter;
  readonly channel: AssertChannel;
  readonly comparison: Comparison;
  readonly stdout: OutputCapture;
  readonly stderr: OutputCapture;
  readonly remote: RemoteSide;
  /** Set while lines are reported one by one. */
  onLine: ((line: number) => void) | null;
}

interface Compiled {
  readonly prelude: number;
  readonly candidate: number;
  /** Code to run for the tests, in order (the script and its invocation); empty for cases. */
  readonly scripts: readonly number[];
  readonly codes: ReadonlySet<number>;
  readonly places: readonly TestPlace[];
}

/** One execution in a freshly restored interpreter: compile everything, run the candidate, run the tests. */
export class Session {
  private readonly parts: SessionParts;
  private readonly request: ExecutionRequest;
  private readonly candidate: CandidatePlace;
  private recorder: TestRecorder;
  private coverage: Coverage | null = null;
  private outOfMemory = false;

  constructor(parts: SessionParts, request: ExecutionRequest, candidate: CandidatePlace) {
    this.parts = parts;
    this.request = request;
    this.candidate = candidate;
    this.recorder = this.makeRecorder([]);
  }

  run(): ExecutionResult {
    const { parts, request } = this;
    let outcome: Outcome;
    let error: ExecutionException | null = null;
    try {
      ({ outcome, error } = this.runAll());
    } catch (thrown) {
      error = this.explain(thrown);
      outcome = thrown instanceof Stop ? thrown.outcome : this.outOfMemory ? 'out_of_memory' : 'error';
      // An exception of the script is that of its assertion; a stop hits whatever was running.
      const escaped = thrown instanceof PythonRaised && this.recorder.promoteEscaping();
      if (escaped && outcome === 'error') outcome = 'failed';
      else this.recorder.abort(error);
    } finally {
      parts.channel.use(null);
      parts.onLine = null;
    }
    const left = this.recorder.count - this.recorder.results.length;
    if (left > 0 && error === null) {
      const message = `${left} of ${this.recorder.count} tests ran but are left out of this result.`;
      error = { type: 'ResultTruncated', message, line: null };
    }
    return {
      outcome,
      tests: [...this.recorder.results, ...this.notRun()],
      error,
      stdout: parts.stdout.result(),
      stderr: parts.stderr.result(),
      steps: this.candidate.steps,
      statements: request.coverage ? (this.coverage?.ranges.map((range) => ({ ...range })) ?? null) : null,
    };
  }

  private runAll(): { outcome: Outcome; error: ExecutionException | null } {
    const { api, channel } = this.parts;
    const compiled = this.compileAll();
    this.recorder = this.makeRecorder(compiled.places);
    this.candidate.load(compiled);
    const { globals } = this.candidate;
    channel.use({
      recorder: this.recorder,
      codes: compiled.codes,
      render: (value) => this.parts.harness.render(value),
      message: (value) => this.parts.harness.message(value),
      describeHandled: () => this.describe(api.exports.PyErr_GetHandledException() >>> 0),
    });
    for (const code of compiled.scripts) api.evaluate(code, globals);
    if (this.request.tests.kind === 'cases') this.runCases();
    const { count, notPassed } = this.recorder;
    if (count === 0) {
      const message = 'no assertion ran, so nothing was tested';
      return { outcome: 'failed', error: { type: 'NoTests', message, line: null } };
    }
    if (this.outOfMemory) return { outcome: 'out_of_memory', error: null };
    return { outcome: notPassed === 0 ? 'passed' : 'failed', error: null };
  }

  /** Before anything of the candidate runs: afterwards it could have patched the compiler's Python side. */
  private compileAll(): Compiled {
    const { api, harness, counter, channel } = this.parts;
    const { request } = this;
    // First of all, so that a program that does not parse shows no steps of the one before it.
    counter.reset(request.limits.steps, request.coverage);
    harness.call('seed_random', api.string(request.seed));
    const prelude = harness.call('compile_plain', api.string(request.prelude), api.string('<prelude>'));
    const program = api.string(request.program);
    const candidate = harness.call('compile_candidate', program);
    if (request.coverage) {
      const coverage = new Coverage(request.program, api.text(harness.call('statements', program)));
      this.coverage = coverage;
      this.parts.onLine = (line) => coverage.reach(line);
    }
    const scripts: number[] = [];
    const codes = new Set<number>();
    const places: TestPlace[] = [];
    if (request.tests.kind === 'asserts') {
      for (const source of [request.tests.source, request.tests.invoke ?? '']) {
        if (source === '') continue;
        const first = api.exports.PyLong_FromLong(places.length);
        const parts = harness.call('compile_asserts', api.string(source), first, ...channel.callables);
        const [code = 0, all = 0, numbers = 0] = api.items(parts);
        scripts.push(code);
        for (const one of api.items(all)) codes.add(one);
        places.push(...readPlaces(source, api.text(numbers), places.length));
      }
    } else if (request.tests.kind === 'cases') {
      places.push(...request.tests.cases.map(({ id, call }) => ({ id, input: call })));
    }
    return { prelude, candidate, scripts, codes, places };
  }

  private runCases(): void {
    if (this.request.tests.kind !== 'cases') return;
    this.request.tests.cases.forEach((testCase, index) => {
      this.recorder.begin(index);
      try {
        this.runCase(index, testCase.call, testCase.expected);
      } catch (thrown) {
        if (!(thrown instanceof PythonRaised)) throw thrown;
        const exception = this.describe(thrown.object);
        this.recorder.finish(index, {
          status: 'error',
          expected: testCase.expected,
          actual: null,
          exception,
        });
      }
    });
  }

  private runCase(index: number, call: string, expected: string): void {
    const { api, harness, comparison } = this.parts;
    const evaluate = (source: string): number =>
      api.evaluate(harness.call('compile_expression', api.string(source)), this.candidate.globals);
    const actualValue = evaluate(call);
    const expectedValue = evaluate(expected);
    const equal = comparison.holds(RICH_COMPARE_EQUAL, actualValue, expectedValue, true);
    if (equal < 0) api.checked(0);
    const isEqual = equal === 1 || comparison.same(actualValue, expectedValue);
    this.recorder.finish(index, {
      status: isEqual ? 'passed' : 'failed',
      expected: harness.render(expectedValue),
      actual: harness.render(actualValue),
      exception: null,
    });
  }

  /** Cases that an early end left out. */
  private notRun(): TestResult[] {
    const { tests } = this.request;
    if (tests.kind !== 'cases') return [];
    return tests.cases.slice(this.recorder.count).map(({ id, call, expected }) => ({
      id,
      status: 'not_run' as const,
      input: call,
      expected,
      actual: null,
      exception: null,
      steps: 0,
      covered: null,
    }));
  }

  private describe(exception: number): ExecutionException {
    const { api } = this.parts;
    if (api.exports.PyErr_GivenExceptionMatches(exception, api.exceptionType('PyExc_MemoryError')) === 1) {
      this.outOfMemory = true;
    }
    const described = this.candidate.describe(exception);
    // One object of more than 2 GiB: where addresses have 64 bits this is a MemoryError under any limit.
    if (described.type === 'OverflowError' && described.message === TOO_LARGE) this.outOfMemory = true;
    return described;
  }

  /** What ended the execution, as an exception that the candidate's author understands. */
  private explain(thrown: unknown): ExecutionException {
    if (thrown instanceof Stop) return { type: thrown.type, message: thrown.message, line: null };
    if (thrown instanceof PythonRaised) {
      try {
        return this.describe(thrown.object);
      } catch (second) {
        if (second instanceof PythonRaised)
          this.outOfMemory = true; // describing only lets MemoryError through
        else if (second instanceof Stop) throw second;
        return { type: 'MemoryError', message: '', line: null };
      }
    }
    // V8's own stack is shorter than CPython believes; WebAssembly's traps are the interpreter's last words.
    if (thrown instanceof RangeError) {
      return { type: 'RecursionError', message: 'the native stack is exhausted', line: null };
    }
    if (thrown instanceof WebAssembly.RuntimeError) {
      return { type: 'InterpreterCrash', message: thrown.message, line: null };
    }
    throw thrown;
  }

  private makeRecorder(places: readonly TestPlace[]): TestRecorder {
    return new TestRecorder(places, this.coverage, () => this.candidate.steps);
  }
}
