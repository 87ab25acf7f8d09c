import type { ExecutionRequest } from '../../sandbox.ts';
import type { InstrumentedProgram } from './instrument.ts';
import { parseProgram } from './parse-program.ts';
import type { SeedWords } from './seed-words.ts';
import type { Session } from './session.ts';
import { createTextEdits } from './text-edits.ts';
import { addedMethods, type TopName, topNames } from './top-names.ts';

/** What the candidate's end is told to load; the tests are no part of it. */
export interface LoadOrder {
  readonly prelude: string;
  readonly program: string;
  readonly counter: string;
  readonly words: readonly number[];
  readonly epochMs: number;
  /** -1: no limit. */
  readonly steps: number;
  readonly statements: number;
  readonly coverage: boolean;
  readonly outputBytes: number;
  /** The top-level names that tests may ask for, by index. */
  readonly names: readonly string[];
  /** Which of them to send along when they are functions. */
  readonly constants: readonly boolean[];
}

/**
 * Loads the candidate at the other end and makes its names known here. The prelude runs at both ends: the candidate needs
 * it, and what tests use of it must not be the candidate's. Only its classes are shared, so that an instance that a test
 * makes is one to the candidate too.
 *
 * @returns false when it did not load, which has been reported
 */
export function loadRemote(
  session: Session,
  request: ExecutionRequest,
  seed: SeedWords,
  program: InstrumentedProgram,
): boolean {
  const { prelude, limits, coverage } = request;
  const own = namesOf(request.program);
  const helpers = readPrelude(prelude, own);
  const names = [...own, ...helpers.classes];
  const order: LoadOrder = {
    prelude,
    program: program.code,
    counter: seed.counter,
    words: seed.words,
    epochMs: seed.epochMs,
    steps: limits.steps ?? -1,
    statements: program.statements.length,
    coverage,
    outputBytes: limits.outputBytes,
    names: names.map(({ name }) => name),
    constants: names.map(({ isConstant }) => isConstant),
  };
  if (!session.isTrue('remoteLoad', JSON.stringify(order))) return false;
  const bind = (from: number, some: readonly TopName[]): void => {
    const rows = some.map(({ name, isConstant }, index) => [from + index, name, isConstant]);
    session.call('remoteBind', JSON.stringify(rows));
  };
  bind(own.length, helpers.classes);
  if (helpers.source !== '' && session.evaluate(helpers.source, 'prelude.js', 'prelude') === null)
    return false;
  bind(0, own);
  return true;
}

function namesOf(source: string): readonly TopName[] {
  const parsed = parseProgram(source);
  if (!parsed.ok) return [];
  const names = topNames(parsed.program);
  const mentioned = ['module', 'exports'].filter(
    (name) => source.includes(name) && names.every((known) => known.name !== name),
  );
  const added = addedMethods(parsed.program).map((name) => ({ name, isConstant: true, isClass: false }));
  return [...names, ...mentioned.map((name) => ({ name, isConstant: false, isClass: false })), ...added];
}

/** The prelude as it runs beside the tests: without its classes, and without what the program declares anew. */
function readPrelude(
  prelude: string,
  own: readonly TopName[],
): { readonly source: string; readonly classes: readonly TopName[] } {
  const parsed = parseProgram(prelude);
  if (!parsed.ok) return { source: prelude, classes: [] };
  const edits = createTextEdits(prelude);
  for (const node of parsed.program.body) {
    if (node.type === 'ClassDeclaration') edits.replace(node.start, node.end, '');
  }
  const classes = topNames(parsed.program).filter(
    ({ name, isClass }) => isClass && own.every((known) => known.name !== name),
  );
  return { source: edits.apply(), classes };
}
