import type { Digest } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { Execution, ExecutionRequest, Sandbox } from '../sandbox.ts';
import { type MetricName, metrics } from './metrics.ts';
import type { PerfCounter } from './perf-counter.ts';
import { metricProfile, type Profile } from './profile.ts';

export interface ProfileOptions {
  /** Executions of each program, `warmUps` included. */
  readonly repeats: number;
  /** The counter that the sandbox was given, which knows why it counts nothing; null: it was given none. */
  readonly counter: PerfCounter | null;
  readonly signal: AbortSignal;
  /** Told after every execution. */
  readonly onExecution: () => void;
}

/** The first execution loads what later ones find loaded (an interpreter, a page cache), so it is not counted. */
export const warmUps = 1;
export const defaultRepeats = 7;
/** What the exact test between two profiles is made for, and no program is known better after more. */
export const repeatsMax = 50 + warmUps;

/** What is kept of one execution; a result can be megabytes. */
interface Sample {
  /** One for each of `metrics`. */
  readonly values: readonly (number | null | undefined)[];
  readonly outcome: Profile['outcomes'][number];
  readonly digest: Digest;
}

/**
 * Executes one program `repeats` times, one execution after the other, and says what it cost.
 *
 * @throws PawlError `USAGE` for a number of repeats outside 2 to `repeatsMax`; `SANDBOX_FAILED` where an execution could not
 * be performed, and whatever else the sandbox throws; the signal's reason
 */
export async function profileProgram(
  sandbox: Sandbox,
  request: ExecutionRequest,
  options: ProfileOptions,
): Promise<Profile> {
  const [profile] = await profilePrograms(sandbox, [request], options);
  if (profile === undefined) throw new PawlError('INTERNAL', 'One program has one profile.');
  return profile;
}

/**
 * The same for programs that are to be compared: they take turns, forwards and backwards (A B, B A, A B …), so that a machine
 * that becomes slower meanwhile does so for all of them. Throws like `profileProgram`.
 */
export async function profilePrograms(
  sandbox: Sandbox,
  requests: readonly ExecutionRequest[],
  options: ProfileOptions,
): Promise<readonly Profile[]> {
  const { repeats, counter, signal } = options;
  if (!Number.isSafeInteger(repeats) || repeats <= warmUps || repeats > repeatsMax) {
    const message = `A profile takes ${warmUps + 1} to ${repeatsMax} repeats, the first of which does not count; not ${repeats}.`;
    throw new PawlError('USAGE', message, { context: { repeats } });
  }
  const samples: Sample[][] = requests.map(() => []);
  for (let round = 0; round < repeats; round += 1) {
    const order = [...requests.entries()];
    for (const [index, request] of round % 2 === 0 ? order : order.reverse()) {
      signal.throwIfAborted();
      samples[index]?.push(sampleOf(await sandbox.execute(request, signal)));
      options.onExecution();
    }
  }
  const reasons = await reasonsOf(counter);
  return Promise.all(
    requests.map(async ({ language }, index) => {
      const all = samples[index] ?? [];
      const counted = all.slice(warmUps);
      return {
        fingerprint: await sandbox.fingerprint(language),
        repeats: counted.length,
        warmUps,
        outcomes: [...new Set(all.map(({ outcome }) => outcome))],
        sameResults: new Set(all.map(({ digest }) => digest)).size === 1,
        metrics: metrics.map((metric, position) =>
          metricProfile(
            metric,
            counted.map(({ values }) => values[position]),
            reasons(metric.name),
          ),
        ),
      };
    }),
  );
}

function sampleOf(execution: Execution): Sample {
  const { result } = execution;
  if (result.outcome === 'sandbox_error') {
    const message = `The program could not be executed: ${result.error?.message ?? 'the sandbox failed'}.`;
    throw new PawlError('SANDBOX_FAILED', message, { context: { type: result.error?.type ?? null } });
  }
  const values = metrics.map((metric) => metric.read(execution));
  return { values, outcome: result.outcome, digest: digestOf(result) };
}

async function reasonsOf(counter: PerfCounter | null): Promise<(name: MetricName) => string> {
  const lacking = await counter?.lacking();
  return (name) => {
    if (name !== 'instructions' && name !== 'syscalls') return 'this sandbox does not count it';
    return lacking === undefined
      ? 'this sandbox was given no counter'
      : (lacking[name] ?? 'this sandbox does not count it');
  };
}
