import type { ExecutionResult } from '../events/execution-result.ts';
import type { GeneratorRef } from '../events/run.ts';
import type { TaskView } from '../events/task-view.ts';
import type { Digest } from '../kernel/brand.ts';

/** What a generator is told about an earlier candidate. */
export interface GeneratorTurn {
  readonly candidate: Digest;
  readonly program: string;
  readonly feedback: GeneratorFeedback | null;
}

/** What a generator is told about how an earlier candidate did. */
export interface GeneratorFeedback {
  /** As a reader or a language model gets it. */
  readonly text: string;
  /** The public execution behind it; null where the strategy withholds it (it said only "wrong"). */
  readonly execution: ExecutionResult | null;
}

/** Everything a generator may condition on. Equal requests give equal candidates where the generator is deterministic. */
export interface GenerationRequest {
  readonly task: TaskView;
  /** Fresh for every request: derived from the episode's seed and the effect's key, without the attempt. */
  readonly seed: string;
  /** Seed of the whole episode, for generators that walk one order over all requests of an episode. */
  readonly episodeSeed: string;
  /** How many candidates the generator has been asked for in this episode before this one. */
  readonly sample: number;
  readonly parent: Digest | null;
  /** The recorded prompt: what a language model is told, word for word. It says what the rest says, as text. */
  readonly prompt: string;
  /** Oldest first. Empty when the strategy asks for an independent candidate. */
  readonly dialogue: readonly GeneratorTurn[];
}

/** One proposed program and what it took to write it. */
export interface GeneratedCandidate {
  readonly program: string;
  /** All that a model answered, word for word, where the program is a part of it. */
  readonly completion?: string;
  /**
   * The candidate it was made from, where the generator chose another than the one it was asked to go on from. Recorded as
   * the parent when the episode knows it.
   */
  readonly parent?: Digest;
  /** What was done, in one line of at most 500 characters, for example `line 3: < became <=`. */
  readonly note: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/**
 * Writes candidates. Throws `GENERATOR_EXHAUSTED` (terminal) when it has none left, `GENERATOR_UNSUITABLE` for tasks it
 * cannot work on, `GENERATOR_FAILED` for what a retry may mend.
 */
export interface Generator {
  readonly ref: GeneratorRef;
  generate(request: GenerationRequest, signal: AbortSignal): Promise<GeneratedCandidate>;
  close(): Promise<void>;
}
