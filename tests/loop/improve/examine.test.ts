import { describe, expect, it } from 'vitest';
import type { GateDefinition } from '../../../gates/definition/gate-definition.ts';
import { rationalText } from '../../../gates/policy/math/rational.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import type { ImprovementLine } from '../../../src/loop/improve/improvement-line.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { ScriptedSandbox } from '../../support/scripted-sandbox.ts';
import {
  eventsOfLine,
  openToyLine,
  proposeContent,
  skilled,
  type ToyGate,
  type ToyLineOptions,
  toyGate,
  toyParts,
} from '../../support/toy-line.ts';

const never = { pause: new AbortController().signal, abort: new AbortController().signal };

async function opened(options: ToyLineOptions = {}, sandbox = new ScriptedSandbox()) {
  const services = toyGate(openMemoryStore(), 'one', toyParts, sandbox);
  return { services, line: await openToyLine(services, options) };
}

async function judged(line: ImprovementLine, services: ToyGate, spec: string) {
  const id = await proposeContent(line, services, { content: skilled(spec) });
  const standing = await examine(line, services, id, never);
  const proposal = line.state.proposals[id];
  if (proposal === undefined) throw new Error('it was proposed');
  return { id, standing, decision: proposal.decision, proposal };
}

const left = ({ state }: ImprovementLine): string | null => {
  const budget = state.epoch?.account.budget ?? null;
  return budget === null ? null : rationalText(budget);
};

const working = async (line: ImprovementLine): Promise<string> => {
  const { generator } = line.state.working;
  return generator === undefined ? '' : (JSON.parse(await line.text(generator)) as { spec: string }).spec;
};

