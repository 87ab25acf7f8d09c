import type { Fingerprint, GeneratorRef } from '../events/run.ts';
import type { Generator } from '../generators/generator.ts';
import type { StreamName } from '../kernel/brand.ts';
import { digestOf } from '../kernel/digest.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type InOrderOptions, inOrder } from './in-order.ts';
import { type Regenerated, regenerateEpisode } from './regenerate-episode.ts';
import { episodesOf, type RerunScope } from './rerun-episodes.ts';
import type { RerunExecutor } from './rerun-executor.ts';
import { readRunState } from './run-state.ts';

/** What asking generators again works with. */
export interface RegenerateServices extends InOrderOptions {
  /** What executes what a run began with these interpreters would execute. */
  readonly executorFor: (recorded: readonly Fingerprint[]) => Promise<RerunExecutor>;
  /** Makes the generator that a run names. */
  readonly createGenerator: (spec: string) => Promise<Generator>;
}

/** The answers of one run's generator, asked again. */
export interface RunRegenerated {
  readonly run: StreamName;
  readonly recorded: GeneratorRef;
  /** Null where it could not be made; `remark` says why. */
  readonly here: GeneratorRef | null;
  /** Whether it is, to the last parameter, the generator that the run recorded. */
  readonly sameGenerator: boolean;
  readonly answers: readonly Regenerated[];
  readonly remark: string;
}

/**
 * Asks the generators of runs again, run by run. Runs of other tools are left out: they record no request that could be made
 * again.
 *
 * @throws PawlError `RUN_NOT_FOUND`; the abort signal's reason
 */
export async function* regenerateRuns(
  ledger: Ledger,
  scopes: readonly RerunScope[],
  services: RegenerateServices,
): AsyncGenerator<RunRegenerated> {
  for (const scope of scopes) {
    if (scope.episodes.length === 0) continue;
    const { run, started } = await readRunState(ledger, scope.run);
    if (started.imported !== null) continue;
    const base = { run, recorded: started.generator };
    const generator = await generatorOrReason(started.generatorSpec, services);
    if (typeof generator === 'string') {
      yield { ...base, here: null, sameGenerator: false, answers: [], remark: generator };
      continue;
    }
    try {
      const { executorFor, signals } = services;
      const executor = await executorFor(started.sandbox);
      const context = { generator, executor, abort: signals.abort };
      const answers: Regenerated[] = [];
      const work = ({ episode }: { readonly episode: StreamName }) =>
        regenerateEpisode(ledger, episode, context);
      for await (const some of inOrder(episodesOf(ledger, [scope]), services, work)) answers.push(...some);
      const sameGenerator = digestOf(generator.ref) === digestOf(started.generator);
      yield { ...base, here: generator.ref, sameGenerator, answers, remark: '' };
    } finally {
      await generator.close();
    }
  }
}

/** A generator whose files or service are gone is no failure of the run. */
async function generatorOrReason(
  spec: string,
  { createGenerator }: RegenerateServices,
): Promise<Generator | string> {
  try {
    return await createGenerator(spec);
  } catch (error) {
    if (isPawlError(error)) return `${spec} cannot be asked again: ${error.message}`;
    throw error;
  }
}
