import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Digest } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import type { Mutation } from '../../src/mutation/mutation.ts';
import { mutationsOf } from '../../src/mutation/mutations-of.ts';
import { parseProgram } from '../../src/mutation/parse-program.ts';
import { applyEdits, type FrozenBug, type SourceEdit } from '../../src/tasks/starter/frozen-bug.ts';
import { sourceMark } from '../../src/tasks/starter/load-starter-suite.ts';
import type { StarterProgram } from '../../src/tasks/starter/starter-program.ts';
import { bugKindOf } from './bug-kind-of.ts';
import { judge, symptomOf } from './judge-bug.ts';

/** Edits tried per program; enough that every program has several of each symptom it can show. */
const singlesPerProgram = 44;
const pairsPerProgram = 6;

/** The edits of a program that make a bug people make, by kind. */
function offeredEdits(program: StarterProgram): ReadonlyMap<string, readonly Mutation[]> {
  const byKind = new Map<string, Mutation[]>();
  for (const mutation of mutationsOf(parseProgram(program.source))) {
    const kind = bugKindOf(program.source, mutation);
    if (kind !== null) byKind.set(kind, [...(byKind.get(kind) ?? []), mutation]);
  }
  return byKind;
}

/** Digest of everything the derivation chooses from: equal digests and seeds give equal bugs. */
export function digestOfOffered(programs: readonly StarterProgram[]): Digest {
  return digestOf(
    programs.map((program) => [
      sourceMark(program),
      [...offeredEdits(program)].map(([kind, edits]) => [
        kind,
        edits.map(({ range, replacement }) => [range.start, range.end, replacement]),
      ]),
    ]),
  );
}

/** Bugs of one program that its hidden tests notice, in a seeded order; single edits first, then pairs of them. */
export async function bugPool(
  sandbox: Sandbox,
  program: StarterProgram,
  seed: string,
): Promise<readonly FrozenBug[]> {
  const random = seededRandom(`${seed}/${program.id}`);
  const tried = takeTurns(offeredEdits(program), random).slice(0, singlesPerProgram);
  const singles = await keepBugs(
    sandbox,
    program,
    tried.map(({ kind, mutation }) => ({ kind: kind as FrozenBug['kind'], edits: [editOf(mutation)] })),
  );
  const pairs: Draft[] = [];
  for (
    let attempt = 0;
    attempt < 4 * pairsPerProgram && singles.length > 1 && pairs.length < pairsPerProgram;
    attempt += 1
  ) {
    const [first, second] = random
      .shuffle(singles)
      .slice(0, 2)
      .flatMap(({ edits }) => edits)
      .sort((left, right) => left.start - right.start);
    if (first === undefined || second === undefined) continue;
    // On one line they would look like one mistake, and overlapping edits mean nothing.
    if (!program.source.slice(first.end, second.start).includes('\n') || first.end >= second.start) continue;
    pairs.push({ kind: 'several', edits: [first, second] });
  }
  return [...singles, ...(await keepBugs(sandbox, program, pairs))];
}

type Draft = Pick<FrozenBug, 'kind' | 'edits'>;

function editOf({ range, replacement }: Mutation): SourceEdit {
  return { start: range.start, end: range.end, replacement };
}

/** One edit of each kind after the other, so that kinds with many edits do not crowd out the rest. */
function takeTurns(
  byKind: ReadonlyMap<string, readonly Mutation[]>,
  random: Random,
): { kind: string; mutation: Mutation }[] {
  const queues = random
    .shuffle([...byKind].sort(([left], [right]) => (left < right ? -1 : 1)))
    .map(([kind, mutations]) => ({ kind, mutations: random.shuffle(mutations) }));
  const order: { kind: string; mutation: Mutation }[] = [];
  const longest = Math.max(0, ...queues.map(({ mutations }) => mutations.length));
  for (let turn = 0; turn < longest; turn += 1) {
    for (const { kind, mutations } of queues) {
      const mutation = mutations[turn];
      if (mutation !== undefined) order.push({ kind, mutation });
    }
  }
  return order;
}

async function keepBugs(
  sandbox: Sandbox,
  program: StarterProgram,
  drafts: readonly Draft[],
): Promise<FrozenBug[]> {
  const judged = await Promise.all(
    drafts.map(async ({ kind, edits }) => {
      const judgement = await judge(sandbox, program, applyEdits(program.source, edits));
      const symptom = symptomOf(judgement);
      // A program that fails everything for another reason than a throw or a loop is not a plausible slip.
      if (symptom === null || (symptom === 'wrong-result' && judgement.passed === 0)) return [];
      return [{ program: program.id, source: sourceMark(program), kind, symptom, edits: [...edits] }];
    }),
  );
  return judged.flat();
}
