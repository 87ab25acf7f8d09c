import { beforeAll, describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { LedgerReplay, replayLedger } from '../../src/loop/replay-ledger.ts';
import { replayScope } from '../../src/loop/replay-scope.ts';
import type { StreamReplay } from '../../src/loop/replay-verdict.ts';
import { episodeStream, suiteStream } from '../../src/loop/stream-names.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { forgeRecords } from '../support/forge-records.ts';
import { splitRun } from '../support/split-run.ts';
import { eventsOf } from '../support/toy-run.ts';

type Edit = (events: PawlEvent[]) => void;
const everything = { sinceMs: null, untilMs: null };
const options = { rederive: null };
const other = sha256Hex('something else');

let original: Awaited<ReturnType<typeof splitRun>>;
beforeAll(async () => {
  original = await splitRun();
});

const forged = (stream: StreamName, edit: Edit): Promise<Ledger> =>
  copyLedger(original.store, {
    stream,
    events: (events) => {
      const copy = structuredClone(events) as PawlEvent[];
      edit(copy);
      return copy;
    },
  });
const verdict = async (stream: StreamName, edit: Edit): Promise<StreamReplay> =>
  new LedgerReplay(await forged(stream, edit), options).stream(stream);

/** Changes one member of the which-th event of a type. */
const change =
  (type: PawlEvent['type'], path: string, value: unknown, which = 0): Edit =>
  (events) => {
    const event = events.filter((each) => each.type === type)[which];
    const keys = path.split('.');
    let target = event?.data as unknown as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) target = target[key] as Record<string, unknown>;
    target[keys.at(-1) as string] = value;
  };
const place = (events: readonly PawlEvent[], type: PawlEvent['type']): number =>
  events.findIndex((event) => event.type === type);
const without =
  (type: PawlEvent['type']): Edit =>
  (events) =>
    void events.splice(place(events, type), 1);

describe('a whole ledger', () => {
  it('is replayed stream by stream, with one verdict', async () => {
    const { ledger } = original;
    const { streams, leftOut } = await replayScope(ledger, { kind: 'all' }, everything);
    const kinds: string[] = [];
    const report = await replayLedger(ledger, streams, options, ({ kind }) => kinds.push(kind));
    expect(kinds).toEqual(['suite', 'run', 'episode', 'episode', 'episode', 'episode']);
    expect(leftOut).toBe(0);
    const { size } = await ledger.head();
    expect(report).toMatchObject({ verdict: 'pass', streams: 6, episodes: 4, events: size, failures: [] });
    // Suite, split, run, four episodes scheduled, resumed and finished.
    expect(report.compared - report.decisions).toBe(9);
  });

  it('has no verdict that says pass where nothing was looked at', async () => {
    expect(await replayLedger(original.ledger, [], options)).toMatchObject({ verdict: 'inconclusive' });
  });

  it('diverges as a whole as soon as one stream does, and names each that does', async () => {
    const { run } = original;
    const copy = await forged(run, change('RunFinished', 'hiddenPass', 40));
    const { streams } = await replayScope(copy, { kind: 'all' }, everything);
    const report = await replayLedger(copy, streams, options);
    expect(report).toMatchObject({ verdict: 'diverged', streams: 6, diverged: 1, inconclusive: 0 });
    expect(report.failures.map(({ stream }) => stream)).toEqual([run]);
  });

  it('says of a kind of stream it does not know that it does not know it', async () => {
    const { ledger } = original;
    const stream = 'slot-something' as StreamName;
    const draft = ledger.draft({ type: 'RunResumed', data: { unfinished: 0 } }, writer, null);
    const copy = await forged(original.run, () => undefined);
    await copy.append(stream, -1, [draft]);
    expect(await new LedgerReplay(copy, options).stream(stream)).toEqual({
      ...{ stream, kind: 'other', verdict: 'inconclusive', events: 1 },
      missing: 'what slot-something is; this build writes no such stream',
    });
  });
});

const writer = { actor: 'test', correlation: 'test' };

