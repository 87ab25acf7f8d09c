import type { Program } from './latent-model.ts';

/** What a gate did with one candidate. */
export interface Verdict {
  /** Whether the program that candidates start from moves to this candidate. */
  readonly moves: boolean;
  /** The promotion that the gate vouches for, if it made one. */
  readonly promotion: { readonly challenger: Program; readonly champion: Program } | null;
  /** Held-out items that were executed. */
  readonly heldOutItems: number;
  /** The gain that whoever proposes is shown: a score, or 1 and 0 for a bit. */
  readonly told: number;
}

/** A rule that judges one candidate after the other, and keeps what it remembers between them. */
export interface Gate {
  /** What the next candidate is a variation of. */
  base(): Program;
  /** The champion that counts in the end. */
  certified(): Program;
  judge(candidate: Program): Verdict;
}

/** Whether whoever proposes sees the number that a rule was decided on, or the decision alone. */
export type Disclosure = 'score' | 'bit';

export interface GateSetting {
  readonly items: number;
  readonly rounds: number;
  readonly disclosure: Disclosure;
}
