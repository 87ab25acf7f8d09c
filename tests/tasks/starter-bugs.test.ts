import { afterAll, describe, expect, test, vi } from 'vitest';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { applyEdits } from '../../src/tasks/starter/frozen-bug.ts';
import { loadStarterPrograms } from '../../src/tasks/starter/load-starter-programs.ts';
import { readFrozenBugs } from '../../src/tasks/starter/read-frozen-bugs.ts';
import { bugPool, digestOfOffered } from './bug-pool.ts';
import { chooseBugs } from './choose-bugs.ts';
import { judge, symptomOf } from './judge-bug.ts';

const isLong = process.env['PAWL_LONG'] === '1';
// Seconds on an idle machine; a busy one must not decide.
if (!isLong) vi.setConfig({ testTimeout: 90_000 });
const sandbox = createWasmSandbox({ workers: 2, languages: ['javascript'] });
afterAll(() => sandbox.close());

const programs = await loadStarterPrograms();
const { header, bugs } = await readFrozenBugs();
const offersAreUnchanged = digestOfOffered(programs) === header.offered;

describe('the bugs of the starter suite', () => {
  test('are in programs that are correct: all 58 pass every public and hidden test', async () => {
    const judged = await Promise.all(
      programs.map(async (program) => [program.id, await judge(sandbox, program, program.source)] as const),
    );
    const wrong = judged.filter(([, { outcome }]) => outcome !== 'passed');
    expect(wrong).toEqual([]);
  });

  test('still show as they did when they were frozen, each in at least one hidden test', async () => {
    const programOf = new Map(programs.map((program) => [program.id, program]));
    const judged = await Promise.all(
      bugs.map(async (bug) => {
        const program = programOf.get(bug.program);
        if (program === undefined) throw new TypeError(`there is no program ${bug.program}`);
        const { kind, edits } = bug;
        const symptom = symptomOf(await judge(sandbox, program, applyEdits(program.source, edits)));
        return { program: bug.program, kind, edits, symptom };
      }),
    );
    expect(judged).toEqual(
      bugs.map(({ program, kind, edits, symptom }) => ({ program, kind, edits, symptom })),
    );
  });

  // When the operators have learned new edits since, the frozen choice stays what it is and cannot be made again.
  describe.skipIf(!offersAreUnchanged)(
    'the operators offer what they offered when the bugs were frozen',
    () => {
      test('and the bugs of three programs are among those that their seed derives', async () => {
        for (const program of programs.filter((_, index) => index % 20 === 7)) {
          const pool = await bugPool(sandbox, program, header.seed);
          const frozen = bugs.filter((bug) => bug.program === program.id);
          expect(frozen.length).toBeGreaterThanOrEqual(5);
          for (const bug of frozen) expect(pool).toContainEqual(bug);
        }
      });

      test.runIf(isLong)('and the seed derives exactly these bugs', async () => {
        const pools = [];
        for (const program of programs) pools.push(await bugPool(sandbox, program, header.seed));
        expect(chooseBugs(pools)).toEqual(bugs);
      });
    },
  );
});