describe('a run', () => {
  const paused: PawlEvent = { type: 'RunPaused', data: { reason: 'failure', volatile: { wallMs: 0 } } };
  const spent: PawlEvent = { type: 'BudgetExhausted', data: { kind: 'wallTime', limit: 5, spent: 6 } };
  const forgeries: readonly (readonly [what: string, edit: Edit, revision: number, reason: RegExp])[] = [
    ['that never started', (events) => void events.shift(), 0, /begins with RunStarted/],
    [
      'with other parameters than the strategy takes',
      change('RunStarted', 'strategy.params', { x: 1 }),
      0,
      /params|candidates|x/,
    ],
    ['with parameters that are not complete', change('RunStarted', 'strategy.params', {}), 0, /other data/],
    [
      'with more tasks than it scheduled',
      change('RunStarted', 'tasks', 5),
      6,
      /EpisodeScheduled was asked for/,
    ],
    [
      'with fewer tasks than it scheduled',
      change('RunStarted', 'tasks', 3),
      5,
      /nothing of a run leads to it/,
    ],
    ['of a split that nobody froze', change('RunStarted', 'split', 'final'), 0, /was frozen before the run/],
    ['with flags out of order', change('RunStarted', 'flags', [1, 1]), 0, /ascending/],
    ['without a budget', without('BudgetGranted'), 1, /BudgetGranted was asked for, EpisodeScheduled was/],
    [
      'with an episode of another name',
      change('EpisodeScheduled', 'episode', 'episode-x.0'),
      2,
      /other data/,
    ],
    ['with an episode left out', without('EpisodeScheduled'), 2, /other data/],
    ['with a task that is not in its split', elsewhere, 3, /not in the split/],
    [
      'with a task that is not in its suite',
      change('EpisodeScheduled', 'task', 'zz', 1),
      3,
      /has no task "zz"/,
    ],
    ['with fewer episodes left than there were', change('RunResumed', 'unfinished', 1), 8, /other data/],
    ['that nobody resumed', without('RunResumed'), 9, /nobody resumed it/],
    ['with more solved', change('RunFinished', 'hiddenPass', 4), 10, /other data/],
    ['with another number of episodes', change('RunFinished', 'episodes', 3), 10, /other data/],
    ['that goes on after its end', (events) => void events.push(paused), 11, /a run that has finished/],
    ['that was finished before its episodes', early, 7, /3 episodes had not ended/],
    [
      'that is out of a time nobody granted',
      (events) => void events.splice(10, 0, spent),
      10,
      /granted no ms/,
    ],
    [
      'with an event of an episode in it',
      (events) => void events.splice(7, 0, picked),
      7,
      /nothing of a run/,
    ],
    ['branched off a revision that is not there', branched, 0, /has no revision 99 to branch at/],
  ];
  const picked: PawlEvent = {
    type: 'FinalPicked',
    data: { candidate: null, publicPass: false, reason: 'no_candidate' },
  };
  function early(events: PawlEvent[]): void {
    const at = place(events, 'RunPaused');
    events.splice(at, events.length - at, events.at(-1) as PawlEvent);
  }
  function elsewhere(events: PawlEvent[]): void {
    const scheduled = events.flatMap(({ type, data }) => (type === 'EpisodeScheduled' ? [data.task] : []));
    const outside = original.suite.tasks.find(({ view }) => !scheduled.includes(view.id));
    change('EpisodeScheduled', 'task', outside?.view.id, 1)(events);
  }
  function branched(events: PawlEvent[]): void {
    change('RunStarted', 'forkedFrom', { stream: episodeStream(original.run, 0), revision: 99 })(events);
  }

  it.each(forgeries)('%s', async (_, edit, revision, reason) => {
    const told = await verdict(original.run, edit);
    expect(told).toMatchObject({ verdict: 'diverged', divergence: { revision } });
    if (told.verdict === 'diverged') expect(told.divergence.reason).toMatch(reason);
  });

  it('whose events are cut off is told so', async () => {
    const told = await verdict(original.run, (events) => void events.splice(4));
    expect(told).toMatchObject({ verdict: 'diverged', divergence: { revision: 4, layer: 'history' } });
  });

  it('shows the totals that follow beside those that were recorded', async () => {
    const { run, ledger } = original;
    const ended = (await eventsOf(ledger, run)).at(-1)?.data as { readonly publicPass: number };
    const told = await verdict(run, change('RunFinished', 'publicPass', 9));
    expect(told).toMatchObject({
      divergence: { members: [{ member: 'publicPass', asked: ended.publicPass, recorded: 9 }] },
    });
  });

  it.each([
    ['a strategy of another version', 'strategy.version', 7, /sequential-feedback version 7; this build has/],
    ['a strategy that is not here', 'strategy.name', 'tree', /There is no strategy "tree"/],
    [
      'a scorer of another version',
      'scorer.version',
      2,
      /the scorer tests version 2; this build has version 1/,
    ],
    ['a scorer that is not here', 'scorer.name', 'eyes', /There is no scorer "eyes"/],
    ['a flag of a later build', 'flags', [1, 9999], /replay flag 9999, which this build does not know/],
    ['a suite that is not here', 'suite', other, /holds no suite/],
    [
      'a parent that is not here',
      'forkedFrom',
      { stream: 'episode-gone.0', revision: 2 },
      /episode-gone\.0, which/,
    ],
  ])('of %s is inconclusive, never a pass', async (_, path, value, missing) => {
    const told = await verdict(original.run, change('RunStarted', path, value));
    expect(told).toMatchObject({ verdict: 'inconclusive', missing: expect.stringMatching(missing) });
  });

  it('that begins with what no ledger appended takes its episodes with it', async () => {
    const { run, store } = original;
    const copy = await forgeRecords(store, (record) => {
      if (record.type === 'RunStarted') record.data = { ...record.data, forkedFrom: 'x' };
    });
    const replay = new LedgerReplay(copy, options);
    const divergence = { stream: run, revision: 0, reason: 'no RunStarted has such data' };
    for (const stream of [run, episodeStream(run, 0)])
      expect(await replay.stream(stream)).toMatchObject({ verdict: 'diverged', divergence });
  });

  it('of a strategy, scorer or flag that is not here leaves its episodes inconclusive as well', async () => {
    for (const [path, value] of [
      ['strategy.version', 7],
      ['scorer.version', 2],
      ['flags', [1, 9999]],
    ] as const) {
      const { run, store } = original;
      const episode = episodeStream(run, 0);
      const edited = await forged(run, change('RunStarted', path, value));
      const copy =
        path === 'strategy.version'
          ? await copyLedger(edited.store, {
              stream: episode,
              events: (events) => {
                const copied = structuredClone(events) as PawlEvent[];
                change('EpisodeStarted', path, value)(copied);
                return copied;
              },
            })
          : edited;
      expect(store).not.toBe(copy.store);
      const told = await new LedgerReplay(copy, options).stream(episode);
      expect(told, path).toMatchObject({ verdict: 'inconclusive' });
    }
  });
});

