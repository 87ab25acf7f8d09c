import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import { currentFlags } from '../../src/events/replay-flags.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { Contents } from '../../src/loop/contents.ts';
import { openEpisode } from '../../src/loop/open-episode.ts';
import { runEpisode } from '../../src/loop/run-episode.ts';
import type { AnyStrategy, Command } from '../../src/strategies/strategy.ts';
import { FaultyStore } from '../support/faulty-store.ts';
import { settle } from '../support/gate.ts';
import { runOf, session } from '../support/gated-session.ts';
import { half, right, saying } from '../support/one-episode.ts';
import { ScriptedSandbox, scriptedFingerprint } from '../support/scripted-sandbox.ts';
import { episodeOf, story } from '../support/story.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, toyServices, workOn } from '../support/toy-run.ts';

const setting = { strategy: 'sequential-feedback', params: { candidates: 3 }, tasks: [toyTask('t', 2)] };

/** Goes on with an episode under another strategy than the registry's. */
async function under(
  decide: (seen: readonly EpisodeEvent[]) => readonly Command[],
  candidates: number | null,
) {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'test');
  const run = await startToyRun(ledger, { ...setting, budget: { candidates } });
  const first = session(ledger, run, {}, 1);
  await settle();
  first.abort.abort(new Error('enough'));
  await first.ended.catch(() => undefined);
  const opened = await openEpisode(ledger, episodeOf(run), null);
  const strategy: AnyStrategy = {
    ...{ name: 'defective', version: 1, summary: '', params: z.object({}) },
    initialState: () => [],
    evolve: (seen: readonly EpisodeEvent[], event) => [...seen, event],
    decide,
  };
  const state = { ...opened.position.state, strategyState: [] };
  const never = new AbortController().signal;
  const context = {
    ...toyServices(ledger, { generator: saying(half, right), sandbox: new ScriptedSandbox() }),
    ...{ strategy, fingerprint: scriptedFingerprint, hidden: opened.hidden, branch: null },
    ...{ contents: new Contents(ledger), flags: currentFlags, template: null },
  };
  return runEpisode({ ...opened.position, state }, context, {
    ...{ pause: never, abort: never, outOfTime: never, wallTime: () => ({ limit: 0, spent: 0 }) },
  });
}

describe('a defective strategy', () => {
  it('that asks for nothing while nothing is under way has stalled', async () => {
    await expect(under(() => [], null)).rejects.toMatchObject({
      code: 'STRATEGY_STALLED',
      message: 'defective asked for nothing although nothing is under way.',
    });
  });

  it('that goes on spending when its budget is exhausted is stopped', async () => {
    const generate: Command = { kind: 'generate', count: 1, parent: null, dialogue: [] };
    await expect(under((seen) => (seen.length === 0 ? [] : [generate]), 1)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'defective asked to generate after its budget was exhausted',
    });
  });

  it('that decides without end is stopped before the memory is full', async () => {
    const score = (seen: readonly EpisodeEvent[]): readonly Command[] => {
      const made = seen.find(({ type }) => type === 'CandidateGenerated');
      const ran = seen.find(({ type }) => type === 'ExecutionFinished');
      if (made?.type !== 'CandidateGenerated') return [];
      const { candidate } = made.data;
      if (ran?.type === 'ExecutionFinished') {
        return [{ kind: 'score', candidate, execution: ran.data.key }];
      }
      return seen.some(({ type }) => type === 'ExecutionRequested') ? [] : [{ kind: 'execute', candidate }];
    };
    await expect(under(score, null)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'defective decides on and on without waiting',
    });
  });
});

/** A ledger that cannot give one blob. */
class Forgetful extends FaultyStore {
  lost: Digest | null = null;

  override async getBlob(digest: Digest): Promise<Uint8Array> {
    if (digest === this.lost) throw new PawlError('STORAGE_FAILED', 'It cannot be read.');
    return super.getBlob(digest);
  }
}

describe('a ledger that cannot be read', () => {
  it('stops the run; it is recorded as nobody’s failure, and the run goes on when it can be read', async () => {
    const store = openMemoryStore();
    const run = await startToyRun(toyLedger(store, 'start'), setting);
    const dying = new FaultyStore(store, 'dies after', 4);
    const dead = workOn(toyLedger(dying, 'first'), run, { generator: saying(half, right) });
    await expect(dead).rejects.toThrow('the process is gone');

    const forgetful = new Forgetful(store, null, 0);
    forgetful.lost = sha256Hex(half);
    const ledger = toyLedger(forgetful, 'second');
    await expect(workOn(ledger, run, { generator: saying(half, right) })).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
    });
    const before = story(await eventsOf(ledger, episodeOf(run)));
    expect(before.at(-1)).toBe('GenerationRequested 2.0.0 sample 1 after #0 showing [#0+]');
    expect((await eventsOf(ledger, run)).at(-1)).toMatchObject({
      ...{ type: 'RunPaused', data: { reason: 'failure' } },
    });
    forgetful.lost = null;
    await workOn(ledger, run, { generator: saying(half, right) });
    const after = story(await eventsOf(ledger, episodeOf(run)));
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-1)).toMatch(/^EpisodeFinished graded public true/);
    expect(after.filter((line) => /Failed/.test(line))).toEqual([]);
  });
});

describe('a run of another build', () => {
  it('is not continued by other rules than it began with', async () => {
    const { ledger, run } = await runOf(setting);
    const scorer = { ...toyServices(ledger, {}).scorer, version: 2 };
    await expect(workOn(ledger, run, { scorer })).rejects.toMatchObject({
      code: 'SCORER_NOT_FOUND',
      message: expect.stringContaining('scores with tests version 1, not with tests version 2'),
    });
    const older = await startToyRun(ledger, { ...setting, strategyVersion: 7 });
    await expect(workOn(ledger, older)).rejects.toMatchObject({
      code: 'STRATEGY_NOT_FOUND',
      message: expect.stringContaining('sequential-feedback version 7; this build has version'),
    });
  });
});
