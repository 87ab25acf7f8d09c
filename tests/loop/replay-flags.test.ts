import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { currentFlags, type ReplayFlag, replayFlags } from '../../src/events/replay-flags.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { LedgerReplay } from '../../src/loop/replay-ledger.ts';
import { loadGolden, readGolden } from '../golden/golden-files.ts';
import { forgeRecords } from '../support/forge-records.ts';
import { repairedEpisode } from '../support/repaired-episode.ts';
import { repositoryRoot } from '../support/repository-root.ts';

const table: readonly ReplayFlag[] = Object.values(replayFlags);

describe('the page of replay flags', () => {
  it('says what the table says, flag by flag', () => {
    const page = readFileSync(join(repositoryRoot, 'docs/reference/replay-flags.md'), 'utf8');
    const rows = page.split('\n').flatMap((line) => {
      const [, number, name, since, meaning] = /^\| (\d+) \| `([^`]+)` \| (\S+) \| (.+) \|$/.exec(line) ?? [];
      return number === undefined ? [] : [{ number: Number(number), name, meaning, since }];
    });
    expect(rows).toEqual(table);
  });

  it('is of a table whose numbers begin at 1 and leave none out, so that none was removed or used twice', () => {
    expect(table.map(({ number }) => number)).toEqual(table.map((_, index) => index + 1));
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    expect(currentFlags).toEqual(table.map(({ number }) => number));
  });

  it('names versions that do not go backwards', () => {
    const places = table.map(({ since }) => since.split('.').map(Number));
    expect(places.every((parts) => parts.length === 3 && parts.every(Number.isSafeInteger))).toBe(true);
    const sorted = places.toSorted((left, right) =>
      left.reduce((order, part, index) => order || part - (right[index] ?? 0), 0),
    );
    expect(places).toEqual(sorted);
  });
});

/** Verdict of every run and episode, and what the first divergence is about. */
async function verdicts(ledger: Ledger): Promise<ReadonlyMap<string, string>> {
  const replay = new LedgerReplay(ledger, { rederive: null });
  const told = new Map<string, string>();
  for await (const stream of ledger.streams('')) {
    const done = await replay.stream(stream);
    if (done.kind !== 'episode') continue;
    const at = done.verdict === 'diverged' ? ` ${done.divergence.asked?.type} ${done.divergence.layer}` : '';
    const missing = done.verdict === 'inconclusive' ? ` ${done.missing}` : '';
    told.set(stream, `${done.verdict}${at}${missing}`);
  }
  return told;
}

/** Episodes that show a program which the task handed out in a later prompt: the ones that flag 1 is about. */
function concerned(events: readonly AnyRecordedEvent[]): ReadonlySet<string> {
  const given = new Map<string, string>();
  const found = new Set<string>();
  for (const { stream, type, data } of events) {
    if (type === 'CandidateGenerated' && data.key === null) given.set(stream, data.candidate);
    if (type !== 'GenerationRequested') continue;
    if (data.dialogue.some(({ candidate }) => candidate === given.get(stream))) found.add(stream);
  }
  return found;
}

const flagged = (ledger: Ledger, flags: readonly number[]): Promise<Ledger> =>
  forgeRecords(ledger.store, (record) => {
    if (record.type !== 'RunStarted') return;
    // The version that knows of flags; before it there was no member for them, nor for containers.
    const since = { prompt: null, forkedFrom: null, imported: null };
    const sandbox = (record.data['sandbox'] as readonly object[]).map((one) => ({ container: null, ...one }));
    Object.assign(record, { version: 2, data: { ...since, ...record.data, sandbox, flags } });
  });

describe('flag 1 on the golden ledger of 0.1.0', () => {
  it('does not hold there: every episode replays the old way', async () => {
    const ledger = await loadGolden(readGolden('0.1.0'));
    expect(new Set((await verdicts(ledger)).values())).toEqual(new Set(['pass']));
  });

  it('written into it makes exactly the episodes diverge whose prompts it is about', async () => {
    const golden = await loadGolden(readGolden('0.1.0'));
    const about = concerned(await Array.fromAsync(golden.readAll()));
    expect(about.size).toBeGreaterThan(3);
    const told = await verdicts(await flagged(golden, [1]));
    expect(told.size).toBeGreaterThan(about.size);
    for (const [stream, verdict] of told)
      expect(verdict, stream).toBe(about.has(stream) ? 'diverged GenerationRequested content' : 'pass');
  });

  it('shows what it would have changed, as the text of a prompt', async () => {
    const golden = await loadGolden(readGolden('0.1.0'));
    const [stream] = concerned(await Array.fromAsync(golden.readAll()));
    const replay = new LedgerReplay(await flagged(golden, [1]), { rederive: null });
    const told = await replay.stream(stream as never);
    const [text] = told.verdict === 'diverged' ? told.divergence.texts : [];
    expect(text?.member).toBe('prompt');
    expect(text?.diff.split('\n')).toContain('+The program to repair, as it is above.');
  });
});

describe('flag 1 on a run of today', () => {
  it('holds; taken out of the run, its prompts are other prompts', async () => {
    const { ledger, stream } = await repairedEpisode();
    expect((await verdicts(ledger)).get(stream)).toBe('pass');
    expect((await verdicts(await flagged(ledger, []))).get(stream)).toBe(
      'diverged GenerationRequested content',
    );
  });

  it('beside one that this build does not know is inconclusive, whatever the rest would say', async () => {
    const { ledger, stream } = await repairedEpisode();
    const unknown = table.length + 1;
    for (const flags of [[1, unknown], [unknown]]) {
      expect((await verdicts(await flagged(ledger, flags))).get(stream)).toBe(
        `inconclusive replay flag ${unknown}, which this build does not know`,
      );
    }
  });
});
