import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import { type ExecutionResult, executionResultSchema } from '../events/execution-result.ts';
import type { Fingerprint } from '../events/run.ts';
import { effectKeyText } from '../events/shapes.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Json } from '../kernel/json.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { endedByMachine } from './ended-by-machine.ts';
import { environmentDiffers } from './environment-differs.ts';
import { executionInputDigest } from './execution-input.ts';
import { missingHere } from './missing-here.ts';
import { isMissing } from './or-missing.ts';
import type { RecordedExecution } from './recorded-effects.ts';
import type { Difference, Ending, ExecutionCheck, RerunLayer } from './rerun-check.ts';
import { type Comparison, judgedPart, verdictPart } from './rerun-comparable.ts';
import { type Differences, difference, differencesOf } from './rerun-differences.ts';
import { countsOf, endingOf, seconds } from './rerun-ending.ts';
import type { FreshExecution, RerunExecutor } from './rerun-executor.ts';

/** The interpreter of the episode's language, as its run recorded it and as it is here. */
export interface Interpreters {
  /** Null where the run does not say what executed it. */
  readonly recorded: Fingerprint | null;
  /** An error where nothing here executes the language. */
  readonly here: Fingerprint | PawlError;
}

/** How much longer than it was allowed a program may take here: a slower machine is not another result. */
const patience = 4;
/** Faster by more than this no machine is: a program that the clock is said to have ended does not end so much sooner. */
const speedMax = 10;

/**
 * Holds one recorded execution against executing the same request again: down to the bytes of its result on the interpreter
 * that executed it, or outcome and statuses of the tests on whichever is here.
 */
export async function rerunExecution(
  ledger: Ledger,
  execution: RecordedExecution,
  interpreters: Interpreters,
  { executor, comparison }: { readonly executor: RerunExecutor; readonly comparison: Comparison },
): Promise<ExecutionCheck> {
  const check = new Check(execution, comparison);
  const { request } = execution;
  if (isPawlError(request)) return check.missing('input', request);
  const { recorded, here } = interpreters;
  if (recorded === null) return check.missing('input', unknownInterpreter(request.language));
  const input = executionInputDigest(request, recorded);
  if (input !== execution.input) {
    const what = difference('the input', 'digest', execution.input, input);
    const remark = 'what was recorded is not what task, candidate, limits and interpreter give';
    return check.diverged('input', [what], remark);
  }
  if (isPawlError(here)) return check.missing('result', here);
  const differs = comparison === 'whole' ? environmentDiffers(recorded, here) : null;
  if (differs !== null) return check.missing('result', differs);
  try {
    return await check.compare(await ledger.getBlob(execution.event.data.result.digest), request, executor);
  } catch (error) {
    if (isMissing(error)) return check.missing('result', error);
    if (isPawlError(error) && sandboxCodes.has(error.code)) return check.missing('result', error);
    throw error;
  }
}

export const sandboxCodes: ReadonlySet<string> = new Set([
  'SANDBOX_FAILED',
  'SANDBOX_LANGUAGE',
  'SANDBOX_DOES_NOT_FIT',
  'NOT_CANONICALIZABLE',
]);

const notCompared = {
  judged: 'what its commands told beside what decided them is not the same, and is not compared',
  statuses: 'steps, shown values or output are not the same, and are not compared',
};

class Check {
  readonly #execution: RecordedExecution;
  readonly #comparison: Comparison;
  #here: Ending | null = null;

  constructor(execution: RecordedExecution, comparison: Comparison) {
    this.#execution = execution;
    this.#comparison = comparison;
  }

  async compare(
    bytes: Uint8Array,
    request: ExecutionRequest,
    executor: RerunExecutor,
  ): Promise<ExecutionCheck> {
    const { data } = this.#execution.event;
    const { wallMs } = request.limits;
    // Only these can be the machine's doing; all others need not be read to be compared.
    const mayBe = data.outcome === 'timeout' || data.outcome === 'out_of_memory';
    const claimed = mayBe ? readResult(bytes) : null;
    const ended = claimed === null ? null : endedByMachine(claimed);
    const fresh = await executor.execute(request, ended === null ? wallMs * patience : wallMs);
    this.#here = endingOf(fresh);
    if (ended !== null) return this.#compareOutcome(ended, fresh, wallMs);
    if (endedByMachine(fresh.result) !== null) {
      const remark = `the ${endedByMachine(fresh.result)} of this machine ended it after ${seconds(fresh.wallMs)}, before its recorded end`;
      return this.#make('inconclusive', 'result', remark);
    }
    if (Buffer.from(fresh.text, 'utf8').equals(bytes))
      return this.#ofEvent('result', fresh, bytes.length, fresh.result.steps);
    if (this.#comparison === 'verdicts') return this.#compareParts('statuses', verdictPart, bytes, fresh);
    if (request.tests.kind === 'commands') return this.#compareParts('judged', judgedPart, bytes, fresh);
    const event = this.#eventDifferences(fresh, bytes.length, fresh.result.steps);
    const { found, count } = resultDifferences(bytes, fresh);
    return this.diverged('result', [...event, ...found], '', event.length + count);
  }

  /** The results are the same as far as they are compared, so what is left is what the event says of its result. */
  #ofEvent(
    layer: RerunLayer,
    fresh: FreshExecution,
    bytes: number,
    steps: number,
    remark = '',
  ): ExecutionCheck {
    const event = this.#eventDifferences(fresh, bytes, steps);
    return event.length === 0 ? this.#make('pass', layer, remark) : this.diverged(layer, event, remark);
  }

