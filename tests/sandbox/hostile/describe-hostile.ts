import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { type ExecutionResult, executionResultSchema } from '../../../src/events/execution-result.ts';
import type { CalledLanguage } from '../../../src/events/task-view.ts';
import { casesOf, requestOf } from '../execution-request.ts';
import { allPrograms } from './all-programs.ts';
import { type HostCanaries, openHostCanaries } from './host-canaries.ts';
import type { Driver, Ending, Family, HostileProgram } from './hostile-program.ts';
import { endingOf, hostileRequest, secretCase } from './hostile-request.ts';

export interface HostileDriver {
  readonly driver: Driver;
  /** With one worker, for one language. */
  create(language: CalledLanguage): Promise<Sandbox>;
  /** Called after every program. */
  readonly afterEach?: () => unknown;
  /** Called after the sandbox is closed: what is left of it in the engine and among the processes, in words. */
  left(): Promise<readonly string[]>;
  /** How many programs reach what they must not, by language; each says so in its row. */
  readonly limitations: Readonly<Record<CalledLanguage, number>>;
}

const honest: Readonly<Record<CalledLanguage, string>> = {
  javascript: 'const f = (x) => { console.log("honest"); return [x, String(x)]; };\n',
  python: 'def f(x):\n    print("honest")\n    return [x, str(x)]\n',
};
const honestTests = casesOf(['f(1)', '[1, "1"]'], ['f("a")', '["a", "a"]']);
/** Parts of the table while one works on it: names or families, with commas between. */
const only = process.env['PAWL_HOSTILE'];

/** What these try meets the same code and the same kernel at both levels of isolation. */
const alike: readonly Family[] = [
  'time',
  'equality that holds',
  'network',
  'privileges',
  'bombs',
  'strange values',
];
/** How many of such a family are run in a container each; all of them with the long tests. */
const alikeMax = process.env['PAWL_LONG'] === '1' ? Number.POSITIVE_INFINITY : 4;

/**
 * Runs every hostile program of a language, each followed by an honest one in the same sandbox, and looks at this host
 * after each. A test file is one driver and one language, so that files run side by side and programs do not.
 */
export function describeHostile(language: CalledLanguage, against: HostileDriver): void {
  const { driver } = against;
  const all = allPrograms.filter((row) => row.language === language);
  const rows = all.filter(
    (row) =>
      (only === undefined || only.split(',').some((part) => `${row.family} ${row.name}`.includes(part))) &&
      (driver !== 'execution' || !alike.includes(row.family) || placeOf(row, all) < alikeMax),
  );

  describe(`a hostile ${language} program against ${driver}`, () => {
    let sandbox: Sandbox;
    let canaries: HostCanaries;
    let clean: string;

    const runHonest = async (): Promise<string> => {
      const { result } = await sandbox.execute(requestOf(language, honest[language], honestTests));
      return JSON.stringify(result);
    };
    beforeAll(async () => {
      canaries = await openHostCanaries();
      sandbox = await against.create(language);
      clean = await runHonest();
    });
    afterAll(async () => {
      await sandbox.close();
      await canaries.close();
    });

    it('an honest program passes before any hostile one', () => {
      const result = executionResultSchema.parse(JSON.parse(clean));
      expect([result.outcome, result.stdout.text]).toEqual(['passed', 'honest\nhonest\n']);
    });

    for (const row of rows) {
      it(`${row.family}: ${row.name}`, async () => {
        const ending = endingOf(row, driver);
        const secret = `PAWL_HIDDEN_${randomBytes(8).toString('hex')}`;
        const facts = { ...canaries.facts, SECRET: secret };
        const { result } = await sandbox.execute(hostileRequest(row, ending.answer, facts));
        expectEnding(result, ending);
        const shown = candidateTexts(result);
        expect(shown, 'the secrets of this process').not.toContain(canaries.secret);
        if (ending.limitation === undefined) expect(shown, 'the secret of the tests').not.toContain(secret);
        against.afterEach?.();
        if (row.next !== undefined) await expectNothingLeft(row, row.next);
        expect(await runHonest(), 'the honest program after it').toBe(clean);
        expect(canaries.changes(), 'changes of this host').toEqual([]);
      });
    }

    const expectNothingLeft = async (row: HostileProgram, next: NonNullable<HostileProgram['next']>) => {
      const answer = driver === 'wasm' ? next.wasm : next.docker;
      const tests = casesOf(['attempt()', JSON.stringify(answer)]);
      const { result } = await sandbox.execute(requestOf(row.language, next.program, tests));
      expect([result.outcome, result.tests[0]?.actual, result.error], JSON.stringify(result)).toEqual([
        'passed',
        result.tests[0]?.expected,
        null,
      ]);
    };

    it.skipIf(only !== undefined)('reaches what it must not only where its row says so', () => {
      const reached = all.filter((row) => endingOf(row, driver).limitation !== undefined);
      expect(reached.map(({ name }) => name)).toHaveLength(against.limitations[language]);
    });

    it('leaves nothing when the sandbox is closed', async () => {
      await sandbox.close();
      expect(await against.left()).toEqual([]);
    });
  });
}

const placeOf = (row: HostileProgram, all: readonly HostileProgram[]): number =>
  all.filter(({ family }) => family === row.family).indexOf(row);

function expectEnding(result: ExecutionResult, ending: Ending): void {
  expect(executionResultSchema.parse(result)).toEqual(result);
  const tests = result.tests.filter(({ id }) => id !== secretCase);
  const wanted = {
    outcome: ending.outcome,
    ...(ending.error === undefined ? {} : { error: ending.error }),
    ...(ending.answer === undefined ? {} : { answer: JSON.stringify(ending.answer) }),
    ...(ending.statuses === undefined ? {} : { statuses: ending.statuses }),
    ...(ending.exceptions === undefined ? {} : { exceptions: ending.exceptions }),
  };
  const actual = tests[0]?.actual ?? null;
  const met = {
    outcome: result.outcome,
    ...(ending.error === undefined ? {} : { error: result.error?.type ?? null }),
    ...(ending.answer === undefined ? {} : { answer: actual === null ? null : unquoted(actual) }),
    ...(ending.statuses === undefined ? {} : { statuses: tests.map(({ status }) => status) }),
    ...(ending.exceptions === undefined
      ? {}
      : { exceptions: tests.map(({ exception }) => exception?.type ?? null) }),
  };
  expect(met, JSON.stringify(result).slice(0, 3_000)).toEqual(wanted);
  expect(Buffer.byteLength(JSON.stringify(result)), 'bytes of the result').toBeLessThanOrEqual(1_100_000);
}

/** A text as Python shows it, in the quotes of JSON. */
const unquoted = (shown: string): string =>
  shown.startsWith("'") ? JSON.stringify(shown.slice(1, -1).replaceAll("\\'", "'")) : shown;

/** Everything in a result that the candidate had a say in. */
function candidateTexts(result: ExecutionResult): string {
  return JSON.stringify([
    result.stdout,
    result.stderr,
    result.error,
    result.tests.filter(({ id }) => id !== secretCase).map(({ actual, exception }) => [actual, exception]),
  ]);
}