describe('a suite', () => {
  const stream = () => suiteStream(original.suite.digest);

  it.each<readonly [what: string, edit: Edit, revision: number, reason: RegExp]>([
    ['that was never registered', without('SuiteRegistered'), 0, /begins with SuiteRegistered/],
    ['with another number of tasks', change('SuiteRegistered', 'tasks', 9), 0, /another suite/],
    ['with other languages', change('SuiteRegistered', 'languages', ['python']), 0, /another suite/],
    [
      'with another number of members in a split',
      change('SplitFrozen', 'tasks', 3),
      1,
      /holds 4 tasks, not 3/,
    ],
    ['with a split of another suite', change('SplitFrozen', 'suite', other), 1, /about another suite/],
    ['with a split under another name', change('SplitFrozen', 'split', 'heldout'), 1, /draws other tasks/],
    [
      'with a split frozen twice',
      (events) => void events.push(events[1] as PawlEvent),
      2,
      /was frozen before/,
    ],
  ])('%s', async (_, edit, revision, reason) => {
    const told = await verdict(stream(), edit);
    expect(told).toMatchObject({ verdict: 'diverged', divergence: { revision } });
    if (told.verdict === 'diverged') expect(told.divergence.reason).toMatch(reason);
  });

  it('whose split was drawn by a plan that is not known here is inconclusive', async () => {
    expect(await verdict(stream(), change('SplitFrozen', 'seed', 'mine'))).toMatchObject({
      verdict: 'inconclusive',
      missing: 'how the split "optimize" was drawn: no plan of this build has the seed "mine"',
    });
  });

  it('with other tasks in a split than the seed draws diverges', async () => {
    const ids = original.suite.tasks.map(({ view }) => view.id).slice(0, 4);
    const copy = await frozenAs(ids);
    expect(await new LedgerReplay(copy, options).stream(stream())).toMatchObject({
      verdict: 'diverged',
      divergence: { revision: 1, reason: 'the seed "default-1" draws other tasks as "optimize"' },
    });
  });

  it.each([
    ['in another order', ['t1', 't0'], /not a list of tasks of the suite in its order/],
    ['that it does not have', ['t0', 'zz'], /not a list of tasks of the suite in its order/],
  ])('with tasks in a split %s diverges', async (_, ids, reason) => {
    const told = await new LedgerReplay(await frozenAs(ids), options).stream(stream());
    expect(told).toMatchObject({ divergence: { revision: 1, reason: expect.stringMatching(reason) } });
  });

  async function frozenAs(ids: readonly string[]): Promise<Ledger> {
    const text = JSON.stringify(ids);
    const members = { digest: sha256Hex(text), bytes: Buffer.byteLength(text) };
    const copy = await forged(stream(), (events) => {
      change('SplitFrozen', 'members', members)(events);
      change('SplitFrozen', 'tasks', ids.length)(events);
    });
    await copy.putBlobs([{ digest: members.digest, bytes: Buffer.from(text) }]);
    return copy;
  }

  it('one of whose tasks is gone is inconclusive', async () => {
    const manifest = await eventsOf(original.ledger, stream());
    const registered = manifest[0];
    if (registered?.type !== 'SuiteRegistered') throw new Error('moved');
    const [first] = JSON.parse(await original.ledger.getText(registered.data.manifest.digest));
    const events = (same: readonly PawlEvent[]) => same;
    for (const digest of [first.hidden.digest, first.view.digest, registered.data.manifest.digest]) {
      const copy = await copyLedger(original.store, { stream: stream(), events, without: digest });
      expect(await new LedgerReplay(copy, options).stream(stream())).toMatchObject({
        verdict: 'inconclusive',
        missing: `No blob ${digest} is in the ledger.`,
      });
    }
  });
});

