import type { GeneratorRef } from '../../events/run.ts';

/** What identifies a model: who is asked, and every setting that its answers depend on. Never a key. */
export type ModelRef = GeneratorRef;

/** One question to a model. */
export interface ModelRequest {
  /** Said before the prompt, where the role needs it. */
  readonly system?: string;
  readonly prompt: string;
  /** From 0 to 2³¹ − 1. Services that know seeds answer equal requests alike, as far as they can. */
  readonly seed: number;
  /** Most tokens of the answer; the model's own setting where left out. */
  readonly tokensMax?: number;
}

/** What a model answered, and what it took. */
export interface Completion {
  readonly text: string;
  /** As the service counts them; 0 where it does not say. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** `length`: cut off where the tokens ended. `filtered`: withheld by the service. */
  readonly finishReason: 'stop' | 'length' | 'filtered' | 'other';
}

/**
 * A language model: one question, one answer, nothing kept in between, and nothing tried again behind the caller's back.
 * `complete` rejects with `GENERATOR_FAILED` for what another attempt may mend (no connection, no answer in time, a service
 * that is overloaded or answers nonsense), with `MODEL_REFUSED` for what it may not, and with the signal's reason.
 */
export interface LanguageModel {
  readonly ref: ModelRef;
  complete(request: ModelRequest, signal: AbortSignal): Promise<Completion>;
  close(): Promise<void>;
}
