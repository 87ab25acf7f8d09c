import { describe, expect, it } from 'vitest';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { standardTaxonomy } from '../../../src/loop/improve/failures/standard-taxonomy.ts';
import { outcomeOf } from '../../../src/loop/improve/past-outcomes.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { replayLedger } from '../../../src/loop/replay-ledger.ts';
import { replayScope } from '../../../src/loop/replay-scope.ts';
import { contractFor, neverStops, sit, ToyProposer, ToyWatch } from '../../support/toy-improvement.ts';
import {
  eventsOfLine,
  openToyLine,
  proposeContent,
  reopen,
  skilled,
  toyGate,
} from '../../support/toy-line.ts';

async function toy(label = 'one', options: Parameters<typeof openToyLine>[1] = {}) {
  const store = openMemoryStore();
  const services = toyGate(store, label);
  return { store, services, line: await openToyLine(services, options) };
}

describe('a sitting', () => {
  it('promotes what is better, discards what is worse, and goes on from what was promoted', async () => {
    const { services, line } = await toy();
    const proposer = new ToyProposer(['skill:0', 'skill:1']);
    const watch = new ToyWatch();
    const outcome = await sit(line, services, { proposers: [proposer] }, watch);
    expect(outcome).toEqual({ status: 'finished', reason: 'nothing_to_propose' });
    expect(watch.standings).toEqual(['discarded', 'promoted']);
    expect(watch.steps).toEqual([
      ...['classify', 'request', 'ask', 'examine', 'request', 'ask', 'examine'],
      // Nothing fails any more.
      ...['classify', 'finish'],
    ]);
    expect(watch.events).toEqual([
      ...['ImprovementStarted', 'FailuresClassified', 'ProposalRequested', 'ChangeProposed'],
      ...['ProposalRequested', 'ChangeProposed', 'FailuresClassified', 'ImprovementFinished'],
    ]);
    const finished = (await eventsOfLine(services, line)).at(-1);
    expect(finished?.data).toEqual({
      ...{ reason: 'nothing_to_propose', proposals: 2, promoted: 1, kept: 0, discarded: 1, failed: 0 },
    });
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
    const { streams } = await replayScope(
      services.ledger,
      { kind: 'line', line: line.stream },
      { sinceMs: null, untilMs: null },
    );
    const replay = await replayLedger(services.ledger, [line.stream], { rederive: null });
    expect(replay.failures).toEqual([]);
    expect(replay.verdict).toBe('pass');
    expect(streams).toContain(line.stream);
    expect(streams.filter((stream) => stream.startsWith('run-')).length).toBe(7);
  });

  it('shows each proposer what became of the proposals before', async () => {
    const { services, line } = await toy();
    const proposer = new ToyProposer(['skill:0', 'skill:optimize=0.5,dev=1,heldout=1']);
    await sit(line, services, { proposers: [proposer] });
    const [first, second, third] = proposer.views;
    expect(first).toMatchObject({
      ...{ slot: 'generator', current: skilled('skill:0.25'), targetFailure: 'wrong-answer', tasks: 4 },
      ...{ classes: [{ name: 'wrong-answer', count: 3 }], past: [] },
    });
    expect(first?.cases.map(({ task, why }) => `${task}: ${why}`)).toEqual([
      'optimize-1: f(0): expected 0, got 9',
      'optimize-2: f(0): expected 0, got 9',
      'optimize-3: f(0): expected 0, got 9',
    ]);
    expect(second?.past).toEqual([
      {
        ...{ slot: 'generator', content: skilled('skill:0'), hypothesis: 'It has skill:0.' },
        ...{ targetFailure: 'wrong-answer', predictedGain: 0.1, outcome: 'discarded', decidedBy: 'dev' },
        ...{ devGain: -0.25, symbol: null },
      },
    ]);
    expect(third?.past[1]).toMatchObject({
      ...{ outcome: 'promoted', decidedBy: 'heldout', devGain: 0.75, symbol: 'promote' },
    });
    expect(third?.current).toEqual(skilled('skill:optimize=0.5,dev=1,heldout=1'));
    expect(proposer.seeds).toEqual(['toy/proposal 0', 'toy/proposal 1', 'toy/proposal 2']);
  });

  it('records what a proposer does wrong, tells the next, and goes on', async () => {
    const { services, line } = await toy();
    const answers = [
      () => {
        throw new Error('a null pointer');
      },
      () => {
        throw new PawlError('PROPOSER_FAILED', 'It is late.', { context: { kind: 'timeout' } });
      },
      () => ({ ...contractFor('skill:1'), content: { nothing: true } }),
      () => contractFor('skill:0.25'),
      () => ({ ...contractFor('skill:1'), usage: { inputTokens: 90, outputTokens: 20 } }),
    ];
    const proposer = new ToyProposer([], {
      propose: ({ past }) => answers[past.length]?.() ?? contractFor('skill:1'),
      config: { tokensMax: 100 },
    });
    const outcome = await sit(line, services, { proposers: [proposer], proposals: 6 });
    expect(outcome.reason).toBe('proposals');
    expect(proposer.views.at(-1)?.past.map(({ outcome: became }) => became)).toEqual([
      ...['crashed', 'timeout', 'invalid', 'invalid', 'over_budget'],
    ]);
    const failed = (await eventsOfLine(services, line)).flatMap((event) =>
      event.type === 'ProposalFailed'
        ? [`${event.data.kind}: ${event.data.error.message.split('\n')[0]}`]
        : [],
    );
    expect(failed).toEqual([
      'crash: a null pointer',
      'timeout: It is late.',
      'invalid: This cannot be put into the slot generator:',
      'invalid: It proposes what the slot holds already.',
      'over_budget: It took 110 tokens; a proposal may take 100.',
    ]);
    expect((await eventsOfLine(services, line)).at(-1)?.data).toMatchObject({ promoted: 1, failed: 5 });
  });

  it('examines what a person brought before it asks anybody', async () => {
    const { services, line } = await toy();
    const brought = await proposeContent(line, services, {
      content: skilled('skill:1'),
      author: 'person:ada',
    });
    const watch = new ToyWatch();
    await sit(line, services, { proposers: [new ToyProposer([])], proposals: 1 }, watch);
    expect(line.state.proposals[brought]?.promoted).toEqual(['working', 'certified']);
    expect(watch.steps.slice(0, 2)).toEqual(['examine', 'classify']);
  });

  it('waits for people where the gate asks for approvals, and says so once', async () => {
    const approvals = { required: 1, from: ['person:bob'] };
    const { services, line } = await toy('one', { gate: { approvals } });
    const proposers = [new ToyProposer(['skill:1'])];
    expect(await sit(line, services, { proposers })).toEqual({ status: 'paused', reason: 'approval' });
    const revision = line.revision;
    expect(await sit(line, services, { proposers })).toEqual({ status: 'paused', reason: 'approval' });
    expect(line.revision).toBe(revision);
    const [proposal] = Object.values(line.state.proposals);
    const challenger = proposal?.challenger;
    if (proposal === undefined || challenger == null) throw new Error('nothing was proposed');
    expect([proposal.decision?.verdict, outcomeOf(proposal)]).toEqual(['promote', null]);
    const data = { proposal: proposal.id, by: 'person:bob', challenger, comment: '' };
    await line.append([{ type: 'ApprovalGiven', data }]);
    expect((await sit(line, services, { proposers })).status).toBe('finished');
    expect(line.state.proposals[proposal.id]?.promoted).toEqual(['working', 'certified']);
  });

  it('stops when it is asked to, and goes on with the same proposals', async () => {
    const { services, line } = await toy();
    const stop = new AbortController();
    const watch = new ToyWatch();
    const proposer = new ToyProposer(['skill:0', 'skill:1']);
    const stopping = {
      ...watch,
      onStep: () => undefined,
      onEvent: ({ type }: { readonly type: string }) => {
        if (type === 'ProposalRequested') stop.abort();
      },
      onStanding: () => undefined,
    };
    const signals = { ...neverStops, pause: stop.signal };
    expect(await sit(line, services, { proposers: [proposer] }, stopping, signals)).toEqual({
      ...{ status: 'paused', reason: 'interrupted' },
    });
    expect(line.state.sitting?.paused).toBe(true);
    expect(proposer.views).toEqual([]);
    const again = await reopen(services);
    expect((await sit(again, services, { proposers: [proposer] })).status).toBe('finished');
    expect(again.state.proposalCount).toBe(2);
  });

  it('ends when the held-out items are used up', async () => {
    const { services, line } = await toy();
    await line.append([
      { type: 'HeldOutExhausted', data: { epoch: 1, reason: 'disclosed', detectable: null, note: '' } },
    ]);
    const outcome = await sit(line, services, { proposers: [new ToyProposer(['skill:1'])] });
    expect(outcome).toEqual({ status: 'finished', reason: 'held_out_exhausted' });
  });

  it('is refused to a second process that works on the same line', async () => {
    const { store, services, line } = await toy();
    const other = toyGate(store, 'other');
    const slow = new ToyProposer(['skill:0'], {
      propose: async () => {
        const meanwhile = await reopen(other);
        await proposeContent(meanwhile, other, { content: skilled('skill:0.5'), author: 'person:bob' });
        return contractFor('skill:1');
      },
    });
    await expect(sit(line, services, { proposers: [slow] })).rejects.toMatchObject({
      code: 'LEDGER_BUSY',
      message:
        'Somebody else works on improvement-toy at the same time and was faster. Nothing is lost: go on when they are done.',
    });
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('refuses to go on with other proposers or another taxonomy than it began with', async () => {
    const { services, line } = await toy();
    const stop = new AbortController();
    stop.abort();
    const signals = { ...neverStops, pause: stop.signal };
    await sit(line, services, { proposers: [new ToyProposer(['skill:1'])] }, new ToyWatch(), signals);
    const other = new ToyProposer(['skill:1'], { name: 'other' });
    await expect(sit(line, services, { proposers: [other] })).rejects.toMatchObject({
      code: 'PROPOSER_FAILED',
    });
    const taxonomy = { ...standardTaxonomy, name: 'own' };
    const proposers = [new ToyProposer(['skill:1'])];
    await expect(sit(line, services, { proposers, taxonomy })).rejects.toMatchObject({ code: 'USAGE' });
    expect(line.state.sitting?.paused).toBe(true);
  });
});
