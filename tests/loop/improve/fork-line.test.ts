import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { finalTest } from '../../../src/loop/improve/examine/final-test.ts';
import { forkLine } from '../../../src/loop/improve/fork-line.ts';
import { runsOutsideGates } from '../../../src/loop/improve/runs-outside-gates.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { replayLedger } from '../../../src/loop/replay-ledger.ts';
import { neverStops, sit, ToyProposer } from '../../support/toy-improvement.ts';
import { eventsOfLine, openToyLine, reopen, toyGate } from '../../support/toy-line.ts';

const writer = { actor: 'test', correlation: 'test' };

async function judged() {
  const services = toyGate(openMemoryStore(), 'one');
  const line = await openToyLine(services);
  await sit(line, services, { proposers: [new ToyProposer(['skill:0', 'skill:1'])] });
  return { services, line, events: await eventsOfLine(services, line) };
}

describe('a branch of a line', () => {
  it('shares its events up to a revision, and what they came to', async () => {
    const { services, line, events } = await judged();
    const at = events.findIndex(({ type }) => type === 'ChallengerDiscarded');
    const forked = await forkLine(services.ledger, writer, { parent: line.stream, at, name: 'branch' });
    expect(forked).toEqual({ line: 'improvement-branch', revision: at, retired: true });
    const branch = await reopen(services, 'branch');
    const copies = await eventsOfLine(services, branch);
    expect(copies.length).toBe(at + 2);
    expect(copies.slice(1, at + 1).map(({ type, data }) => ({ type, data }))).toEqual(
      events.slice(1, at + 1).map(({ type, data }) => ({ type, data })),
    );
    expect(copies[3]?.causation).toBe(events[3]?.id);
    expect(branch.state.opened?.name).toBe('branch');
    expect(branch.state.digests.working).toBe(branch.state.digests.baseline);
    expect(branch.state.proposalCount).toBe(1);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
    const replay = await replayLedger(services.ledger, [forked.line], { rederive: null });
    expect(replay.failures).toEqual([]);
  });

  it('may not test on the held-out items of its parent', async () => {
    const { services, line, events } = await judged();
    const at = events.findIndex(({ type }) => type === 'ChallengerDiscarded');
    await forkLine(services.ledger, writer, { parent: line.stream, at, name: 'branch' });
    const branch = await reopen(services, 'branch');
    expect(branch.state.epoch?.exhausted).toBe('replaced');
    const outcome = await sit(branch, services, { proposers: [new ToyProposer(['skill:0', 'skill:1'])] });
    expect(outcome.reason).toBe('held_out_exhausted');
    const read = (await eventsOfLine(services, branch)).filter(({ type }) => type === 'HeldOutUsed');
    expect(read).toEqual([]);
  });

  it('is no reason to find fault with the final test of its parent, which opens the sealed set of both', async () => {
    const { services, line } = await judged();
    const { line: branch } = await forkLine(services.ledger, writer, {
      ...{ parent: line.stream, at: null, name: 'branch' },
    });
    expect((await finalTest(await reopen(services), services, neverStops)).verdict).toBe('better');
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
    // It rests on the gate of the parent having named those runs: unnamed, they are what the rule is about.
    const events = await eventsOfLine(services, await reopen(services, 'branch'));
    const unnamed = await runsOutsideGates(services.ledger, branch, events, new Set());
    expect(unnamed.length).toBeGreaterThan(0);
  });

  it('is refused within an examination, behind the end, under a name that is taken, and of nothing', async () => {
    const { services, line, events } = await judged();
    const within = events.findIndex(({ type }) => type === 'GateOpened');
    const fork = (at: number | null, name = 'branch', parent = line.stream) =>
      forkLine(services.ledger, writer, { parent, at, name });
    await expect(fork(within)).rejects.toMatchObject({
      code: 'FORK_INVALID',
      message: `Revision ${within} of improvement-toy lies within an examination. The last one before it is ${within - 1}.`,
    });
    await expect(fork(9999)).rejects.toMatchObject({ code: 'FORK_INVALID' });
    await expect(fork(null, 'toy')).rejects.toMatchObject({ code: 'FORK_INVALID' });
    const nothing = 'improvement-nothing' as typeof line.stream;
    await expect(fork(null, 'branch', nothing)).rejects.toMatchObject({ code: 'IMPROVEMENT_NOT_FOUND' });
    expect(await services.ledger.lastRevision('improvement-branch' as typeof line.stream)).toBe(-1);
    expect((await fork(null)).revision).toBe(events.length - 1);
  });
});
