import { describe, expect, it } from 'vitest';
import type { GateDefinition } from '../../../gates/definition/gate-definition.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { approve, refuseProposal } from '../../../src/loop/improve/examine/approve.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import { proposeGate } from '../../../src/loop/improve/examine/propose-gate.ts';
import { withHeldOut } from '../../../src/loop/improve/examine/with-held-out.ts';
import { forkLine } from '../../../src/loop/improve/fork-line.ts';
import type { ImprovementLine } from '../../../src/loop/improve/improvement-line.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { neverStops } from '../../support/toy-improvement.ts';
import {
  openToyLine,
  proposeContent,
  reopen,
  skilled,
  type ToyGate,
  toyGate,
} from '../../support/toy-line.ts';

const writer = { actor: 'test', correlation: 'test' };

async function usedUp() {
  const services = toyGate(openMemoryStore(), 'one');
  const line = await openToyLine(services, { gate: { policy: 'fresh-shard', tests: 3 } });
  const content = skilled('skill:1');
  const id = await proposeContent(line, services, { content });
  expect(await examine(line, services, id, neverStops)).toBe('promoted');
  expect(line.state.epoch?.exhausted).toBe('published');
  return { services, line };
}

/** Proposes a gate that holds out the split `final`. */
async function proposeFinal(line: ImprovementLine, services: ToyGate): Promise<string> {
  const before = line.state.gate?.definition as GateDefinition;
  const changed = await withHeldOut(services.ledger, before, 'final');
  const change = { ...changed, hypothesis: 'Fresh items.', author: 'person:ada' };
  return (await proposeGate(line, services, change, neverStops)).proposal;
}

describe('alpha is spent once on a set of items, whoever holds them out', () => {
  it('also when the line that tested on them is done with them', async () => {
    const { services } = await usedUp();
    await expect(openToyLine(services, { name: 'second' })).rejects.toMatchObject({
      code: 'HELD_OUT_PROTECTED',
      message:
        'Items of "heldout" were held out by improvement-toy before: a new line would spend alpha on them a second time. Hold out others (--heldout, --shares, another suite).',
    });
    expect((await reopen(services, 'second')).revision).toBe(-1);
  });

  it('also by a branch: whose gate opens a split first has it alone', async () => {
    const { services, line } = await usedUp();
    await forkLine(services.ledger, writer, { parent: line.stream, at: null, name: 'branch' });
    const branch = await reopen(services, 'branch');
    const [first, second] = [await proposeFinal(line, services), await proposeFinal(branch, services)];
    const yes = { by: 'person:grace', comment: '' };
    expect(await approve(line, services, { ...yes, proposal: first })).toBe('promoted');
    expect(line.state.epoch?.number).toBe(2);
    // It was proposed while the items were free, and approved when they were not.
    await expect(approve(branch, services, { ...yes, proposal: second })).rejects.toMatchObject({
      code: 'PROPOSAL_INVALID',
      message:
        'This gate cannot take effect any more; refuse it. Some of its held-out items were held out by improvement-toy: alpha is spent on them there.',
    });
    const no = { by: 'person:grace', proposal: second, reason: 'Too late.' };
    expect(await refuseProposal(branch, services, no)).toBe('discarded');
    expect(branch.state.epoch?.number).toBe(1);
    await expect(proposeFinal(branch, services)).rejects.toMatchObject({
      code: 'PROPOSAL_INVALID',
      message:
        'This gate cannot be proposed. Some of its held-out items were held out by improvement-toy: alpha is spent on them there.',
    });
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });
});
