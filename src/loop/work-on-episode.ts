import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../events/episode.ts';
import type { Generator } from '../generators/generator.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import { invariant } from '../kernel/pawl-error.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';
import type { Scorer } from '../scorers/scorer.ts';
import { Contents } from './contents.ts';
import { episodeStarted } from './episode-started.ts';
import { openEpisode } from './open-episode.ts';
import type { PromptTemplate } from './prompt-template.ts';
import { readBranch } from './read-branch.ts';
import type { RegisteredTask } from './register-suite.ts';
import { type EpisodePosition, type EpisodeSignals, runEpisode } from './run-episode.ts';
import type { RunData, RunState } from './run-state.ts';

/** What a run is worked on with, as the ledger has it. */
export interface RunContents {
  readonly tasks: ReadonlyMap<string, RegisteredTask>;
  readonly template: PromptTemplate | null;
}

/** What an episode is worked on with, as this process has it. */
export interface EpisodeServices {
  readonly ledger: Ledger;
  readonly writer: WriterContext;
  readonly generator: Generator;
  readonly scorer: Scorer;
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly onEvent: (event: EpisodeEvent, stream: StreamName) => void;
}

/**
 * Brings one episode of a run from where its stream ends to its own end, or to where it is paused. One that has finished is left
 * as it is.
 *
 * @throws PawlError those of `openEpisode` and of the ledger, `WRONG_EXPECTED_REVISION` where somebody else goes on with it; the
 * abort signal's reason
 */
export async function workOnEpisode(
  run: Pick<RunState, 'run' | 'started' | 'granted'>,
  scheduled: RunData<'EpisodeScheduled'>,
  { tasks, template }: RunContents,
  services: EpisodeServices,
  signals: EpisodeSignals,
): Promise<EpisodePosition> {
  const { ledger } = services;
  const { started } = run;
  const opened = await openEpisode(ledger, scheduled.episode, episodeStarted(run, scheduled, tasks));
  const { language } = opened.position.state.view;
  const fingerprint = started.sandbox.find((known) => known.language === language);
  invariant(fingerprint !== undefined, `the run recorded the interpreter for ${language}`);
  const { strategy, hidden } = opened;
  const { forkedFrom } = opened.position.state.started;
  const branch = forkedFrom === null ? null : await readBranch(ledger, forkedFrom);
  const episodeOnly = { fingerprint, strategy, hidden, flags: started.flags, template, branch };
  const context = { ...services, ...episodeOnly, contents: new Contents(ledger) };
  return runEpisode(opened.position, context, signals);
}
