import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../../events/episode.ts';
import type { Fingerprint } from '../../events/run.ts';
import type { Generator } from '../../generators/generator.ts';
import type { StreamName } from '../../kernel/brand.ts';
import { digestOf } from '../../kernel/digest.ts';
import { invariant, PawlError } from '../../kernel/pawl-error.ts';
import type { Scorer } from '../../scorers/scorer.ts';
import { strategyNamed } from '../../strategies/registry.ts';
import { checkedInterpreters } from '../checked-interpreters.ts';
import type { Environment } from '../current-environment.ts';
import { registeredSuite } from '../registered-suite.ts';
import { runPrompt } from '../run-prompt.ts';
import { type RunData, type RunState, readRunState } from '../run-state.ts';
import type { EpisodeServices, RunContents } from '../work-on-episode.ts';
import type { GeneratorFile } from './enqueue-run.ts';
import type { QueueLogServices } from './queue-log.ts';
import type { QueuedRun } from './queue-state.ts';
import { recordEnvironment } from './record-environment.ts';

/** Makes the generator that a specification names, from the files that it is made of. */
export type MakeGenerator = (spec: string, files: readonly GeneratorFile[]) => Promise<Generator>;

export interface RunKitServices extends QueueLogServices {
  readonly sandbox: Sandbox;
  readonly makeGenerator: MakeGenerator;
  readonly scorerNamed: (name: string) => Scorer;
  readonly environment: (sandbox: readonly Fingerprint[]) => Environment;
  readonly onEvent: (event: EpisodeEvent, stream: StreamName) => void;
}

/** All that the episodes of one queued run have in common, made once by a worker that takes part in it. */
export class RunKit {
  readonly run: StreamName;
  readonly episodes: readonly StreamName[];
  readonly contents: RunContents;
  readonly state: RunState;
  readonly #services: RunKitServices;
  readonly #generator: Generator;
  readonly #scorer: Scorer;
  readonly #environment: Environment;
  #recorded: Promise<void> | null = null;

  private constructor(
    state: RunState,
    contents: RunContents,
    generator: Generator,
    environment: Environment,
    services: RunKitServices,
  ) {
    this.run = state.run;
    this.episodes = state.episodes.map(({ episode }) => episode);
    this.state = state;
    this.contents = contents;
    this.#generator = generator;
    this.#environment = environment;
    this.#scorer = scorerOf(state, services.scorerNamed);
    this.#services = services;
  }

  /**
   * @throws PawlError where this build or this machine cannot take part: `ENVIRONMENT_DIFFERS`, `GENERATOR_UNSUITABLE`,
   * `SCORER_NOT_FOUND`, `STRATEGY_NOT_FOUND`, `PROMPT_TEMPLATE_INVALID`, and what making the generator throws; and what the
   * ledger throws
   */
  static async open({ run, files }: QueuedRun, services: RunKitServices): Promise<RunKit> {
    const { ledger, sandbox, makeGenerator, environment } = services;
    const state = await readRunState(ledger, run);
    const { started } = state;
    const interpreters = await checkedInterpreters(started.sandbox, sandbox);
    const contents = {
      tasks: await registeredSuite(ledger, started.suite),
      template: await runPrompt(ledger, started),
    };
    scorerOf(state, services.scorerNamed);
    mustHaveStrategy(state);
    const parts = await Promise.all(
      files.map(async ({ name, content }) => ({ name, bytes: await ledger.getBlob(content.digest) })),
    );
    const generator = await makeGenerator(started.generatorSpec, parts);
    if (digestOf(generator.ref) !== digestOf(started.generator)) {
      await generator.close();
      throw new PawlError(
        'GENERATOR_UNSUITABLE',
        `${started.generatorSpec} is not the generator that ${run} began with: this build has another version of it, or what it is made of was not queued with the run.`,
        { context: { run } },
      );
    }
    return new RunKit(state, contents, generator, environment(interpreters), services);
  }

  get services(): EpisodeServices {
    const { ledger, writer, sandbox, clock, onEvent } = this.#services;
    return { ledger, writer, sandbox, clock, onEvent, generator: this.#generator, scorer: this.#scorer };
  }

  scheduled(episode: StreamName): RunData<'EpisodeScheduled'> {
    const found = this.state.episodes.find((each) => each.episode === episode);
    invariant(found !== undefined, `${this.run} schedules ${episode}`);
    return found;
  }

  /** Before the first episode is worked on here, once. */
  async recordEnvironment(signal: AbortSignal): Promise<void> {
    this.#recorded ??= recordEnvironment(this.run, this.#environment, this.#services, signal);
    try {
      await this.#recorded;
    } catch (error) {
      // Not for good: the next episode tries again.
      this.#recorded = null;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#generator.close();
  }
}

/** A worker of an older or newer build is not to use up the attempts of episodes that it cannot go on with. */
function mustHaveStrategy({ run, started }: RunState): void {
  const { name, version } = strategyNamed(started.strategy.name);
  if (version === started.strategy.version) return;
  throw new PawlError(
    'STRATEGY_NOT_FOUND',
    `${run} follows ${name} version ${started.strategy.version}; this build has version ${version}. Work on it with the build it began with.`,
    { context: { run } },
  );
}

function scorerOf({ run, started }: RunState, scorerNamed: RunKitServices['scorerNamed']): Scorer {
  const scorer = scorerNamed(started.scorer.name);
  if (scorer.version === started.scorer.version) return scorer;
  throw new PawlError(
    'SCORER_NOT_FOUND',
    `${run} scores with ${scorer.name} version ${started.scorer.version}; this build has version ${scorer.version}. Work on it with the build it began with.`,
    { context: { run } },
  );
}