describe('the certified gate', () => {
  it('promotes what is better on dev and on held-out items, on both tracks', async () => {
    const { services, line } = await opened();
    const { standing, decision } = await judged(line, services, 'skill:1');
    expect(standing).toBe('promoted');
    expect(decision).toMatchObject({
      verdict: 'promote',
      keep: true,
      symbol: 'promote',
      decidedBy: 'heldout',
    });
    expect(line.state.certified).toEqual(line.state.working);
    expect(await working(line)).toBe('skill:1');
    expect(left(line)).toBe('1/60');
    expect((await eventsOfLine(services, line)).map(({ type }) => type).slice(6)).toEqual([
      ...['ChangeProposed', 'GateOpened', 'CheckFinished', 'EvaluationRequested', 'EvaluationRequested'],
      ...['CheckFinished', 'CheckFinished', 'HeldOutUsed', 'HeldOutUsed', 'CheckFinished', 'GateDecided'],
      ...['ChallengerPromoted', 'ChallengerPromoted'],
    ]);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('keeps as working champion what is better on dev alone, and certifies nothing', async () => {
    const { services, line } = await opened();
    const { standing, decision } = await judged(line, services, 'skill:dev=1,heldout=0.25');
    expect(standing).toBe('kept');
    expect(decision).toMatchObject({
      verdict: 'discard',
      keep: true,
      symbol: 'discard',
      decidedBy: 'heldout',
    });
    expect(await working(line)).toBe('skill:dev=1,heldout=0.25');
    expect(line.state.certified).toEqual(line.state.baseline);
    expect(left(line)).toBe('1/30');
  });

  it('discards what is no better on dev, without reading a held-out item', async () => {
    const { services, line } = await opened();
    const { standing, decision } = await judged(line, services, 'skill:dev=0.25,heldout=1');
    expect(standing).toBe('discarded');
    expect(decision).toMatchObject({ verdict: 'discard', keep: false, symbol: null, decidedBy: 'dev' });
    expect(left(line)).toBe('1/20');
    expect((await eventsOfLine(services, line)).some(({ type }) => type === 'HeldOutUsed')).toBe(false);
    expect(line.state.working).toEqual(line.state.baseline);
  });

  it('keeps what may be better but not by enough for a test, without reading a held-out item', async () => {
    const { services, line } = await opened({ gate: { trigger: { powerMin: 0.99, shrink: 0.75 } } });
    const { standing, decision } = await judged(line, services, 'skill:0.75');
    expect(standing).toBe('kept');
    expect(decision).toMatchObject({
      verdict: 'inconclusive',
      keep: true,
      symbol: null,
      decidedBy: 'trigger',
    });
    expect(left(line)).toBe('1/20');
  });

  it('tells nothing of held-out items but the symbol, neither in sentences nor while it goes on', async () => {
    const { services, line } = await opened();
    const { id, decision } = await judged(line, services, 'skill:dev=1,heldout=0.25');
    expect(services.told.map(({ check }) => check)).toEqual(['static', 'dev', 'trigger', 'heldout']);
    const last = services.told.at(-1);
    const said =
      'That it is better than the certified champion was not shown on held-out items. It stays the working champion, and is not certified. What is left of alpha is 1/30.';
    expect(last).toEqual({ proposal: id, check: 'heldout', verdict: 'block', sentence: said });
    expect(decision?.sentence).toBe(said);
  });

  it('compares with what the same gate saw before, and runs nothing twice', async () => {
    const { services, line } = await opened();
    await judged(line, services, 'skill:dev=0.5,heldout=0.25');
    const before = services.generated();
    await judged(line, services, 'skill:1');
    // The challenger alone: what it is compared with was run for the first proposal.
    expect(services.generated() - before).toBe(toyParts.dev + toyParts.heldout);
    const reads = (await eventsOfLine(services, line)).filter(({ type }) => type === 'HeldOutUsed');
    expect(reads.length).toBe(4);
    expect(new Set(reads.map((event) => event.type === 'HeldOutUsed' && event.data.run)).size).toBe(3);
  });

  it('blocks the same question after its answer', async () => {
    const { services, line } = await opened({ gate: { policy: 'every-candidate', tests: 3, mdeMax: 0.95 } });
    const first = await judged(line, services, 'skill:0.26');
    expect(left(line)).toBe('1/30');
    const second = await judged(line, services, 'skill:0.26');
    expect(second.decision).toMatchObject({ verdict: 'discard', decidedBy: 'static', symbol: null });
    expect(services.told.at(-1)?.sentence).toContain(first.id);
    expect(left(line)).toBe('1/30');
  });

  it('promotions stack: each starts from what holds', async () => {
    const { services, line } = await opened();
    expect((await judged(line, services, 'skill:0.75')).standing).toBe('promoted');
    const before = line.state.digests.certified;
    const id = await proposeContent(line, services, {
      slot: 'strategy',
      content: { name: 'best-of-n', version: 1, params: { candidates: 1, stop: 'never', width: 1 } },
    });
    await examine(line, services, id, never);
    expect(line.state.proposals[id]?.examination?.working).toBe(before);
    expect(line.state.proposals[id]?.examination?.slots.generator).toBe(line.state.certified.generator);
  });

  it('discards a proposal whose slot holds something else by now, and never moves it over', async () => {
    const { services, line } = await opened();
    const stale = await proposeContent(line, services, { content: skilled('skill:0.8') });
    await judged(line, services, 'skill:1');
    expect(await examine(line, services, stale, never)).toBe('discarded');
    const proposal = line.state.proposals[stale];
    expect(proposal).toMatchObject({ discarded: true, examination: null });
    expect(await working(line)).toBe('skill:1');
    const last = (await eventsOfLine(services, line)).at(-1);
    expect(last?.data).toMatchObject({
      sentence:
        'The slot generator holds something else than what it was made from. Propose it anew from what holds now.',
    });
  });

  it('refuses a challenger that cannot be used, by its static check', async () => {
    const { services, line } = await opened();
    const content = { ...skilled('skill:1'), ref: { name: 'skilled', version: 2, config: {} } };
    const id = await proposeContent(line, services, { content });
    expect(await examine(line, services, id, never)).toBe('discarded');
    expect(services.told.at(-1)?.sentence).toBe(
      'It cannot be used: skill:1 is another generator here than the one that was proposed.',
    );
  });

  it('names what is not there', async () => {
    const { services, line } = await opened();
    await expect(examine(line, services, '01KDVDNA003QXY0D32619QA245', never)).rejects.toMatchObject({
      code: 'PROPOSAL_NOT_FOUND',
    });
  });
});

describe('infrastructure that fails', () => {
  const failing = (marker: string) =>
    new ScriptedSandbox({
      fault: ({ prelude, tests }) =>
        prelude.includes(marker) && tests.kind === 'cases' && tests.cases.some(({ id }) => id === 'far')
          ? new PawlError('SANDBOX_FAILED', 'no sandbox')
          : null,
    });

  it('during a held-out test makes it inconclusive, and costs as much as a discard', async () => {
    const { services, line } = await opened({}, failing('heldout-3'));
    const { standing, decision } = await judged(line, services, 'skill:1');
    expect(decision).toMatchObject({ verdict: 'inconclusive', keep: true, symbol: 'discard' });
    expect(standing).toBe('kept');
    expect(left(line)).toBe('1/30');
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('on dev costs nothing, and is tried anew for the next proposal', async () => {
    const { services, line } = await opened({}, failing('dev-0'));
    const { standing, decision } = await judged(line, services, 'skill:1');
    expect(standing).toBe('inconclusive');
    expect(decision).toMatchObject({ verdict: 'inconclusive', keep: false, symbol: null, decidedBy: 'dev' });
    expect(left(line)).toBe('1/20');
    const before = services.generated();
    await judged(line, services, 'skill:0.9');
    expect(services.generated() - before).toBe(2 * toyParts.dev);
  });
});

describe('what is held out ends', () => {
  it('when no effect that is hoped for can be found any more', async () => {
    const { services, line } = await opened({ gate: { mdeMax: 0.5, mde: 0.4 } });
    await judged(line, services, 'skill:0.75');
    const last = (await eventsOfLine(services, line)).at(-1);
    expect(last).toMatchObject({
      type: 'HeldOutExhausted',
      data: { epoch: 1, reason: 'effect_undetectable' },
    });
    const id = await proposeContent(line, services, { content: skilled('skill:1') });
    await expect(examine(line, services, id, never)).rejects.toMatchObject({ code: 'HELD_OUT_EXHAUSTED' });
    expect(line.state.proposals[id]).toMatchObject({ discarded: true, examination: null });
  });

  it('after a promotion from a shard, which is published', async () => {
    const { services, line } = await opened({ gate: { policy: 'fresh-shard', tests: 2, mdeMax: 0.95 } });
    expect((await judged(line, services, 'skill:1')).standing).toBe('promoted');
    const last = (await eventsOfLine(services, line)).at(-1);
    expect(last).toMatchObject({ type: 'HeldOutExhausted', data: { reason: 'published' } });
  });

  it('when the last test of a horizon was spent', async () => {
    const { services, line } = await opened({ gate: { policy: 'every-candidate', tests: 2, mdeMax: 0.95 } });
    expect((await judged(line, services, 'skill:0.26')).standing).toBe('discarded');
    expect(line.state.epoch?.exhausted).toBe(null);
    expect((await judged(line, services, 'skill:0.27')).standing).toBe('discarded');
    expect(line.state.epoch?.exhausted).toBe('budget_spent');
  });

  it('before it begins, where so few items could find nothing', async () => {
    const services = toyGate(openMemoryStore(), 'one');
    await expect(openToyLine(services, { gate: { mdeMax: 0.15, mde: 0.05 } })).rejects.toMatchObject({
      code: 'GATE_INVALID',
      message: expect.stringContaining('With 16 held-out items the first test finds effects') as string,
    });
  });
});

describe('other policies', () => {
  const policies: readonly GateDefinition['policy'][] = ['every-candidate', 'explore', 'fresh-shard'];

  it.each(policies)('%s has one track: a promotion moves both', async (policy) => {
    const { services, line } = await opened({ gate: { policy, tests: 2, mdeMax: 0.95 } });
    expect((await judged(line, services, 'skill:1')).standing).toBe('promoted');
    expect(line.state.working).toEqual(line.state.certified);
    expect(await working(line)).toBe('skill:1');
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('graded items in chunks, by a bet that stops when it has won', async () => {
    const { services, line } = await opened({
      gate: { metric: 'graded', test: 'deadline-bet' },
    });
    expect((await judged(line, services, 'skill:1')).standing).toBe('promoted');
    const reads = (await eventsOfLine(services, line)).flatMap((event) =>
      event.type === 'HeldOutUsed' && event.data.side === 'challenger' ? [event.data] : [],
    );
    expect(reads.length).toBeGreaterThan(1);
    expect(reads[0]?.from).toBe(0);
    for (const [index, { from }] of reads.entries()) if (index > 0) expect(from).toBe(reads[index - 1]?.to);
    expect((await verifyLines(services.ledger)).problems).toEqual([]);
  });

  it('repeats each item as often as the gate says, with other draws each time', async () => {
    const { services, line } = await opened({
      gate: {
        metric: 'graded-repeats',
        repeats: 3,
        test: 'deadline-bet',
        trigger: { powerMin: 0.1, shrink: 1 },
      },
    });
    await judged(line, services, 'skill:1');
    const requested = (await eventsOfLine(services, line)).flatMap((event) =>
      event.type === 'EvaluationRequested' ? [event.data.run] : [],
    );
    expect(requested.length).toBe(6);
    const seeds = new Set<string>();
    for (const run of requested)
      for await (const event of services.ledger.readStream(run))
        if (event.type === 'RunStarted') seeds.add(event.data.seed);
    expect([...seeds]).toEqual(['toy', 'toy/repeat 1', 'toy/repeat 2']);
  });
});
