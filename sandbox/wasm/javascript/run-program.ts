import type { QuickJSHandle } from 'quickjs-emscripten';
import type { TestCase } from '../../../src/events/test-spec.ts';
import type { ExecutionRequest } from '../../sandbox.ts';
import { caseScript, inScope } from './case-script.ts';
import { programFile } from './emitted.ts';
import type { InstrumentedProgram } from './instrument.ts';
import { loadRemote } from './load-remote.ts';
import { parseProgram } from './parse-program.ts';
import type { QuickjsImage } from './quickjs-image.ts';
import { rewriteAsserts } from './rewrite-asserts.ts';
import type { SeedWords } from './seed-words.ts';
import type { Session, SessionState } from './session.ts';

/** The name under which test code reaches the harness; a parameter, so the candidate does not see it. */
const testsName = '$tests';

/** Prepares the tests, loads the candidate and runs them; everything that happened is in the state's log. */
export function runProgram(
  image: QuickjsImage,
  session: Session,
  state: SessionState,
  request: ExecutionRequest,
  seed: SeedWords,
  program: InstrumentedProgram,
): void {
  const { tests, limits, coverage } = request;
  const step = session.call(
    'begin',
    ...seed.words,
    limits.steps ?? -1,
    program.statements.length,
    coverage,
    seed.counter,
  );
  const cases = tests.kind === 'cases' ? prepareCases(image, session, tests.cases) : [];
  if (state.isRemote) {
    if (!loadRemote(session, request, seed, program)) return;
  } else if (!loadHere(image, session, seed, step, request.prelude, program)) return;
  session.drain(() => true);
  session.call('endLoad');
  state.loaded = true;
  if (tests.kind === 'cases') runCases(session, cases);
  else if (tests.kind === 'asserts') runScript(session, tests.source, tests.invoke);
}

/** False when the prelude or the program threw, which has been reported. */
function loadHere(
  { context }: QuickjsImage,
  session: Session,
  seed: SeedWords,
  step: QuickJSHandle,
  prelude: string,
  program: InstrumentedProgram,
): boolean {
  // The counter is a constant in the global scope, which no property of any object shows.
  const handOver = `${seed.counter}0`;
  context.setProp(context.global, handOver, step);
  const receive = `const ${seed.counter}=globalThis.${handOver};delete globalThis.${handOver}`;
  session.evaluate(receive, 'harness.js', 'load');

  if (prelude !== '' && session.evaluate(prelude, 'prelude.js', 'prelude') === null) return false;
  return session.evaluate(program.code, programFile, 'load') !== null;
}

function prepareCases(image: QuickjsImage, session: Session, cases: readonly TestCase[]): QuickJSHandle[] {
  const { context } = image;
  const make = session.evaluate(caseScript(cases, testsName), 'tests.js', 'script');
  if (make === null) return [];
  const pairs = session.call('scope', make);
  return cases.map((testCase, index) => {
    const pair = context.getProp(pairs, index);
    session.call('prepareCase', testCase.id, testCase.call, testCase.expected, context.getProp(pair, 1));
    return context.getProp(pair, 0);
  });
}

function runCases(session: Session, calls: readonly QuickJSHandle[]): void {
  for (const [index, call] of calls.entries()) {
    session.call('startCase', index, call);
    session.drain(() => session.isTrue('caseSettled'));
    session.call('endCase');
  }
}

/** A test script that does not parse is the suite's fault, not the candidate's. */
export class UnusableTests extends Error {}

function runScript(session: Session, source: string, invoke: string | null): void {
  const whole = invoke === null ? source : `${source}\n;${invoke}`;
  const parsed = parseProgram(whole, true);
  if (!parsed.ok)
    throw new UnusableTests(`The test script does not parse: ${parsed.message} (line ${parsed.line}).`);
  const script = rewriteAsserts(whole, parsed.program, testsName);
  const body = `${script.isAsync ? 'async ' : ''}function(){${script.code}\n}`;
  const make = session.evaluate(inScope(testsName, body), 'tests.js', 'script');
  if (make === null) return;
  for (const [index, site] of script.sites.entries()) {
    session.call('describeAssert', index, site.input, site.expected, site.operator, site.raw);
  }
  session.call('runScript', session.call('scope', make));
  session.drain(() => session.isTrue('scriptSettled'));
  if (!session.isTrue('scriptSettled')) session.call('neverSettled');
}
