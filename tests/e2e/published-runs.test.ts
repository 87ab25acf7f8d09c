import { describe, expect, it } from 'vitest';
import { publishedPaths, publishedRuns } from '../exchange/published-runs.ts';
import { publicDataExists, publicDataMessage } from '../tasks/public-data.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';

/** Rows of each file in a quick run; `PAWL_LONG=1` takes all 1,328, with 4,093 programs. */
const quickRows = 5;
const long = process.env['PAWL_LONG'] === '1';
const TEST_TIMEOUT_MS = 1_200_000;

interface Check {
  readonly tests: string;
  readonly verdict: string;
  readonly remark: string;
}

interface Totals {
  readonly verdict: string;
  readonly compared: number;
  readonly verdicts: Readonly<Record<'public' | 'hidden', Readonly<Record<string, number>>>>;
}

/** Why a verdict is not the recorded one, in the words of the rerun up to what differs from machine to machine. */
const explained: Readonly<Record<string, string>> = {
  'codellama MBPP/488': 'area_pentagon(5)): 43.01193501472418 came, 43.01193501472417 was expected',
  'gpt-3.5-turbo-0613 MBPP/129': "ModuleNotFoundError: No module named 'numpy'",
};
/** Tasks of MBPP whose given tests name another function than the entry point: the tool executed none of them. */
const untested = {
  'gpt-3.5-turbo-0613': [18, 30, 56, 70, 148, 338, 348, 364, 367, 466, 486, 501],
  codellama: [18, 30, 70, 148, 323, 338, 348, 364, 367],
};

const directory = sharedDirectory();

describe.skipIf(!publicDataExists)(`published runs through the real command${publicDataMessage}`, () => {
  it('are imported, replayed whole, and executed again: the verdicts are the recorded ones', {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    const models = new Map<string, string>();
    for (const published of publishedRuns) {
      const { run, tasks } = publishedPaths(published);
      const limit = long ? [] : ['--limit', String(quickRows)];
      const { stdout } = await pawl(directory, [
        'import',
        'recorded-run',
        run,
        '--tasks',
        tasks,
        ...limit,
        '--json',
      ]);
      const [told] = jsonLines(stdout);
      expect(told).toMatchObject({ status: 'imported', ...(long ? { programs: published.programs } : {}) });
      models.set(String(told?.['run']), published.model);
    }
    const replay = await pawl(directory, ['replay', '--all', '--json']);
    expect(jsonLines(replay.stdout).at(-1)).toMatchObject({ verdict: 'pass', diverged: 0, inconclusive: 0 });
    expect(replay.exitCode).toBe(0);

    const rerun = await pawl(directory, ['rerun', '--all', '--json']);
    const records = jsonLines(rerun.stdout);
    const disagreeing = records.flatMap(({ type, run, task, verdict, checks }) =>
      type !== 'episode' || verdict === 'pass'
        ? []
        : [{ name: `${models.get(String(run))} ${task}`, checks: checks as readonly Check[] }],
    );
    const causes = disagreeing.map(({ name, checks }) => `${name}: ${causeOf(name, checks)}`).sort();
    const { verdicts } = records.at(-1) as unknown as Totals;
    if (!long) {
      expect([causes, rerun.exitCode]).toEqual([[], 0]);
      expect(verdicts).toEqual({
        public: { compared: 20, recordedPassed: 20, agree: 20, differ: 0, inconclusive: 0 },
        hidden: { compared: 20, recordedPassed: 20, agree: 20, differ: 0, inconclusive: 0 },
      });
      return;
    }
    const without = Object.entries(untested).flatMap(([model, tasks]) =>
      tasks.map((task) => `${model} MBPP/${task}: the other tool executed no test`),
    );
    const known = Object.keys(explained).map((name) => `${name}: explained`);
    expect(causes).toEqual([...without, ...known].sort());
    expect(verdicts).toEqual({
      public: { compared: 4093, recordedPassed: 1045, agree: 4070, differ: 1, inconclusive: 22 },
      hidden: { compared: 1328, recordedPassed: 894, agree: 1326, differ: 1, inconclusive: 1 },
    });
    // One float in the last digit: that is a difference, and the command says so.
    expect(rerun.exitCode).toBe(110);
  });
});

function causeOf(name: string, checks: readonly Check[]): string {
  const remarks = checks.filter(({ verdict }) => verdict !== 'pass').map(({ remark }) => remark);
  const why = explained[name];
  if (why !== undefined && remarks.length > 0 && remarks.every((remark) => remark.includes(why)))
    return 'explained';
  return remarks.join('; ');
}
