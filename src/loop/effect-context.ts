import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { EpisodeEvent } from '../events/episode.ts';
import type { Generator } from '../generators/generator.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HiddenTests } from '../tasks/hidden-tests.ts';
import type { Contents } from './contents.ts';

/** The ports and contents that effects are performed with. */
export interface EffectContext {
  readonly generator: Generator;
  readonly sandbox: Sandbox;
  readonly contents: Contents;
  readonly hidden: HiddenTests;
  readonly clock: Clock;
}

/** Real time since an effect began, milliseconds to three decimals. */
export type Elapsed = () => { readonly wallMs: number };

/** The call of a port, with everything it needs at hand; gives the event that records what it returned. */
export type PreparedEffect = (signal: AbortSignal, elapsed: Elapsed) => Promise<EpisodeEvent>;
