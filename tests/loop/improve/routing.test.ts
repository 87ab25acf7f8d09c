import { describe, expect, it } from 'vitest';
import { type Governance, initialGovernance } from '../../../gates/governance/governance.ts';
import { newProposal } from '../../../gates/governance/new-proposal.ts';
import type { SlotKind } from '../../../src/events/slots.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { initialLineMemory, type LineMemory } from '../../../src/loop/improve/line-memory.ts';
import { route } from '../../../src/loop/improve/routing.ts';

const tuner = { name: 'tuner', version: 1, slots: ['strategy', 'generator'] as SlotKind[] };
const held = { strategy: sha256Hex('strategy'), generator: sha256Hex('generator') };
const frequent = [
  { name: 'wrong-answer', count: 6 },
  { name: 'over-accepted', count: 4 },
];

function line(): { state: Governance; memory: LineMemory } {
  const state = initialGovernance();
  Object.assign(state.working, held);
  return { state, memory: initialLineMemory() };
}

type Outcome = 'promoted' | 'kept' | 'discarded' | 'failed';

/** A proposal that was asked for and came to an end. */
function tried(
  { state, memory }: ReturnType<typeof line>,
  slot: SlotKind,
  target: string,
  outcome: Outcome,
  by = 'tuner',
) {
  const id = `proposal ${state.proposalCount}`;
  const proposal = newProposal(id, state.proposalCount, slot, target);
  state.proposals[id] = proposal;
  state.proposalCount += 1;
  const proposer = { name: by, version: 1 };
  const view = { digest: sha256Hex('view'), bytes: 4 };
  memory.requests[id] = { proposal: id, slot, targetFailure: target, proposer, seed: '', view };
  if (outcome === 'failed') proposal.failed = { kind: 'crash', message: '' };
  else {
    const verdict = outcome === 'promoted' ? 'promote' : 'discard';
    proposal.decision = {
      ...{
        verdict,
        keep: outcome !== 'discarded',
        symbol: null,
        sentence: '',
        decidedBy: 'dev',
        revision: 0,
      },
    };
  }
}

const told = ({ state, memory }: ReturnType<typeof line>, classes = frequent, proposers = [tuner]) => {
  const found = route(state, memory, classes, proposers);
  return found === null ? null : `${found.targetFailure} ${found.slot} ${found.proposer.name}`;
};

describe('routing', () => {
  it('begins with the most frequent class and the slot that stands first for it', () => {
    expect(told(line())).toBe('wrong-answer generator tuner');
  });

  it('gives classes turns in proportion to how often they occur', () => {
    const given = line();
    const order: (string | null)[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      const next = route(given.state, given.memory, frequent, [tuner]);
      order.push(next === null ? null : `${next.targetFailure} ${next.slot}`);
      if (next !== null) tried(given, next.slot, next.targetFailure, 'discarded');
    }
    expect(order).toEqual([
      'wrong-answer generator',
      'wrong-answer strategy',
      'over-accepted strategy',
      'over-accepted generator',
      'wrong-answer generator',
      'wrong-answer strategy',
      'wrong-answer generator',
      'wrong-answer strategy',
      'over-accepted strategy',
      'over-accepted generator',
    ]);
  });

  it('goes back to what has worked, and more to what was promoted than to what was kept', () => {
    const given = line();
    tried(given, 'generator', 'wrong-answer', 'kept');
    tried(given, 'strategy', 'wrong-answer', 'promoted');
    expect(told(given)).toBe('wrong-answer strategy tuner');
    tried(given, 'strategy', 'wrong-answer', 'failed');
    tried(given, 'strategy', 'wrong-answer', 'failed');
    expect(told(given)).toBe('wrong-answer generator tuner');
  });

  it('lets several proposers for a slot take turns', () => {
    const given = line();
    const other = { name: 'program:own', version: 1, slots: ['generator'] as SlotKind[] };
    const classes = [{ name: 'wrong-answer', count: 1 }];
    const onlyGenerator = [{ ...tuner, slots: ['generator'] as SlotKind[] }, other];
    expect(told(given, classes, onlyGenerator)).toBe('wrong-answer generator tuner');
    tried(given, 'generator', 'wrong-answer', 'discarded');
    expect(told(given, classes, onlyGenerator)).toBe('wrong-answer generator program:own');
    tried(given, 'generator', 'wrong-answer', 'discarded', 'program:own');
    expect(told(given, classes, onlyGenerator)).toBe('wrong-answer generator tuner');
  });

  it('asks nobody who has nothing left, for no empty slot, and against no fault of ours', () => {
    const given = line();
    expect(told(given, [{ name: 'ungraded', count: 9 }])).toBeNull();
    given.memory.exhausted = [{ slot: 'generator', proposer: 'tuner' }];
    expect(told(given)).toBe('wrong-answer strategy tuner');
    given.memory.exhausted = [...given.memory.exhausted, { slot: 'strategy', proposer: 'tuner' }];
    expect(told(given)).toBeNull();
    const writer = { name: 'writer', version: 1, slots: ['prompt'] as SlotKind[] };
    expect(told(line(), frequent, [writer])).toBeNull();
    expect(told(line(), [])).toBeNull();
  });

  it('knows what to do with a class that only a taxonomy of one’s own has', () => {
    expect(told(line(), [{ name: 'off-by-one', count: 3 }])).toBe('off-by-one strategy tuner');
  });
});
