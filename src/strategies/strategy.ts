import type { z } from 'zod';
import type { EpisodeEvent, FeedbackLevel } from '../events/episode.ts';
import type { EffectKey } from '../events/shapes.ts';
import type { TaskView } from '../events/task-view.ts';
import type { Digest } from '../kernel/brand.ts';
import type { JsonObject } from '../kernel/json.ts';

/** A turn the generator is shown: an earlier candidate, and the feedback on it when there is any. */
export interface DialogueTurn {
  readonly candidate: Digest;
  /** Digest of the feedback text, null when the candidate is shown without feedback. */
  readonly feedback: Digest | null;
}

/** Effects as data. The runtime performs them and appends what came of them. */
export type Command =
  /** Take the program the task hands out as a candidate. */
  | { readonly kind: 'adopt' }
  /** Ask the generator for `count` candidates conditioned on the dialogue, oldest turn first. */
  | {
      readonly kind: 'generate';
      readonly count: number;
      readonly parent: Digest | null;
      readonly dialogue: readonly DialogueTurn[];
    }
  /** Run a candidate against the public tests. */
  | { readonly kind: 'execute'; readonly candidate: Digest }
  /** Score a candidate by one of its executions. */
  | { readonly kind: 'score'; readonly candidate: Digest; readonly execution: EffectKey }
  /** Turn an execution into what the next generation is told. */
  | {
      readonly kind: 'compose-feedback';
      readonly candidate: Digest;
      readonly execution: EffectKey;
      readonly level: FeedbackLevel;
    }
  /** End the search with this answer. */
  | {
      readonly kind: 'finish';
      readonly candidate: Digest | null;
      readonly publicPass: boolean;
      readonly reason:
        | 'public_pass'
        | 'best_score'
        | 'budget'
        | 'generator_exhausted'
        | 'generator_failed'
        | 'no_candidate';
    };

/**
 * The pure rule that decides what to do next in an episode. `decide` depends on the state alone: the same state always
 * gives the same commands, and it gives only commands that have not been issued yet.
 */
export interface Strategy<State, Params extends JsonObject> {
  readonly name: string;
  readonly version: number;
  /** One line for help texts. */
  readonly summary: string;
  /** Validates parameters and fills in defaults. */
  readonly params: z.ZodType<Params>;
  initialState(task: TaskView, params: Params, seed: string): State;
  evolve(state: State, event: EpisodeEvent): State;
  decide(state: State): readonly Command[];
}

/** A strategy whose types are known only to itself. */
// biome-ignore lint/suspicious/noExplicitAny: existential types need it; the registry is the only user.
export type AnyStrategy = Strategy<any, any>;
