import { describe, expect, it } from 'vitest';
import {
  alphaLeft,
  alphaText,
  changeText,
  outcomeText,
  promiseText,
  proposalLine,
  proposalsTable,
} from '../../src/cli/improve-story.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { contractFor, sit, ToyProposer } from '../support/toy-improvement.ts';
import { openToyLine, toyGate } from '../support/toy-line.ts';

/** Four proposals: a crash, a discard on dev, a promotion, and one that is kept. */
async function judged() {
  const services = toyGate(openMemoryStore(), 'one');
  const line = await openToyLine(services);
  const skills = [
    '',
    'skill:0',
    'skill:optimize=0.5,dev=0.75,heldout=1',
    'skill:optimize=0.75,dev=1,heldout=1',
  ];
  const proposer = new ToyProposer([], {
    propose: ({ past }) => {
      if (past.length === 0) throw new Error('out of ideas\nat line 3');
      return contractFor(skills[past.length] ?? 'skill:1');
    },
  });
  await sit(line, services, { proposers: [proposer], proposals: 4 });
  return line.state;
}

describe('a sitting is told', () => {
  it('by what was changed, what came of it, and what is left of alpha', async () => {
    const state = await judged();
    const proposals = Object.values(state.proposals);
    expect(proposals.map(outcomeText)).toEqual([
      ...['the proposer crashed', 'discarded', 'promoted', 'kept to work on'],
    ]);
    expect(proposals.slice(0, 2).map(changeText)).toEqual([
      'generator: out of ideas',
      'generator: It has skill:0. [against wrong-answer]',
    ]);
    const [, discarded] = proposals;
    if (discarded === undefined) throw new Error('a proposal');
    const left = alphaLeft(state);
    expect(left).toMatchObject({ tests: state.epoch?.symbols.length });
    expect(proposalLine(state, discarded, 'On dev it is worse.')).toBe(
      [
        '  2. generator: It has skill:0. [against wrong-answer]',
        '      On dev it is worse.',
        '      The check "dev" blocked it. No held-out item was read.',
        `      → discarded; alpha left ${left?.budget.toFixed(4)}, next test at ${left?.level.toFixed(4)}`,
      ].join('\n'),
    );
  });

  it('by a table of its proposals, from the one that is named on', async () => {
    const state = await judged();
    const rows = proposalsTable(state, 2).split('\n');
    expect(rows.length).toBe(4);
    expect(rows[2]).toMatch(/^3 +generator: It has skill:optimize=0\.5.* +\+0\.100 +promote +promoted$/);
  });

  it('with no more of a promise than the policy keeps, and no level where nothing can be tested', () => {
    expect(promiseText({ policy: 'certified', alpha: '1/20' })).toBe(
      'at most 1/20 chance of any false promotion',
    );
    expect(promiseText({ policy: 'explore', alpha: '1/20' })).toBe(
      'it aims at a false discovery rate of 1/20, without a guarantee',
    );
    expect(alphaText({ budget: 1 / 60, level: 1 / 180, tests: 1 })).toBe(
      'Alpha ledger: 1 held-out test so far, 0.01667 left; the next test is at level 0.00556.',
    );
    expect(alphaText({ budget: 1 / 60, level: 0, tests: 2 })).toBe(
      'Alpha ledger: 2 held-out tests so far, 0.01667 left; nothing more can be tested on these items.',
    );
  });
});
