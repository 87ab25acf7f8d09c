import { approve, refuseProposal } from '../../src/loop/improve/examine/approve.ts';
import { finalTest } from '../../src/loop/improve/examine/final-test.ts';
import { rollBack } from '../../src/loop/improve/examine/roll-back.ts';
import type { ImprovementLine } from '../../src/loop/improve/improvement-line.ts';
import type { ChangeContract, ProposerView } from '../../src/loop/improve/proposers/proposer.ts';
import type { Desk } from '../strategies/scripted/scripted-runs.ts';
import { contractFor, neverStops, sit, ToyProposer } from '../support/toy-improvement.ts';
import { openToyLine, type ToyParts, toyGate } from '../support/toy-line.ts';

const parts: ToyParts = { optimize: 2, dev: 8, heldout: 8, final: 5 };
const skills = ['skill:0.0', null, 'skill:optimize=0.5,dev=0.5,heldout=0.75,final=0.5', 'skill:1'];

/**
 * A line of improvement from its opening to the sealed test: one proposal that dev stops, one that crashes, one that the gate
 * would promote and a person refuses, one that is approved and promoted; and the way back.
 */
export async function improvementStory({ ledger, clock, ids }: Desk): Promise<void> {
  const services = { ...toyGate(ledger.store, 'golden', parts), ledger, clock, ids };
  const line = await openToyLine(services, {
    ...{ name: 'golden', parts, skill: 'skill:0' },
    gate: { alpha: '1/2', mdeMax: 0.99, approvals: { required: 1, from: [] } },
  });
  const proposer = new ToyProposer([], { propose });
  const sitting = () => sit(line, services, { proposers: [proposer], proposals: skills.length });
  await sitting();
  await refuseProposal(line, services, {
    proposal: waiting(line),
    by: 'person:grace',
    reason: 'Not yet: „zu früh“.',
  });
  await sitting();
  await approve(line, services, { proposal: waiting(line), by: 'person:grace', comment: '' });
  await sitting();
  await finalTest(line, services, neverStops);
  await retire(line);
  await back(line);
}

function propose({ past }: ProposerView): ChangeContract {
  const skill = skills[past.length] ?? null;
  if (skill === null) throw new Error('It fell over.');
  return contractFor(skill);
}

/** The proposal that was decided last, and is held back until somebody answers. */
function waiting({ state }: ImprovementLine): string {
  const last = Object.values(state.proposals).findLast(({ decision }) => decision?.verdict === 'promote');
  if (last === undefined) throw new Error('no proposal waits for an answer');
  return last.id;
}

async function retire(line: ImprovementLine): Promise<void> {
  const { epoch } = line.state;
  if (epoch === null || epoch.exhausted !== null) return;
  const data = {
    epoch: epoch.number,
    reason: 'published',
    detectable: null,
    note: 'The story ends.',
  } as const;
  await line.append([{ type: 'HeldOutExhausted', data }]);
}

async function back(line: ImprovementLine): Promise<void> {
  const to = line.state.baseline.generator;
  if (to === undefined) throw new Error('the baseline has no generator');
  await rollBack(line, { slot: 'generator', to, reason: 'It misbehaves.', by: 'person:ada' });
}
