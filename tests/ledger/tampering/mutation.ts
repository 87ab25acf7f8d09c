import type { Random } from '../../../src/kernel/random.ts';
import type { LedgerUnderTest } from './ledger-under-test.ts';

/** What a verifier has to know to find a mutation: nothing but the file, the key, or a checkpoint that was kept. */
export type Needs = 'nothing' | 'key' | 'checkpoint';

/** What was done to a copy. */
export interface Done {
  readonly what: string;
  /** Position of the first record that is wrong, where it is known. */
  readonly first?: number;
}

/** One way to tamper with a ledger. */
export interface Mutation {
  readonly name: string;
  readonly needs: Needs;
  /** Changes the copy at `path`; null when it came to nothing this time. */
  readonly apply: (
    path: string,
    random: Random,
    ledger: LedgerUnderTest,
  ) => Done | null | Promise<Done | null>;
}
