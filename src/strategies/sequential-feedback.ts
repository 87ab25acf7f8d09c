import { feedbackChain } from './feedback-chain.ts';

/**
 * Candidate n+1 is conditioned on the execution of candidate n: every failing test with its input, the expected and the
 * actual value (execution-feedback refinement as in RLEF, Gehring et al. 2024, arXiv 2410.02089, inference only).
 */
export const sequentialFeedback = feedbackChain({
  name: 'sequential-feedback',
  summary: 'refine candidate after candidate on the execution feedback of the last',
  level: 'full',
});
