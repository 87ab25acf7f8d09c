import type { PawlEvent } from '../../events/catalogue.ts';
import type { Standing } from './examine/settle-proposal.ts';
import type { FailureTaxonomy } from './failures/failure-taxonomy.ts';
import type { ImprovementStep } from './next-step.ts';
import type { Proposer } from './proposers/proposer.ts';

/** What a sitting works with. A sitting that was stopped goes on with the number of proposals and the seed it began with. */
export interface SittingOptions {
  readonly proposals: number;
  readonly seed: string;
  /** For a sitting that goes on, those that it began with. */
  readonly proposers: readonly Proposer[];
  readonly taxonomy: FailureTaxonomy;
}

/** What may be watched while it goes on. */
export interface ImproveWatch {
  /** The loop is about to do this. */
  onStep(step: ImprovementStep): void;
  /** This was written to the line by the loop itself. */
  onEvent(event: PawlEvent): void;
  /** A proposal came to its end, or waits for people. */
  onStanding(proposal: string, standing: Standing): void;
}

/** How a sitting ended, or why it stopped. */
export interface ImproveOutcome {
  readonly status: 'finished' | 'paused';
  readonly reason: 'proposals' | 'nothing_to_propose' | 'held_out_exhausted' | 'interrupted' | 'approval';
}
