import { join } from 'node:path';
import { expect, test } from 'vitest';
import { episodeProjection } from '../../projections/episode.ts';
import { fold } from '../../projections/projection.ts';
import { runProjection } from '../../projections/run.ts';
import { runOutcomeDigest } from '../../projections/run-outcome.ts';
import { decodeRecord } from '../../src/events/record.ts';
import { effectKeyText } from '../../src/events/shapes.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { temporaryDirectory } from '../ledger/temporary-directory.ts';
import { type Killed, type KillMoment, runPawl } from './killed-command.ts';

const long = process.env['PAWL_LONG'] === '1';
const killsWanted = long ? 200 : 8;
const seed = process.env['PAWL_SEED'] ?? 'kill-9';
/** A campaign is one run with its kills; after so many it is left to finish. */
const killsPerRunMax = long ? 10 : 4;
const strategies = ['sequential-feedback', 'best-of-n', 'unary-retry'] as const;

const runArgs = (strategy: string) => [
  ...['run', '--strategy', strategy, '--limit', '8', '--candidates', '8', '--seed', 'k'],
];

/** The ledger as a stranger finds it. */
async function examine(path: string) {
  const store = await openSqliteStore({ path, mode: 'read' });
  try {
    const records = await Array.fromAsync(store.readAll());
    const events = records.map(({ position, bytes }) => decodeRecord(position, bytes));
    const runs = fold(runProjection, events);
    const episodes = fold(episodeProjection, events);
    const [run] = Object.keys(runs.runs) as StreamName[];
    const outcomes = events.flatMap(({ type, data, stream }) =>
      type === 'ExecutionFinished' ||
      ((type === 'CandidateGenerated' || type === 'CandidateRejected') && data.key)
        ? [`${stream} ${data.key === null ? '' : effectKeyText(data.key)}`]
        : [],
    );
    return {
      run,
      bytes: records.map((record) => Buffer.from(record.bytes)),
      finished: run !== undefined && runs.runs[run]?.status === 'finished',
      digest: run === undefined ? null : runOutcomeDigest(runs, episodes, run),
      // For people, when the digests differ: what each episode came to, apart from names.
      told: Object.values(episodes.episodes)
        .map(({ run: _run, ...episode }) => episode)
        .sort((left, right) => left.index - right.index),
      twice: outcomes.filter((outcome, index) => outcomes.indexOf(outcome) !== index),
      problems: (await verifyLedger(store, { deep: true })).problems,
      ids: new Set(events.map(({ id }) => id)).size,
    };
  } finally {
    await store.close();
  }
}

function moment(random: Random): KillMoment {
  return random.float() < 0.5
    ? { kind: 'after time', ms: random.int(0, 1500) }
    : { kind: 'after records', count: random.int(1, 120) };
}

/** What was seen before the kill must be there after it, byte for byte. */
function expectKept({ seen }: Killed, bytes: readonly Buffer[]): void {
  for (const [position, before] of seen) expect(bytes[position]?.equals(before), `${position}`).toBe(true);
}

test(
  `${killsWanted} runs killed with SIGKILL and resumed come to the end of an undisturbed run (seed ${seed})`,
  async () => {
    const random = seededRandom(seed);
    const directory = temporaryDirectory();
    const expected = new Map<string, Awaited<ReturnType<typeof examine>>>();
    const undisturbed = async (strategy: string) => {
      const known = expected.get(strategy);
      if (known !== undefined) return known;
      const path = join(directory, `${strategy}.db`);
      const { exitCode, stderr } = await runPawl(path, runArgs(strategy), null);
      expect(exitCode, stderr).toBe(0);
      const reference = await examine(path);
      expect(reference.finished).toBe(true);
      expected.set(strategy, reference);
      return reference;
    };
    const tally = { kills: 0, sessions: 0, runs: 0, seen: 0, emptyLedgers: 0 };
    for (; tally.kills < killsWanted; tally.runs += 1) {
      const strategy = strategies[tally.runs % strategies.length] as (typeof strategies)[number];
      const path = join(directory, `campaign-${tally.runs}.db`);
      let started = false;
      for (let kills = 0, finished = false; !finished; ) {
        const last = kills >= killsPerRunMax || tally.kills >= killsWanted;
        const args = started ? ['resume'] : runArgs(strategy);
        const ended = await runPawl(path, args, last ? null : moment(random));
        tally.sessions += 1;
        tally.seen += ended.seen.size;
        if (ended.killed) {
          kills += 1;
          tally.kills += 1;
        } else expect(ended.exitCode, ended.stderr).toBe(0);
        const found = await examine(path).catch((error) => {
          // Killed before there was a ledger; nobody can have seen anything of it.
          if (ended.seen.size === 0 && error.code === 'LEDGER_NOT_FOUND') return null;
          throw error;
        });
        if (found === null) {
          tally.emptyLedgers += 1;
          continue;
        }
        expectKept(ended, found.bytes);
        expect(found.problems).toEqual([]);
        expect(found.twice).toEqual([]);
        expect(found.ids).toBe(found.bytes.length);
        started = found.run !== undefined;
        finished = found.finished;
        if (finished) {
          const reference = await undisturbed(strategy);
          expect(found.told, `campaign ${tally.runs}: ${strategy}`).toEqual(reference.told);
          expect(found.digest).toBe(reference.digest);
        }
      }
    }
    if (long) process.stdout.write(`${JSON.stringify({ seed, ...tally })}\n`);
    expect(tally.seen).toBeGreaterThan(killsWanted * 10);
  },
  long ? 1_800_000 : 120_000,
);
