import { describe, expect, it } from 'vitest';
import type { GateDefinition } from '../../../gates/definition/gate-definition.ts';
import type { Digest } from '../../../src/kernel/brand.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { approve, refuseProposal } from '../../../src/loop/improve/examine/approve.ts';
import { championOf } from '../../../src/loop/improve/examine/champion-of.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import { finalTest } from '../../../src/loop/improve/examine/final-test.ts';
import type { GateOptions } from '../../../src/loop/improve/examine/make-gate-definition.ts';
import { proposeGate } from '../../../src/loop/improve/examine/propose-gate.ts';
import { rollBack } from '../../../src/loop/improve/examine/roll-back.ts';
import { withHeldOut } from '../../../src/loop/improve/examine/with-held-out.ts';
import type { ImprovementLine } from '../../../src/loop/improve/improvement-line.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { neverStops as never } from '../../support/toy-improvement.ts';
import {
  eventsOfLine,
  openToyLine,
  proposeContent,
  reopen,
  skilled,
  type ToyGate,
  toyGate,
  toyParts,
} from '../../support/toy-line.ts';

async function opened(gate: Partial<GateOptions> = {}) {
  const services = toyGate(openMemoryStore(), 'one');
  return { services, line: await openToyLine(services, { gate }) };
}

async function judged(line: ImprovementLine, services: ToyGate, spec: string, author = 'person:ada') {
  const id = await proposeContent(line, services, { content: skilled(spec), author });
  return { id, standing: await examine(line, services, id, never) };
}

const gateOf = ({ state }: ImprovementLine): GateDefinition => {
  if (state.gate === null) throw new Error('no gate');
  return state.gate.definition;
};

const change = (definition: GateDefinition, lists: readonly (readonly string[])[] = []) => ({
  ...{ definition, lists, hypothesis: 'It should be stricter.', author: 'person:ada' },
});

