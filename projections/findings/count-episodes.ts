import type { AuditedEpisode, AuditedRun, Evidence, FindingCase, Found } from './finding.ts';

/** What one episode has to say to a finding: nothing, that it was looked at, or that it is a case, proved by these revisions. */
export type Look = 'not concerned' | 'looked at' | readonly number[];

/**
 * The common form of a finding: episode by episode, some are concerned, and some of those are cases.
 *
 * @param message from the number of cases and of episodes concerned
 */
export function countEpisodes(
  arms: readonly AuditedRun[],
  look: (episode: AuditedEpisode) => Look,
  message: (count: number, of: number) => string,
): Found {
  const cases: FindingCase[] = [];
  let of = 0;
  for (const episode of arms.flatMap(({ episodes }) => episodes)) {
    const seen = look(episode);
    if (seen === 'not concerned') continue;
    of += 1;
    if (seen === 'looked at') continue;
    const { stream, trail } = episode;
    const evidence = seen.map((revision): Evidence => ({ stream, revision }));
    cases.push({ about: trail.task, evidence });
  }
  return { count: cases.length, of, message: message(cases.length, of), figures: {}, cases };
}
