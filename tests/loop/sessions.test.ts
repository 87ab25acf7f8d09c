import { describe, expect, it } from 'vitest';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { settle } from '../support/gate.ts';
import { runOf, type Session, session } from '../support/gated-session.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { episodeOf } from '../support/story.ts';
import { testEnvironment } from '../support/test-environment.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, outcomeDigest, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = [toyTask('a', 2), toyTask('b', 3), toyTask('c', 4), toyTask('d', 2)];
const setting = { strategy: 'sequential-feedback', params: { candidates: 3 }, tasks };

async function undisturbed() {
  const ledger = toyLedger(openMemoryStore(), 'undisturbed');
  const run = await startToyRun(ledger, setting);
  await workOn(ledger, run);
  return outcomeDigest(ledger, run);
}

/** Opens whatever waits, first come first served, until nothing does. */
async function drain({ gate }: Session): Promise<void> {
  for (await settle(); gate.waiting.length > 0; await settle()) {
    for (const name of gate.waiting) gate.open(name);
  }
}

describe('concurrency', () => {
  it.each([1, 2, 3])('of %i is how many episodes are worked on, and no more', async (concurrency) => {
    const { ledger, run } = await runOf(setting);
    const one = session(ledger, run, { concurrency });
    for (await settle(); one.gate.waiting.length > 0; await settle()) {
      expect(one.gate.waiting).toHaveLength(Math.min(concurrency, one.unfinished()));
      one.gate.open(one.gate.waiting[0] as string);
    }
    expect(await one.ended).toMatchObject({ status: 'finished', episodesFinished: 4 });
  });

  it.each([0, -1, 1.5, Number.NaN])('of %d is a defect of the caller', async (concurrency) => {
    const { ledger, run } = await runOf(setting);
    await expect(workOn(ledger, run, { concurrency })).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a pause', () => {
  it('lets what is under way finish, records it and starts nothing new', async () => {
    const { ledger, run, store } = await runOf(setting);
    const first = session(ledger, run, { concurrency: 2 });
    await settle();
    const [one, two] = first.gate.waiting as [string, string];
    first.gate.open(one);
    await settle();
    expect(first.gate.waiting).toHaveLength(2);
    first.pause.abort();
    await settle();
    const underWay = first.gate.waiting;
    expect(underWay).toContain(two);
    for (const name of underWay) first.gate.open(name);
    await settle();
    expect(first.gate.waiting).toEqual([]);
    expect(await first.ended).toMatchObject({ status: 'paused', episodesFinished: 0 });
    const events = await eventsOf(ledger, run);
    expect(events.at(-1)).toMatchObject({ type: 'RunPaused', data: { reason: 'interrupted' } });

    const second = session(toyLedger(store, 'second'), run, { concurrency: 2 });
    await drain(second);
    expect(await second.ended).toMatchObject({ status: 'finished', episodesFinished: 4 });
    expect(second.gate.arrivals.filter((name) => first.gate.arrivals.includes(name))).toEqual([]);
    expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
    expect((await eventsOf(ledger, run)).slice(-4).map(({ type }) => type)).toEqual([
      ...['RunPaused', 'RunResumed', 'EnvironmentCaptured', 'RunFinished'],
    ]);
  });

  it('before anything began leaves a paused run that begins later', async () => {
    const { ledger, run } = await runOf(setting);
    const pause = AbortSignal.abort();
    expect(await workOn(ledger, run, { pause })).toMatchObject({ status: 'paused', episodesFinished: 0 });
    expect(await workOn(ledger, run)).toMatchObject({ status: 'finished', episodesFinished: 4 });
    expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
  });
});

describe('an abort', () => {
  it('drops what is under way; nothing is appended afterwards and a resume goes on', async () => {
    for (let opened = 0; opened < 12; opened += 1) {
      const { ledger, run, store } = await runOf(setting);
      const first = session(ledger, run, { concurrency: 3 });
      await settle();
      for (let index = 0; index < opened; index += 1) {
        first.gate.open(first.gate.waiting[index % first.gate.waiting.length] as string);
        await settle();
      }
      // One effect is let through in the same moment: too late as well.
      first.abort.abort(new PawlError('INTERRUPTED', 'Stopped.'));
      const { size } = await store.head();
      for (const name of first.gate.waiting) first.gate.open(name);
      await expect(first.ended).rejects.toMatchObject({ code: 'INTERRUPTED' });
      await settle();
      expect((await store.head()).size).toBe(size);
      await workOn(toyLedger(store, 'second'), run, { concurrency: 3 });
      expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
    }
  });

  it('ends at once also when a generator does not listen', async () => {
    const { ledger, run } = await runOf(setting);
    const generator = new ScriptedGenerator();
    generator.generate = () => new Promise(() => undefined);
    const abort = new AbortController();
    const ended = workOn(ledger, run, { generator, concurrency: 2, abort: abort.signal });
    await settle();
    abort.abort(new PawlError('INTERRUPTED', 'Stopped.'));
    await expect(ended).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('two sessions on one ledger', () => {
  it('cannot fork history: one of them is refused, and the run comes to the same end', async () => {
    const { ledger, run, store } = await runOf(setting);
    const first = session(ledger, run, { concurrency: 2 });
    await settle();
    const second = session(toyLedger(store, 'second'), run, { concurrency: 2 });
    await settle();
    // Both asked for the same things; the first hears back first.
    first.gate.open(first.gate.waiting[0] as string);
    await settle();
    await drain(second);
    await expect(second.ended).rejects.toMatchObject({ code: 'WRONG_EXPECTED_REVISION' });
    await drain(first);
    await expect(first.ended).rejects.toMatchObject({ code: 'WRONG_EXPECTED_REVISION' });
    await workOn(toyLedger(store, 'third'), run);
    expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
    expect((await verifyLedger(store)).problems).toEqual([]);
  });

  it('started in the same moment differ at the first append', async () => {
    const { ledger, run, store } = await runOf(setting);
    const ends = await Promise.allSettled([
      workOn(ledger, run),
      workOn(toyLedger(store, 'second'), run),
      workOn(toyLedger(store, 'third'), run),
    ]);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'WRONG_EXPECTED_REVISION' });
    }
    await workOn(toyLedger(store, 'fourth'), run);
    expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
  });
});

describe('a failure of one episode', () => {
  it('stops the others as a pause does; a run that another session goes on with is not paused', async () => {
    const { ledger, run, store } = await runOf(setting);
    const first = session(ledger, run, { concurrency: 3 });
    await settle();
    // Somebody else writes into the second episode.
    const [, second] = await Array.fromAsync(store.streams('episode-'));
    const events = await eventsOf(ledger, second as never);
    const event = { type: 'BudgetExhausted', data: { kind: 'wallTime', limit: 1, spent: 1 } } as const;
    const draft = toyLedger(store, 'intruder').draft(event, { actor: 'x', correlation: '' }, null);
    await ledger.append(second as never, events.length - 1, [draft]);
    await drain(first);
    await expect(first.ended).rejects.toMatchObject({ code: 'WRONG_EXPECTED_REVISION' });
    expect((await eventsOf(ledger, run)).some(({ type }) => type === 'RunPaused')).toBe(false);
    expect(first.gate.arrivals.length).toBeLessThan(8);
  });

  it('that has nothing to do with the ledger pauses the run and is told', async () => {
    const { ledger, run } = await runOf(setting);
    const onEvent = (event: { type: string }) => {
      if (event.type === 'FinalPicked') throw new Error('the terminal is gone');
    };
    await expect(workOn(ledger, run, { onEvent, concurrency: 2 })).rejects.toThrow('the terminal is gone');
    const last = (await eventsOf(ledger, run)).at(-1);
    expect(last).toMatchObject({ type: 'RunPaused', data: { reason: 'failure' } });
    await workOn(ledger, run);
    expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
  });
});

describe('the environment', () => {
  it('is written down by every session before it does anything else, also by one that is stopped at once', async () => {
    const { ledger, run } = await runOf(setting);
    await workOn(ledger, run, { pause: AbortSignal.abort() });
    await workOn(ledger, run, { abort: AbortSignal.abort(new Error('stopped')) }).catch(() => undefined);
    await workOn(ledger, run);
    const own = (await eventsOf(ledger, run)).slice(2 + tasks.length);
    expect(own.map(({ type }) => type)).toEqual([
      ...['EnvironmentCaptured', 'RunPaused', 'RunResumed', 'EnvironmentCaptured', 'RunFinished'],
    ]);
    expect(own[0]?.data).toEqual(testEnvironment);
    const first = (await eventsOf(ledger, episodeOf(run)))[0];
    expect(first?.position).toBeGreaterThan(own[3]?.position ?? 0);
  });
});
