import type { TestCase } from '../../../src/events/test-spec.ts';
import { suspends } from './ast-node.ts';
import { parseProgram } from './parse-program.ts';

/** Names that the test code sees as they were before the candidate; the order of `scope` in `guest/main.js`. */
export const scopeNames = [
  'console',
  'assert',
  'require',
  'JSON',
  'Math',
  'Object',
  'Array',
  'Number',
  'String',
  'Boolean',
  'Reflect',
  'Symbol',
  'BigInt',
  'RegExp',
  'isNaN',
  'isFinite',
  'parseInt',
  'parseFloat',
] as const;

/** A function expression over the scope, evaluated in the guest's global scope, so that it sees the candidate's names. */
export const inScope = (tests: string, body: string): string =>
  `(function(${tests},${scopeNames.join(',')}){return ${body}\n})`;

/** An array with a pair of thunks per case: the call and the expected value. */
export function caseScript(cases: readonly TestCase[], tests: string): string {
  const pairs = cases.map(({ call, expected }) => `[${thunk(call)},${thunk(expected)}]`);
  return inScope(tests, `[${pairs.join(',\n')}]`);
}

/** An expression that does not parse becomes one that throws when its case runs. */
function thunk(expression: string): string {
  const parsed = parseProgram(`(${expression}\n)`, true);
  const [statement] = parsed.ok ? parsed.program.body : [];
  const single = parsed.ok && parsed.program.body.length === 1 && statement?.type === 'ExpressionStatement';
  if (!single) {
    const message = parsed.ok ? 'Not one expression' : parsed.message;
    return `()=>{throw new SyntaxError(${JSON.stringify(`${message}: ${expression}`)})}`;
  }
  return suspends(statement, 'AwaitExpression') ? `async()=>(${expression}\n)` : `()=>(${expression}\n)`;
}
