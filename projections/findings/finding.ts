import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import type { EpisodeTrail } from './episode-trail.ts';
import type { ProgramSketch } from './program-sketch.ts';
import type { RunTrail, TrailState } from './trail.ts';

/** An event that proves something. */
export interface Evidence {
  readonly stream: StreamName;
  readonly revision: number;
}

/** One instance of a finding: what it is about (a task, an arm), and the events that prove it. */
export interface FindingCase {
  readonly about: string;
  readonly evidence: readonly Evidence[];
}

/** What came of looking: `count` of `of`, whatever a finding counts; nothing was found when `count` is 0. */
export interface Found {
  readonly count: number;
  /** The denominator: all that could have been counted. */
  readonly of: number;
  /** The figures in one sentence. */
  readonly message: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly cases: readonly FindingCase[];
}

export interface AuditedEpisode {
  readonly stream: StreamName;
  readonly trail: EpisodeTrail;
}

export interface AuditedRun {
  readonly run: StreamName;
  readonly trail: RunTrail;
  /** Those that have begun, in the order in which they were scheduled. */
  readonly episodes: readonly AuditedEpisode[];
}

/** Sketches of the programs by their digest; without those whose bytes are gone. */
export type Sketches = ReadonlyMap<Digest, ProgramSketch>;

/** Something a reviewer would look for. Pure: the same trail gives the same finding. */
export interface Finding {
  readonly name: string;
  /** Another rule for the same history is another version. */
  readonly version: number;
  readonly level: 'note' | 'warning' | 'problem';
  /** What was found where something was, in one line. */
  readonly title: string;
  /** Whether it is looked for in each run, or among runs that are compared. */
  readonly scope: 'run' | 'arms';
  /** For the scope `run`, one run is given. */
  find(arms: readonly AuditedRun[], sketches: Sketches): Found;
}

/** The runs of a folded trail, for findings to look at. */
export function auditedRun(state: TrailState, run: StreamName): AuditedRun | null {
  const trail = state.runs[run];
  if (trail === undefined) return null;
  const episodes = trail.scheduled.flatMap(({ episode }): readonly AuditedEpisode[] => {
    const known = state.episodes[episode];
    return known === undefined ? [] : [{ stream: episode, trail: known }];
  });
  return { run, trail, episodes };
}

/** `part of whole (12.3 %)`. */
export function shareText(part: number, whole: number): string {
  return `${part} of ${whole}${whole === 0 ? '' : ` (${((100 * part) / whole).toFixed(1)} %)`}`;
}
