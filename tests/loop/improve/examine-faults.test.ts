import { beforeAll, describe, expect, it } from 'vitest';
import type { AppendRequest, AppendResult, EventStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { examine } from '../../../src/loop/improve/examine/examine.ts';
import { verifyLines } from '../../../src/loop/improve/verify-lines.ts';
import { type Fault, FaultyStore, faults } from '../../support/faulty-store.ts';
import {
  openToyLine,
  proposeContent,
  reopen,
  skilled,
  type ToyGate,
  type ToyLineOptions,
  toyGate,
} from '../../support/toy-line.ts';

const never = { pause: new AbortController().signal, abort: new AbortController().signal };
const parts = { optimize: 1, dev: 4, heldout: 8, final: 1 };
const options: ToyLineOptions = { parts };
/** A session may go on by itself after these. */
const passing: readonly Fault[] = ['fails before', 'acknowledgement lost'];
/** What happens within an episode is tried elsewhere, for every strategy; here too where there is time. */
const everywhere = process.env['PAWL_LONG'] === '1';
const tried: readonly Fault[] = everywhere ? faults : ['dies before', 'dies after'];

/** As `FaultyStore`, with its fault at the k-th append to the line or to a run, not counting those of episodes. */
class FaultyLine extends FaultyStore {
  readonly #store: EventStore;

  constructor(store: EventStore, fault: Fault | null, at: number) {
    super(store, fault, at);
    this.#store = store;
  }

  override async append(request: AppendRequest): Promise<AppendResult> {
    if (everywhere || !request.stream.startsWith('episode-')) return super.append(request);
    // Throws when the process is gone.
    await this.lastRevision(request.stream);
    return this.#store.append(request);
  }
}

async function prepared(store: EventStore, skill: string): Promise<string> {
  const services = toyGate(store, 'start', parts);
  const line = await openToyLine(services, options);
  return proposeContent(line, services, { content: skilled(skill) });
}

/** One process that examines the proposal until it ends or dies; true when it came to the end. */
async function session(services: ToyGate, id: string): Promise<boolean> {
  const line = await reopen(services).catch(() => null);
  if (line === null) return false;
  return examine(line, services, id, never).then(
    () => true,
    () => false,
  );
}

/** What the line came to, without the names of runs and the time they took. */
async function outcomeOf(store: EventStore, id: string) {
  const services = toyGate(store, 'reader', parts);
  const { state, evaluations } = await reopen(services);
  const { decision, promoted, discarded, examination } = state.proposals[id] ?? {};
  return {
    ...{ working: state.digests.working, certified: state.digests.certified, promoted, discarded },
    decision: decision && { ...decision, revision: 0 },
    checks: examination?.checks.map(({ check, verdict, statistic }) => ({ check, verdict, statistic })),
    symbols: state.epoch?.symbols,
    exhausted: state.epoch?.exhausted,
    budget: state.epoch?.account.budget,
    // An evaluation that was asked for twice would be two here.
    runs: evaluations.runs.map(({ purpose, side, configuration, items }) => ({
      ...{ purpose, side, configuration, items },
    })),
  };
}

async function undisturbed(skill: string) {
  const store = openMemoryStore();
  const id = await prepared(store, skill);
  const counting = new FaultyLine(store, null, 0);
  const services = toyGate(counting, 'only', parts);
  expect(await session(services, id)).toBe(true);
  return { outcome: await outcomeOf(store, id), appends: counting.appends, generated: services.generated() };
}

describe.each([
  ['one that is promoted', 'skill:1'],
  ['one that is better on dev alone', 'skill:dev=1,heldout=0.25'],
  ['one that is no better on dev', 'skill:dev=0.25,heldout=1'],
])('an examination of %s', (_, skill) => {
  let expected: Awaited<ReturnType<typeof undisturbed>>;
  beforeAll(async () => {
    expected = await undisturbed(skill);
  });

  it.each(tried)(
    'comes to the same end whichever append %s',
    async (fault) => {
      expect(expected.appends).toBeGreaterThan(10);
      for (let at = 1; at <= expected.appends; at += 1) {
        const store = openMemoryStore();
        const id = await prepared(store, skill);
        const first = toyGate(new FaultyLine(store, fault, at), 'first', parts);
        const isAtEnd = await session(first, id);
        if (!passing.includes(fault)) expect(isAtEnd, `append ${at}`).toBe(false);
        const second = toyGate(store, 'second', parts);
        expect(await session(second, id), `append ${at}`).toBe(true);
        expect(await outcomeOf(store, id), `append ${at}`).toEqual(expected.outcome);
        // At most what was under way when the process died is done again.
        const again = first.generated() + second.generated() - expected.generated;
        expect(again, `append ${at}`).toBeLessThanOrEqual(1);
        expect((await verifyLines(second.ledger)).problems, `append ${at}`).toEqual([]);
        expect((await verifyLedger(store)).problems, `append ${at}`).toEqual([]);
      }
    },
    everywhere ? 600_000 : 30_000,
  );
});