  /** Two results that are not the same bytes, and need not be. */
  #compareParts(
    layer: 'judged' | 'statuses',
    partOf: (result: ExecutionResult) => Json,
    bytes: Uint8Array,
    fresh: FreshExecution,
  ): ExecutionCheck {
    const recorded = readResult(bytes);
    // Whatever is compared of it, a sandbox wrote it.
    if (recorded === null || !Buffer.from(canonicalJson(recorded), 'utf8').equals(bytes)) {
      const { found, count } = resultDifferences(bytes, fresh);
      return this.diverged(layer, found, '', count);
    }
    const { found, count } = differencesOf(partOf(recorded), partOf(fresh.result));
    if (count === 0) return this.#ofEvent(layer, fresh, bytes.length, recorded.steps, notCompared[layer]);
    const missing = layer === 'statuses' && missingHere(recorded) === '' ? missingHere(fresh.result) : '';
    if (missing === '') return this.diverged(layer, found, '', count);
    return { ...this.#make('inconclusive', layer, missing), differences: found, differenceCount: count };
  }

  /** Real time ended it, so there is no telling how far it should have come. */
  #compareOutcome(ended: 'clock' | 'memory', fresh: FreshExecution, limitMs: number): ExecutionCheck {
    const { outcome } = this.#execution.event.data;
    const remark = `the ${ended} of a machine ended it, so only the outcome is compared`;
    if (fresh.result.outcome === outcome) return this.#make('pass', 'outcome', remark);
    const differs = difference('the execution', 'outcome', outcome, fresh.result.outcome);
    const isElsewhere = this.#comparison === 'verdicts';
    if (ended === 'memory' || isElsewhere || fresh.wallMs * speedMax > limitMs) {
      const why = `${remark}, and here it came to ${fresh.result.outcome} after ${seconds(fresh.wallMs)} of ${seconds(limitMs)}`;
      return { ...this.#make('inconclusive', 'outcome', why), differences: [differs], differenceCount: 1 };
    }
    return this.diverged('outcome', [differs], `${remark}; here it took ${seconds(fresh.wallMs)}`);
  }

  /** The event says again what the result says: as it came out here, but for members that are not compared between the two. */
  #eventDifferences({ result }: FreshExecution, bytes: number, stepsOfResult: number): readonly Difference[] {
    const { outcome, passed, total, steps, result: ref } = this.#execution.event.data;
    const here = { ...countsOf(result), outcome: result.outcome, steps: stepsOfResult, bytes };
    const { found } = differencesOf({ passed, total, outcome, steps, bytes: ref.bytes }, here);
    return found.map((one) => ({ ...one, place: 'the event' }));
  }

  diverged(
    layer: RerunLayer,
    differences: readonly Difference[],
    remark = '',
    differenceCount = differences.length,
  ): ExecutionCheck {
    return { ...this.#make('diverged', layer, remark), differences, differenceCount };
  }

  missing(layer: RerunLayer, { code, message }: PawlError): ExecutionCheck {
    return { ...this.#make('inconclusive', layer, message), missing: code };
  }

  #make(verdict: ExecutionCheck['verdict'], layer: RerunLayer, remark = ''): ExecutionCheck {
    const { stream, revision, data } = this.#execution.event;
    const { key, candidate, tests, outcome, passed, total, steps, volatile } = data;
    return {
      ...{ stream, revision, key: effectKeyText(key), candidate, tests },
      ...{ verdict, layer, remark, missing: null, differences: [], differenceCount: 0 },
      recorded: { outcome, passed, total, steps, wallMs: volatile.wallMs },
      here: this.#here,
    };
  }
}

/** Null for a blob that no sandbox has written. */
function readResult(bytes: Uint8Array): ExecutionResult | null {
  try {
    const parsed = executionResultSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function resultDifferences(bytes: Uint8Array, { result, text }: FreshExecution): Differences {
  const recorded = readResult(bytes);
  if (recorded !== null) {
    const differences = differencesOf(recorded, result);
    if (differences.count > 0) return differences;
  }
  // No result of a sandbox, or the same values in other bytes.
  return { found: [difference('the execution', '', Buffer.from(bytes).toString('utf8'), text)], count: 1 };
}

function unknownInterpreter(language: string): PawlError {
  return new PawlError('ENVIRONMENT_DIFFERS', `the run does not say which interpreter executed ${language}`);
}
