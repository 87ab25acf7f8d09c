import type { Digest } from '../../kernel/brand.ts';

/** What each kind of problem speaks against: that nothing was altered, that nothing is missing. */
export const problemTable = {
  LEAF_MISMATCH: { altered: true, missing: false },
  POSITION_GAP: { altered: false, missing: true },
  REVISION_GAP: { altered: true, missing: true },
  ENVELOPE_MISMATCH: { altered: true, missing: false },
  RECORD_INVALID: { altered: true, missing: false },
  NOT_CANONICAL: { altered: true, missing: false },
  TREE_MISMATCH: { altered: true, missing: false },
  HEAD_MISMATCH: { altered: false, missing: true },
  INDEX_MISMATCH: { altered: true, missing: false },
  SCHEMA_MISMATCH: { altered: true, missing: false },
  BLOB_MISSING: { altered: false, missing: true },
  BLOB_DAMAGED: { altered: true, missing: false },
  /** Marked as erased without an event that says who did it and why. */
  ERASURE_UNEXPLAINED: { altered: false, missing: true },
  /** An event says it was erased, and its bytes are still there. */
  ERASURE_UNDONE: { altered: true, missing: false },
  CHECKPOINT_MISMATCH: { altered: true, missing: false },
  CHECKPOINT_INVALID: { altered: true, missing: false },
  /** A checkpoint covers more records than there are. */
  CHECKPOINT_AHEAD: { altered: false, missing: true },
  /** A checkpoint that the ledger's key signed is known outside, and its record is not in the ledger any more. */
  CHECKPOINT_DROPPED: { altered: false, missing: true },
  /** The ledger is not the one that a checkpoint from outside is of. */
  OTHER_LEDGER: { altered: true, missing: true },
  KEY_NOT_TRUSTED: { altered: true, missing: true },
  TILES_DIFFER: { altered: true, missing: false },
  /** A rule of improvement does not allow it; the history is what was written, and what was written should not have been. */
  RULE_BROKEN: { altered: false, missing: false },
  /** Its own evidence does not come to what was decided. */
  DECISION_DIFFERS: { altered: false, missing: false },
  SNAPSHOT_DIFFERS: { altered: true, missing: false },
  UNREADABLE: { altered: true, missing: true },
} as const satisfies Record<string, { readonly altered: boolean; readonly missing: boolean }>;

export type ProblemCode = keyof typeof problemTable;

/** One thing that is wrong: where (a record's position, a blob's digest, or neither for the tree), and what. */
export interface Problem {
  readonly position: number | null;
  readonly digest: Digest | null;
  readonly code: ProblemCode;
  readonly message: string;
}

/** Problems as they are found: all are counted, and the first of them kept, so that a ruined ledger costs no memory. */
export class ProblemList {
  readonly #max: number;
  readonly #kept: Problem[] = [];
  readonly #codes = new Set<ProblemCode>();
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(problem: Problem): void {
    this.#count += 1;
    this.#codes.add(problem.code);
    if (this.#kept.length < this.#max) this.#kept.push(problem);
  }

  at(position: number | null, code: ProblemCode, message: string): void {
    this.add({ position, digest: null, code, message });
  }

  /** Takes over what was found elsewhere, also what was only counted there. */
  take({ problems, problemCount, codes }: FoundProblems): void {
    for (const problem of problems) this.add(problem);
    this.#count += problemCount - problems.length;
    for (const code of codes) this.#codes.add(code);
  }

  found(): FoundProblems {
    return { problems: this.#kept, problemCount: this.#count, codes: [...this.#codes] };
  }

  /** Whether anything found speaks against a claim. */
  speaksAgainst(claim: 'altered' | 'missing'): boolean {
    return [...this.#codes].some((code) => problemTable[code][claim]);
  }
}

export interface FoundProblems {
  readonly problems: readonly Problem[];
  /** All that were found, also those that were not kept. */
  readonly problemCount: number;
  readonly codes: readonly ProblemCode[];
}
