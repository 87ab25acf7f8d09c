import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { moment } from '../../src/cli/moment.ts';
import { RerunProgress } from '../../src/cli/rerun-progress.ts';
import { RerunReport } from '../../src/cli/rerun-report.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import type { ExecutionCheck } from '../../src/loop/rerun-check.ts';
import type { RunRerun } from '../../src/loop/rerun-episodes.ts';
import { addEpisode, noTotals, totalVerdict } from '../../src/loop/rerun-totals.ts';
import { recordingOutput } from './recording-output.ts';

describe('a moment', () => {
  it('is a date or a time, in UTC unless it says otherwise', () => {
    expect([
      moment('2026-11-21'),
      moment('2026-11-21T00:00'),
      moment('2026-11-21T00:00Z'),
      moment('2026-11-21T02:00:00+02:00'),
      moment('2026-11-21T00:00:00.000'),
    ]).toEqual(Array.from({ length: 5 }, () => Date.UTC(2026, 10, 21)));
  });

  it.each([
    '',
    'yesterday',
    '2026',
    '21.11.2026',
    '2026-13-01',
    '2026-11-21T25:00',
    '2026-11-21 10:00',
    '1e9',
  ])('%j is none', (text) => {
    expect(() => moment(text)).toThrow(InvalidArgumentError);
  });
});

describe('the progress of a rerun', () => {
  it('is a line every five seconds, with the rate and the time left', () => {
    let performed = 0;
    const output = recordingOutput(false);
    const progress = new RerunProgress(400, () => performed, output, steppingClock(0, 1000), process.stderr);
    for (let done = 1; done <= 10; done += 1) {
      performed += 7;
      progress.advance();
    }
    progress.end();
    expect(output.notes).toEqual([
      '5/400 episodes, 35 executions (6/s), 7 min 54 s left',
      '9/400 episodes, 63 executions (6/s), 7 min 58 s left',
    ]);
  });
});

const check = (changes: Partial<ExecutionCheck>): ExecutionCheck => ({
  ...{ stream: 'episode-X.0' as StreamName, revision: 3, key: '0.0.0', candidate: 'c'.repeat(64) as Digest },
  ...{ tests: 'public', verdict: 'pass', layer: 'result', remark: '', missing: null },
  ...{ differences: [], differenceCount: 0, here: null },
  recorded: { outcome: 'passed', passed: 1, total: 1, steps: 1, wallMs: 2 },
  ...changes,
});

const episode = (...checks: ExecutionCheck[]): RunRerun => ({
  ...{ run: 'run-X' as StreamName, episode: 'episode-X.0' as StreamName, task: 't', imported: false },
  ...{ verdict: checks[0]?.verdict ?? 'pass', checks, remark: '' },
});

const missing = check({ verdict: 'inconclusive', missing: 'BLOB_ERASED', remark: 'It was erased.' });
const differing = check({
  ...{ verdict: 'diverged', differenceCount: 3 },
  differences: [
    { place: 'test a', member: 'actual', recorded: '"1"', here: '"2"', patch: null },
    { place: 'the execution', member: 'stdout.text', recorded: '', here: '', patch: '@@\n-a\n+b' },
  ],
});

describe('the report of a rerun', () => {
  const told = (episodes: readonly RunRerun[], verdictsAlone = false): string[] => {
    const texts: string[] = [];
    const report = new RerunReport(
      { ...recordingOutput(false), text: (text) => texts.push(text) },
      verdictsAlone,
    );
    const totals = noTotals();
    for (const one of episodes) {
      addEpisode(totals, one);
      report.episode(one);
    }
    report.end(totals, 1, false);
    return texts;
  };

  it('shows each difference where it is, and texts as a diff', () => {
    expect(told([episode(check({}), check({})), episode(differing)])).toEqual([
      [
        'episode-X.0 (t): diverged',
        '  revision 3, public tests of cccccccccccc (0.0.0): diverged',
        '    test a, actual: recorded "1", here "2"',
        '    the execution, stdout.text:',
        ...['      @@', '      -a', '      +b', '    and 1 more difference'],
      ].join('\n'),
      'Rerun of 2 episodes, 3 executions: 2 as recorded, 1 diverged, 0 inconclusive.',
    ]);
  });

  it('says what is missing three times, and then only counts', () => {
    const lines = told(Array.from({ length: 5 }, () => episode(missing)));
    expect(lines.filter((line) => line.includes('BLOB_ERASED: It was erased.'))).toHaveLength(3);
    expect(lines.at(-1)).toBe(
      'Rerun of 5 episodes, 5 executions: 0 as recorded, 0 diverged, 5 inconclusive.',
    );
  });

  it('says how many are not the same byte for byte, and why that need not be', () => {
    const others = [
      check({}),
      check({ layer: 'statuses' }),
      check({ layer: 'judged' }),
      check({ layer: 'outcome' }),
    ];
    const why = [
      '1 by outcome and statuses only: steps, shown values or output are not the same',
      '1 by their outcome only: a clock had ended them',
      '1 without what commands told beside what decided them, which is not the same',
    ].join('; ');
    expect(told([episode(...others)])).toEqual([
      `Rerun of 1 episode: all 4 executions come out as recorded; ${why}.`,
    ]);
    expect(told([episode(...others)], true)).toEqual([
      `Rerun of 1 episode: all 4 executions come to the verdicts that were recorded; ${why}.`,
    ]);
    expect(told([episode(...others), episode(missing)]).at(-1)).toBe(
      `Rerun of 2 episodes, 5 executions: 4 as recorded, 0 diverged, 1 inconclusive; ${why}.`,
    );
  });

  it('concludes nothing from nothing', () => {
    expect(told([episode()])).toEqual(['Nothing was executed in it, so there is nothing to compare.']);
  });
});

it('the worst verdict is that of the whole', () => {
  const verdictOf = (...episodes: RunRerun[]) => {
    const totals = noTotals();
    for (const one of episodes) addEpisode(totals, one);
    return totalVerdict(totals);
  };
  expect([
    verdictOf(),
    verdictOf(episode(check({}))),
    verdictOf(episode(check({})), episode(missing)),
    verdictOf(episode(missing), episode(differing), episode(check({}))),
  ]).toEqual(['inconclusive', 'pass', 'inconclusive', 'diverged']);
});
