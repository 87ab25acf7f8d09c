import { describe, expect, it } from 'vitest';
import type { Digest, StreamName } from '../../../src/kernel/brand.ts';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import { blobRefsOf } from '../../../src/ledger/blob-refs.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { readLineMemory } from '../../../src/loop/improve/line-memory.ts';
import { ProposerReader } from '../../../src/loop/improve/proposer-reader.ts';
import { makeProposerView } from '../../../src/loop/improve/proposer-view.ts';
import { episodeOf } from '../../support/story.ts';
import { contractFor, sit, ToyProposer } from '../../support/toy-improvement.ts';
import { hiddenMarker } from '../../support/toy-language.ts';
import { eventsOfLine, openToyLine, toyGate } from '../../support/toy-line.ts';

const sealedError = { code: 'HELD_OUT_SEALED' };

/** A line on which held-out items were read twice: for a promotion, and for a discard. */
async function judged() {
  const services = toyGate(openMemoryStore(), 'one');
  const line = await openToyLine(services);
  const skills = ['skill:optimize=0.5,dev=1,heldout=1', 'skill:optimize=0.75,dev=1,heldout=0.9'];
  const proposer = new ToyProposer(['skill:0', ...skills]);
  await sit(line, services, { proposers: [proposer] });
  const events = await eventsOfLine(services, line);
  const memory = await readLineMemory(services.ledger, line);
  return { services, line, events, memory, proposer };
}

describe('what proposers may read', () => {
  it('is every run on optimize, and no other run, with none of its episodes', async () => {
    const { services, line, events, memory } = await judged();
    const reader = new ProposerReader(services.ledger, line.state, memory);
    const told: string[] = [];
    for (const event of events) {
      if (event.type !== 'EvaluationRequested' && event.type !== 'HeldOutUsed') continue;
      const { run } = event.data;
      const purpose = event.data.purpose;
      if (purpose === 'optimize') {
        expect((await reader.run(run)).length).toBeGreaterThan(0);
        expect((await reader.episode(episodeOf(run))).length).toBeGreaterThan(0);
      } else {
        await expect(reader.run(run)).rejects.toMatchObject(sealedError);
        await expect(reader.episode(episodeOf(run))).rejects.toMatchObject(sealedError);
      }
      told.push(purpose);
    }
    expect(told.filter((purpose) => purpose === 'heldout').length).toBeGreaterThan(1);
    expect(told).toContain('optimize');
    expect(told).toContain('dev');
    await expect(reader.run('run-other' as StreamName)).rejects.toMatchObject(sealedError);
  });

  it('is no blob of a held-out run, no sealed evidence, and no hidden test, whoever asks by its digest', async () => {
    const { services, line, events, memory } = await judged();
    const reader = new ProposerReader(services.ledger, line.state, memory);
    const open = new Set<Digest>();
    const closed = new Set<Digest>();
    for (const event of events) {
      if (event.type === 'CheckFinished' && event.data.sealed) closed.add(event.data.evidence.digest);
      if (event.type !== 'EvaluationRequested' && event.type !== 'HeldOutUsed') continue;
      const { run } = event.data;
      const isOpen = event.data.purpose === 'optimize';
      if (isOpen) await reader.run(run);
      for (let index = 0; ; index += 1) {
        const episode = episodeOf(run, index);
        const read = await Array.fromAsync(services.ledger.readStream(episode));
        if (read.length === 0) break;
        if (isOpen) await reader.episode(episode);
        for (const { type, data } of read) {
          const isHidden = type === 'ExecutionFinished' && data.tests === 'hidden';
          if (type === 'EpisodeStarted') closed.add(data.hidden.digest);
          for (const { digest } of blobRefsOf(data)) (isOpen && !isHidden ? open : closed).add(digest);
        }
      }
    }
    const onlyClosed = [...closed].filter(
      (digest) => !open.has(digest) || line.state.openedItems.includes(digest),
    );
    expect(onlyClosed.length).toBeGreaterThan(50);
    for (const digest of onlyClosed) await expect(reader.text(digest)).rejects.toMatchObject(sealedError);
    const hidden = events.flatMap((event) =>
      event.type === 'HeldOutOpened' ? [event.data.items.digest] : [],
    );
    for (const digest of hidden) await expect(reader.text(digest)).rejects.toMatchObject(sealedError);
  });
});

describe('a view', () => {
  it('holds of held-out items nothing but the symbol', async () => {
    const { proposer, events } = await judged();
    const text = canonicalJson(proposer.views);
    expect(text).not.toContain(hiddenMarker);
    expect(text).not.toMatch(/heldout-\d/);
    expect(text).not.toMatch(/dev-\d/);
    for (const event of events) {
      if (event.type === 'GateDecided' && event.data.symbol !== null) {
        expect(text).not.toContain(event.data.sentence);
        expect(text).not.toContain(event.data.budgetAfter ?? 'no budget');
      }
      if (event.type !== 'CheckFinished' || !event.data.sealed) continue;
      expect(text).not.toContain(event.data.sentence);
      expect(text).not.toContain(event.data.evidence.digest);
      if (event.data.statistic !== null) expect(text).not.toContain(event.data.statistic);
    }
    expect(proposer.views[2]?.past.map(({ symbol }) => symbol)).toEqual([null, 'promote']);
  });

  it('is the same whatever the held-out runs came to, as long as the symbol is', async () => {
    const viewOf = async (heldout: number) => {
      const services = toyGate(openMemoryStore(), 'one');
      const line = await openToyLine(services);
      const skill = `skill:optimize=0.5,dev=1,heldout=${heldout}`;
      const proposer = new ToyProposer([], {
        propose: ({ past }) => ({ ...contractFor(past.length === 0 ? skill : 'skill:0'), hypothesis: 'h' }),
      });
      await sit(line, services, { proposers: [proposer], proposals: 2 });
      const [, view] = proposer.views;
      // The contents are the proposer's own, and differ.
      return { past: view?.past.map(({ content: _, ...rest }) => rest), classes: view?.classes };
    };
    expect((await viewOf(0.2)).past?.[0]).toMatchObject({ outcome: 'kept', symbol: 'discard' });
    expect(await viewOf(0.2)).toEqual(await viewOf(0.3));
    expect((await viewOf(0.9)).past).toEqual((await viewOf(1)).past);
    expect((await viewOf(1)).past).not.toEqual((await viewOf(0.2)).past);
  });

  it('is bounded, and of the target class first', async () => {
    const parts = { optimize: 40, dev: 12, heldout: 16, final: 0 };
    const services = toyGate(openMemoryStore(), 'one', parts);
    const line = await openToyLine(services, { parts, skill: 'skill:0' });
    const proposer = new ToyProposer(['skill:1']);
    await sit(line, services, { proposers: [proposer], proposals: 1 });
    const memory = await readLineMemory(services.ledger, line);
    expect(proposer.views[0]?.cases.length).toBe(20);
    expect(proposer.views[0]?.tasks).toBe(40);
    const reader = new ProposerReader(services.ledger, line.state, memory);
    await expect(makeProposerView(reader, 'prompt', 'x')).rejects.toMatchObject({ code: 'SLOT_EMPTY' });
  });
});
