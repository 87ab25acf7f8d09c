import { parseRational, toNumber } from '../../../../gates/policy/math/rational.ts';
import type { VerdictWord } from '../words.ts';
import type { ProposalModel } from './proposal-model.ts';

/** What became of a proposal, as far as the records go. */
export function standingOf({ proposal, decided }: Pick<ProposalModel, 'proposal' | 'decided'>): VerdictWord {
  const { promoted, discarded, refusedBy } = proposal;
  if (promoted.includes('certified')) return { word: 'promoted', tone: 'good' };
  if (discarded) {
    const word = decided?.data.verdict === 'inconclusive' ? 'left open, and discarded' : 'discarded';
    return { word, tone: 'bad' };
  }
  if (refusedBy !== null) return { word: 'refused by a person', tone: 'bad' };
  if (decided === null) return { word: 'not decided', tone: 'open' };
  if (decided.data.verdict === 'promote') return { word: 'waits for approval', tone: 'open' };
  if (promoted.includes('working')) return { word: 'kept to work on, not certified', tone: 'open' };
  return { word: decided.data.verdict, tone: 'open' };
}

export const verdictTones: Readonly<Record<string, VerdictWord['tone']>> = {
  pass: 'good',
  promote: 'good',
  better: 'good',
  block: 'bad',
  discard: 'bad',
  skip: 'plain',
  not_shown: 'plain',
  inconclusive: 'open',
};

const fractionCharactersMax = 24;

/** A fraction as it is recorded where it is short, and what it comes to. */
export function fraction(text: string): string {
  const value = decimal(toNumber(parseRational(text)));
  return text.length > fractionCharactersMax || !text.includes('/') ? value : `${text} = ${value}`;
}

/** Four significant digits. */
export function decimal(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** What `--redact` or an erasure left out has no number. */
export function orNone(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? '–' : text(value);
}
