import { feedbackChain } from './feedback-chain.ts';

/**
 * The same chain, told only that the last candidate was wrong: the control arm that shows what the content of feedback is
 * worth (unary feedback as in UFO, Liu et al. 2025, "A simple 'try again'", inference only).
 */
export const unaryRetry = feedbackChain({
  name: 'unary-retry',
  summary: 'the same chain told only "wrong": the control arm',
  level: 'verdict',
});
