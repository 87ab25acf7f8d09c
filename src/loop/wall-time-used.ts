/** When a session began, and how long it took where it said so at its end. */
export interface SessionTime {
  readonly at: number;
  readonly wallMs: number | null;
}

/**
 * Milliseconds that a run's sessions have worked. A session that was killed could not say how long it took; it counts up to
 * its last event, and the first session from its first event, so that a run is not charged for the time it lay idle or
 * waited for its turn behind others.
 *
 * @param eventTimes `at` of every event of the run's episodes, in any order
 */
export function wallTimeUsed(sessions: readonly SessionTime[], eventTimes: Iterable<number>): number {
  const spans = sessions.map(({ at }, index) => ({
    first: index === 0 ? Number.POSITIVE_INFINITY : at,
    last: Number.NEGATIVE_INFINITY,
  }));
  for (const at of eventTimes) {
    // An event before the first session (the clock was set back) belongs to the first.
    const index = Math.max(
      0,
      sessions.findLastIndex((session) => session.at <= at),
    );
    const span = spans[index];
    if (span === undefined) continue;
    span.first = Math.min(span.first, at);
    span.last = Math.max(span.last, at);
  }
  return sessions.reduce((sum, { wallMs }, index) => {
    const { first, last } = spans[index] as { first: number; last: number };
    return sum + (wallMs ?? Math.max(0, last - first));
  }, 0);
}