describe('an audit stream', () => {
  const finished: PawlEvent = {
    type: 'ReplayFinished',
    data: {
      ...{ mode: 'replay', scope: 'all', verdict: 'pass', streams: 1, compared: 1, diverged: 0 },
      ...{ inconclusive: 0, size: 1, pawl: '0.2.0' },
    },
  };

  it('holds facts that nothing derives again, each in its own stream', async () => {
    const copy = await forged(original.run, () => undefined);
    const replays = 'audit-replays' as StreamName;
    const findings = 'audit-findings' as StreamName;
    await copy.append(replays, -1, [copy.draft(finished, writer, null)]);
    await copy.append(findings, -1, [copy.draft(finished, writer, null)]);
    const replay = new LedgerReplay(copy, options);
    expect(await replay.stream(replays)).toEqual({
      ...{ stream: replays, kind: 'audit', verdict: 'pass', events: 1, decisions: 0, finished: true },
    });
    expect(await replay.stream(findings)).toMatchObject({
      verdict: 'diverged',
      divergence: {
        revision: 0,
        layer: 'kind',
        reason: 'audit-findings holds FindingRaised and nothing else',
      },
    });
  });

  it.each([
    ['pass', 1, 0],
    ['pass', 0, 1],
    ['inconclusive', 1, 1],
  ] as const)(
    'holds no replay that came to %s with %i diverged and %i inconclusive',
    async (verdict, diverged, inconclusive) => {
      const copy = await forged(original.run, () => undefined);
      const replays = 'audit-replays' as StreamName;
      const data = { ...finished.data, verdict, diverged, inconclusive };
      await copy.append(replays, -1, [copy.draft({ ...finished, data } as PawlEvent, writer, null)]);
      expect(await new LedgerReplay(copy, options).stream(replays)).toMatchObject({
        verdict: 'diverged',
        divergence: {
          layer: 'content',
          reason: `with ${diverged} diverged and ${inconclusive} inconclusive the verdict cannot be ${verdict}`,
        },
      });
    },
  );
});