describe('approvals, two of three people', () => {
  const approvals = { required: 2, from: ['person:ada', 'person:grace', 'person:edsger'] };

  it('hold a promotion back until enough of those who may have said yes, the proposer not counted', async () => {
    const { services, line } = await opened({ approvals });
    const { id, standing } = await judged(line, services, 'skill:1');
    expect(standing).toBe('awaits-approval');
    // Work goes on from it meanwhile; nothing is deployed.
    expect(line.state.certified).toEqual(line.state.baseline);
    expect(line.state.working).not.toEqual(line.state.baseline);
    const by = (party: string) => ({ proposal: id, by: party, comment: '' });
    await expect(approve(line, services, by('person:ada'))).rejects.toMatchObject({
      code: 'GOVERNANCE_REFUSED',
      context: { rule: 'approval-counts' },
    });
    await expect(approve(line, services, by('person:mallory'))).rejects.toMatchObject({
      context: { rule: 'approval-counts' },
    });
    expect(await approve(line, services, by('person:grace'))).toBe('awaits-approval');
    await expect(approve(line, services, by('person:grace'))).rejects.toMatchObject({
      context: { rule: 'approval-counts' },
    });
    expect(await approve(line, services, by('person:edsger'))).toBe('promoted');
    expect(line.state.certified).toEqual(line.state.working);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('end with one refusal', async () => {
    const { services, line } = await opened({ approvals });
    const { id } = await judged(line, services, 'skill:1');
    await approve(line, services, { proposal: id, by: 'person:grace', comment: 'fine' });
    const no = { proposal: id, by: 'person:edsger', reason: 'Too dear.' };
    expect(await refuseProposal(line, services, no)).toBe('discarded');
    expect(line.state.certified).toEqual(line.state.baseline);
    const yes = { proposal: id, by: 'person:edsger', comment: '' };
    await expect(approve(line, services, yes)).rejects.toMatchObject({ code: 'GOVERNANCE_REFUSED' });
  });

  it('are for what was compared: after a rollback of what it was compared with, it is discarded', async () => {
    const generous = { alpha: '1/2', promoteShare: '1/2' };
    const { services, line } = await opened({ approvals: { required: 1, from: [] }, ...generous });
    const first = await judged(line, services, 'skill:0.75');
    await approve(line, services, { proposal: first.id, by: 'person:grace', comment: '' });
    const second = await judged(line, services, 'skill:1');
    expect(second.standing).toBe('awaits-approval');
    const to = line.state.baseline.generator as Digest;
    await rollBack(line, { slot: 'generator', to, reason: 'It was wrong.', by: 'person:ada' });
    expect(await approve(line, services, { proposal: second.id, by: 'person:grace', comment: '' })).toBe(
      'discarded',
    );
    expect(line.state.certified).toEqual(line.state.baseline);
  });

  it('that were recorded by a process that died are followed up by the next', async () => {
    const { services, line } = await opened({ approvals: { required: 1, from: [] } });
    const { id } = await judged(line, services, 'skill:1');
    const challenger = line.state.proposals[id]?.challenger as Digest;
    const data = { proposal: id, by: 'person:grace', challenger, comment: '' };
    await line.append([{ type: 'ApprovalGiven', data }]);
    expect(await examine(await reopen(services), services, id, never)).toBe('promoted');
  });
});

describe('a rollback', () => {
  it('puts back what a slot held, on both tracks, with its reason, and forgets nothing', async () => {
    const { services, line } = await opened();
    await judged(line, services, 'skill:1');
    const promoted = championOf(line, 'generator', 'certified');
    const to = line.state.baseline.generator as Digest;
    const back = { slot: 'generator', to, reason: 'Wrong language.', by: 'person:ada' } as const;
    expect(await rollBack(line, back)).toEqual({ from: promoted });
    expect(championOf(line, 'generator', 'certified')).toBe(to);
    expect(championOf(line, 'generator', 'working')).toBe(to);
    expect(line.state.history.generator?.map(({ champion, track }) => [track, champion])).toEqual([
      ['baseline', to],
      ['working', promoted],
      ['certified', promoted],
      ['rollback', to],
    ]);
    await expect(rollBack(line, back)).rejects.toMatchObject({ context: { rule: 'rollback-known' } });
    const foreign = { ...back, to: 'f'.repeat(64) as Digest };
    await expect(rollBack(line, foreign)).rejects.toMatchObject({ code: 'GOVERNANCE_REFUSED' });
    // Forward again, too.
    await rollBack(line, { ...back, to: promoted });
    expect(championOf(line, 'generator', 'certified')).toBe(promoted);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('of a slot that is empty says which are not', async () => {
    const { line } = await opened();
    expect(() => championOf(line, 'prompt', 'certified')).toThrow(
      'The slot prompt of the line "toy" holds nothing. Slots that hold something: strategy, generator, scorer, gate.',
    );
  });
});

describe('another gate', () => {
  it('waits for somebody else, and has everything compared anew', async () => {
    const { services, line } = await opened();
    await judged(line, services, 'skill:0.6');
    const before = gateOf(line);
    const stricter = { ...before, dev: { entryLevel: '1/10' } };
    const { proposal, standing } = await proposeGate(line, services, change(stricter), never);
    expect(standing).toBe('awaits-approval');
    const own = { proposal, by: 'person:ada', comment: '' };
    await expect(approve(line, services, own)).rejects.toMatchObject({
      context: { rule: 'approval-counts' },
    });
    expect(await approve(line, services, { ...own, by: 'person:grace' })).toBe('promoted');
    expect(gateOf(line).dev.entryLevel).toBe('1/10');
    // The epoch goes on: same items, same alpha.
    expect(line.state.epoch).toMatchObject({ number: 1, exhausted: null });
    const generated = services.generated();
    await judged(line, services, 'skill:1');
    // The champion is run again on dev and held-out items, because another gate judges.
    expect(services.generated() - generated).toBe(2 * (toyParts.dev + toyParts.heldout));
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('that was to replace one which another replaced first is discarded', async () => {
    const { services, line } = await opened();
    const before = gateOf(line);
    const first = await proposeGate(line, services, change({ ...before, mde: 0.31 }), never);
    const second = await proposeGate(line, services, change({ ...before, mde: 0.32 }), never);
    const yes = { by: 'person:grace', comment: '' };
    expect(await approve(line, services, { ...yes, proposal: second.proposal })).toBe('promoted');
    expect(await approve(line, services, { ...yes, proposal: first.proposal })).toBe('discarded');
    expect(gateOf(line).mde).toBe(0.32);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('that changes nothing, or that the line could not go on with, is not proposed', async () => {
    const { services, line } = await opened();
    const before = gateOf(line);
    const propose = (definition: GateDefinition) => proposeGate(line, services, change(definition), never);
    await expect(propose(before)).rejects.toMatchObject({ code: 'PROPOSAL_INVALID' });
    await expect(propose({ ...before, alpha: '1/10' })).rejects.toThrow(
      'opened before, under another policy or alpha',
    );
    const elsewhere = { ...before.evaluation, suite: 'a'.repeat(64) as Digest };
    await expect(propose({ ...before, evaluation: elsewhere })).rejects.toThrow('measures on another suite');
    expect(line.state.proposalCount).toBe(0);
  });

  it('with new held-out items opens another epoch', async () => {
    const { services, line } = await opened({ mdeMax: 0.95 });
    await judged(line, services, 'skill:dev=1,heldout=0.25,final=0.25');
    const { definition, lists } = await withHeldOut(services.ledger, gateOf(line), 'final');
    const { proposal } = await proposeGate(line, services, change(definition, lists), never);
    await approve(line, services, { proposal, by: 'person:grace', comment: '' });
    expect(line.state.epoch).toMatchObject({ number: 2, split: 'final', count: 8, exhausted: null });
    expect(line.state.epoch?.symbols).toEqual([]);
    expect(gateOf(line).evaluation.sealed).toBe(null);
    await expect(withHeldOut(services.ledger, gateOf(line), 'select')).rejects.toMatchObject({
      code: 'GATE_INVALID',
    });
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });
});

describe('the sealed test', () => {
  it('compares baseline and certified champion, once', async () => {
    const { services, line } = await opened();
    await expect(finalTest(line, services, never)).rejects.toThrow(
      'the certified champion is the baseline still',
    );
    await judged(line, services, 'skill:1');
    const result = await finalTest(line, services, never);
    expect(result).toMatchObject({ verdict: 'better', level: '1/20', statistic: '1/64', items: 8 });
    const before = (await eventsOfLine(services, line)).length;
    await expect(finalTest(line, services, never)).rejects.toMatchObject({
      code: 'GOVERNANCE_REFUSED',
      context: { rule: 'items-once' },
    });
    expect((await eventsOfLine(services, line)).length).toBe(before);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('goes on with what it was opened for', async () => {
    const { services, line } = await opened();
    await judged(line, services, 'skill:1');
    const pause = new AbortController();
    const stopping = { ...services, onEvaluation: () => pause.abort() };
    const signals = { pause: pause.signal, abort: never.abort };
    await expect(finalTest(line, stopping, signals)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const champion = line.state.digests.certified;
    const to = line.state.baseline.generator as Digest;
    await rollBack(line, { slot: 'generator', to, reason: 'Meanwhile.', by: 'person:ada' });
    expect((await finalTest(await reopen(services), services, never)).verdict).toBe('better');
    const last = (await eventsOfLine(services, line)).at(-1);
    expect(last?.data).toMatchObject({ champion });
  });
});

describe('two processes at once', () => {
  it('judge once: the slower one is told, nothing is spent twice, and either can go on', async () => {
    const store = openMemoryStore();
    const first = toyGate(store, 'first');
    const line = await openToyLine(first);
    const id = await proposeContent(line, first, { content: skilled('skill:1') });
    const second = toyGate(store, 'second');
    const other = await reopen(second);
    const ends = await Promise.allSettled([
      examine(line, first, id, never),
      examine(other, second, id, never),
    ]);
    const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    expect(failed.length).toBeGreaterThan(0);
    for (const error of failed) expect(error).toMatchObject({ code: 'WRONG_EXPECTED_REVISION' });
    const told = (failed[0] as Error).message;
    expect(told).toBe(
      'Another process works on the line "toy" at the same time and was faster; what it did counts, and nothing was done twice. Wait until it has ended, then give the command again.',
    );
    const third = toyGate(store, 'third');
    expect(await examine(await reopen(third), third, id, never)).toBe('promoted');
    const { state } = await reopen(third);
    expect(state.epoch?.symbols).toEqual([{ symbol: 'promote', p: expect.any(Number) as number }]);
    expect(state.refused).toEqual([]);
    const types = (await eventsOfLine(third, line)).map(({ type }) => type);
    expect(types.filter((type) => type === 'GateDecided').length).toBe(1);
    expect((await verifyLines(third.ledger)).problems).toEqual([]);
  });
});
