/** How often a taker that waits looks for what others have done, and for workers that fell silent. */
export const lookMs = 50;

/** A worker that holds nothing and was not heard of for so long, by the clock of whoever notices, is no longer listed. */
export const pulseKeptMs = 600_000;
