import type { ExecutionLimits } from '../../events/task-view.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { HiddenTests } from '../hidden-tests.ts';
import { makeSuite } from '../make-suite.ts';
import type { Suite } from '../suite.ts';
import type { Task } from '../task.ts';
import { applyEdits, type FrozenBug } from './frozen-bug.ts';
import { loadStarterPrograms } from './load-starter-programs.ts';
import { readFrozenBugs } from './read-frozen-bugs.ts';
import type { StarterProgram } from './starter-program.ts';

/**
 * Ample for correct programs (the dearest takes 15,264 steps) and short for endless loops. Steps and memory end a program at
 * the same place on every machine; the wall clock is long enough to leave the verdict to them on a busy one.
 */
export const starterLimits: ExecutionLimits = {
  wallMs: 10_000,
  steps: 200_000,
  memoryBytes: 64 * 1024 * 1024,
  outputBytes: 65_536,
};

/**
 * The suite that comes with the product: small JavaScript programs with one or two bugs each, to be repaired. Rebuilt
 * from the correct programs and the frozen edits; nothing is executed. Tags: `program` (what the task derives from, the
 * key to group splits by), `bugKind`, `symptom`, `edits`.
 *
 * @throws PawlError `SUITE_INVALID` when a program was changed after its bugs were frozen
 */
export async function loadStarterSuite(): Promise<Suite> {
  const [programs, { bugs }] = await Promise.all([loadStarterPrograms(), readFrozenBugs()]);
  const programOf = new Map(programs.map((program) => [program.id, program]));
  const numbers = new Map<string, number>();
  const tasks = bugs.map((bug) => {
    const program = programOf.get(bug.program);
    if (program === undefined || sourceMark(program) !== bug.source) {
      throw new PawlError(
        'SUITE_INVALID',
        `The starter program "${bug.program}" is not the one its bugs were frozen for. Run "npm run derive:starter".`,
      );
    }
    const number = (numbers.get(program.id) ?? 0) + 1;
    numbers.set(program.id, number);
    return repairTask(program, bug, number);
  });
  return makeSuite('starter', 'starter', tasks);
}

/** Ties frozen offsets to the text they point into. */
export function sourceMark(program: StarterProgram): string {
  return sha256Hex(program.source).slice(0, 12);
}

function repairTask(program: StarterProgram, bug: FrozenBug, number: number): Task {
  return {
    view: {
      id: `starter/${program.id}/${String(number).padStart(2, '0')}`,
      language: 'javascript',
      entryPoint: program.entryPoint,
      statement: `${program.statement} The given program does not do this yet: repair it.`,
      prelude: '',
      givenProgram: applyEdits(program.source, bug.edits),
      publicTests: { kind: 'cases', cases: [...program.publicCases] },
      limits: { ...starterLimits },
      tags: {
        program: program.id,
        bugKind: bug.kind,
        symptom: bug.symptom,
        edits: String(bug.edits.length),
      },
    },
    hidden: new HiddenTests({ kind: 'cases', cases: [...program.hiddenCases] }),
    reference: program.source,
  };
}
