import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { SlotContents } from '../../src/events/slots.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';

/** Events of a line of improvement with what a projection looks at; everything else is the same each time. */
export const line = 'improvement-starter';
export const hash = (letter: string): Digest => letter.repeat(64) as Digest;
export const ids = { a: `01JD${'0'.repeat(21)}1`, b: `01JD${'0'.repeat(21)}2` } as const;

const ref = (letter: string) => ({ digest: hash(letter), bytes: 2 });
const event = (type: PawlEvent['type'], data: object): PawlEvent => ({ type, data }) as PawlEvent;

export const configuration = (slots: SlotContents): Digest => digestOf(slots);

export const opened = event('ImprovementOpened', {
  ...{ name: 'starter', suite: hash('0'), suiteName: 'starter', suiteSpec: 'starter', author: 'person:ada' },
});

export const registered = (gate: string) =>
  event('GateRegistered', {
    ...{ gate: hash(gate), definition: {}, replaces: null, proposal: null, author: 'person:ada' },
  });

export const installed = (slot: string, champion: string) =>
  event('ChampionInstalled', {
    ...{
      slot,
      champion: hash(champion),
      content: ref(champion),
      reason: 'It is there.',
      author: 'person:ada',
    },
  });

export const proposed = (proposal: string, challenger: string, parent: string) =>
  event('ChangeProposed', {
    ...{
      proposal,
      slot: 'generator',
      challenger: hash(challenger),
      content: ref(challenger),
      parent: hash(parent),
    },
    ...{ author: 'tuner', hypothesis: 'It solves more.', targetFailure: 'timeout', predictedGain: 0.1 },
    ...{ falsifiedBy: 'No gain.', usage: { inputTokens: 0, outputTokens: 0 } },
  });

export const failed = (proposal: string) =>
  event('ProposalFailed', {
    ...{
      proposal,
      kind: 'crash',
      error: { code: 'PROPOSER_FAILED', message: 'It fell over.', retryable: false },
    },
  });

export const gateOpened = (proposal: string, challenger: string, slots: SlotContents) =>
  event('GateOpened', {
    ...{
      proposal,
      gate: hash('9'),
      slot: 'generator',
      challenger: hash(challenger),
      parent: hash('b'),
      slots,
    },
    ...{ configuration: configuration(slots), working: hash('7'), certified: hash('8') },
  });

export const checked = (proposal: string, check: string, verdict: string, sealed: boolean) =>
  event('CheckFinished', {
    ...{ proposal, gate: hash('9'), check, kind: check, verdict, method: null, level: null, statistic: null },
    ...{ items: 0, evidence: ref('6'), outcomes: null, budgetBefore: null, budgetAfter: null, sealed },
    sentence: sealed ? 'On 88 held-out items it scores 61 %.' : 'It is a change.',
  });

export interface Decided {
  readonly verdict: 'promote' | 'discard' | 'inconclusive';
  readonly keep: boolean;
  readonly symbol: 'promote' | 'discard' | null;
}

export const decided = (proposal: string, slots: SlotContents, { verdict, keep, symbol }: Decided) =>
  event('GateDecided', {
    ...{ proposal, gate: hash('9'), challenger: slots.generator, configuration: configuration(slots) },
    ...{ verdict, keep, symbol, epoch: symbol === null ? null : 1, budgetBefore: null, budgetAfter: null },
    ...{ decidedBy: 'heldout', sentence: 'So it is.' },
  });

export const promoted = (
  proposal: string,
  track: 'working' | 'certified',
  slots: SlotContents,
  replaces: SlotContents,
) =>
  event('ChallengerPromoted', {
    ...{ proposal, track, challenger: slots.generator, configuration: configuration(slots), slots },
    ...{ replaces: configuration(replaces), sentence: 'It is better.' },
  });

export const approved = (proposal: string, by: string) =>
  event('ApprovalGiven', { proposal, by, challenger: hash('c'), comment: '' });

export const discarded = (proposal: string) =>
  event('ChallengerDiscarded', { proposal, challenger: hash('c'), sentence: 'It is not better.' });

export const rolledBack = (from: string, to: string) =>
  event('ChampionRolledBack', {
    ...{ slot: 'generator', from: hash(from), to: hash(to), reason: 'It misbehaves.', by: 'person:ada' },
  });
