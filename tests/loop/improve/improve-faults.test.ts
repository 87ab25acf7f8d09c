import { expect, it } from 'vitest';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { type Fault, FaultyStore } from '../../support/faulty-store.ts';
import { sit, ToyProposer, withoutIds } from '../../support/toy-improvement.ts';
import { eventsOfLine, openToyLine, reopen, type ToyParts, toyGate } from '../../support/toy-line.ts';

const parts: ToyParts = { optimize: 2, dev: 6, heldout: 8, final: 0 };
const isLong = process.env['PAWL_LONG'] === '1';
/** The others are a run's appends, which have a test of their own; some of them are tried here as well. */
const everyRunAppend = isLong ? 1 : 17;

async function session(store: EventStore, label: string): Promise<boolean> {
  const services = toyGate(store, label, parts);
  const proposers = [new ToyProposer(['skill:0', 'skill:1', 'skill:0.5'])];
  return reopen(services)
    .then((line) => sit(line, services, { proposers }))
    .then(
      ({ status }) => status === 'finished',
      () => false,
    );
}

async function opened(): Promise<EventStore> {
  const store = openMemoryStore();
  await openToyLine(toyGate(store, 'start', parts), { parts });
  return store;
}

async function contentOf(store: EventStore): Promise<readonly string[]> {
  const services = toyGate(store, 'reader', parts);
  return withoutIds(services.ledger, await eventsOfLine(services, await reopen(services)));
}

/** Which streams the appends of an undisturbed sitting go to, in order. */
async function undisturbed() {
  const store = await opened();
  const streams: string[] = [];
  // Methods with private members want their own object.
  const watched = new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]) => {
        if (name === 'append') streams.push((given[0] as { readonly stream: string }).stream);
        return Reflect.apply(value, target, given);
      };
    },
  });
  expect(await session(watched, 'only')).toBe(true);
  return { streams, content: await contentOf(store) };
}

it.each(['dies before', 'dies after', 'acknowledgement lost', 'fails before'] satisfies Fault[])(
  'comes to the same history whichever append %s',
  async (fault) => {
    const { streams, content } = await undisturbed();
    const ofLine = streams.filter((stream) => stream.startsWith('improvement-')).length;
    expect(ofLine).toBeGreaterThan(20);
    for (const [index, stream] of streams.entries()) {
      if (!stream.startsWith('improvement-') && index % everyRunAppend !== 0) continue;
      const store = await opened();
      await session(new FaultyStore(store, fault, index + 1), 'first');
      expect(await session(store, 'second'), `append ${index + 1}`).toBe(true);
      // A run that failed pauses the sitting, and the line says so; all else is as if nothing had happened.
      const told = (await contentOf(store)).filter((line) => !line.startsWith('ImprovementPaused'));
      const begun = told.filter((line) => line.startsWith('ImprovementStarted')).length;
      if (begun === 1) expect(told, `append ${index + 1} to ${stream}`).toEqual(content);
      // The first session had come to its end, and the second one sat again.
      else expect(told.slice(0, content.length), `append ${index + 1} to ${stream}`).toEqual(content);
      expect((await verifyLedger(store)).problems).toEqual([]);
      expect((await verifyLines(toyGate(store, 'auditor', parts).ledger)).problems).toEqual([]);
    }
  },
  120_000,
);
