import type { EpisodeSummary } from '../../../projections/episode.ts';
import type { RunEpisode } from '../../../projections/run.ts';

/** What an episode came to, in the words that the product uses everywhere, and the class it is coloured by. */
export interface VerdictWord {
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'open' | 'plain';
}

export function verdictWord(episode: RunEpisode, isHere: boolean): VerdictWord {
  if (!isHere) return { word: 'not in this bundle', tone: 'open' };
  if (episode.status !== 'finished') return { word: episode.status, tone: 'open' };
  if (episode.publicPass && episode.hiddenPass) return { word: 'solved', tone: 'good' };
  if (episode.hiddenPass) return { word: 'solved, though a public test failed', tone: 'good' };
  return episode.publicPass ? { word: 'over-accepted', tone: 'bad' } : { word: 'unsolved', tone: 'plain' };
}

/** A number with thin spaces between its thousands; not left to the machine's language, so that every machine writes the same. */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(0)} %`;
}

const timeMsMax = 8.64e15;

/** UTC to the second. */
export function time(at: number): string {
  if (at > timeMsMax) return `${at} ms after 1970`;
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A limit of a budget. */
export function limit(value: number | null): string {
  return value === null ? 'no limit' : count(value);
}

export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

export function candidateName(episode: EpisodeSummary, digest: string | null): string {
  if (digest === null) return 'none';
  const index = episode.candidates.findIndex(({ candidate }) => candidate === digest);
  return index === -1 ? shortDigest(digest) : `candidate ${index}`;
}
