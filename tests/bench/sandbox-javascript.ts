import { availableParallelism } from 'node:os';
import type { ExecutionRequest } from '../../sandbox/sandbox.ts';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { BenchRow } from './bench-row.ts';

const workers = 2;
const executions = 3_000;
const warmUpExecutions = 600;
const perSecondMin = 600;

/** Small programs with five tests each, of the shapes that repair tasks have. */
const programs: readonly (readonly [program: string, cases: readonly (readonly [string, string])[]])[] = [
  [
    'function gcd(a, b) {\n  while (b !== 0) {\n    const rest = a % b;\n    a = b;\n    b = rest;\n  }\n  return Math.abs(a);\n}\n',
    [
      ['gcd(12, 18)', '6'],
      ['gcd(7, 5)', '1'],
      ['gcd(0, 9)', '9'],
      ['gcd(-8, 12)', '4'],
      ['gcd(1071, 462)', '21'],
    ],
  ],
  [
    'const groupBy = (items, keyOf) => {\n  const groups = {};\n  for (const item of items) {\n    const key = keyOf(item);\n    if (!(key in groups)) groups[key] = [];\n    groups[key].push(item);\n  }\n  return groups;\n};\n',
    [
      ['groupBy([1, 2, 3, 4], (n) => n % 2)', '{ 0: [2, 4], 1: [1, 3] }'],
      ['groupBy([], (n) => n)', '{}'],
      ["groupBy(['a', 'bb', 'c'], (s) => s.length)", "{ 1: ['a', 'c'], 2: ['bb'] }"],
      ["groupBy([{ k: 'x' }], (o) => o.k)", "{ x: [{ k: 'x' }] }"],
      ['groupBy([5], () => "all")', '{ all: [5] }'],
    ],
  ],
  [
    "class Stack {\n  #items = [];\n  push(item) {\n    this.#items.push(item);\n    return this;\n  }\n  pop() {\n    if (this.#items.length === 0) throw new RangeError('empty');\n    return this.#items.pop();\n  }\n}\nfunction balanced(text) {\n  const closing = { ')': '(', ']': '[' };\n  const open = new Stack();\n  try {\n    for (const c of text) {\n      if (c === '(' || c === '[') open.push(c);\n      else if (c in closing && open.pop() !== closing[c]) return false;\n    }\n  } catch {\n    return false;\n  }\n  try {\n    open.pop();\n    return false;\n  } catch {\n    return true;\n  }\n}\n",
    [
      ["balanced('([])')", 'true'],
      ["balanced('([)]')", 'false'],
      ["balanced('')", 'true'],
      ["balanced('((')", 'false'],
      ["balanced('a(b)c]')", 'false'],
    ],
  ],
];

function requestOf(index: number): ExecutionRequest {
  const [program, cases] = programs[index % programs.length] ?? ['', []];
  return {
    language: 'javascript',
    prelude: '',
    program,
    tests: {
      kind: 'cases',
      cases: cases.map(([call, expected], ordinal) => ({ id: `case-${ordinal + 1}`, call, expected })),
    },
    limits: { wallMs: 10_000, steps: 5_000_000, memoryBytes: 268_435_456, outputBytes: 65_536 },
    seed: String(index),
    coverage: true,
  };
}

/** Fresh-state executions of small programs with five tests and coverage, two workers, all queued at once. */
export async function benchJavascriptSandbox(): Promise<BenchRow[]> {
  const sandbox = createWasmSandbox({ workers, languages: ['javascript'] });
  const runAll = async (count: number): Promise<number> => {
    const startedMs = performance.now();
    const done = await Promise.all(
      Array.from({ length: count }, (_, index) => sandbox.execute(requestOf(index))),
    );
    const failed = done.find(({ result }) => result.outcome !== 'passed');
    if (failed !== undefined)
      throw new Error(`A benchmark program did not pass: ${JSON.stringify(failed.result)}`);
    return performance.now() - startedMs;
  };
  try {
    await runAll(warmUpExecutions);
    const elapsedMs = await runAll(executions);
    const perSecond = (executions / elapsedMs) * 1000;
    return [
      {
        name: 'fresh-state JavaScript executions, 2 workers',
        value: Math.round(perSecond),
        unit: 'executions/s',
        target: `≥ ${perSecondMin}`,
        met: perSecond >= perSecondMin,
        detail: `${executions} executions of ${programs.length} programs, 5 tests and coverage each, after ${warmUpExecutions} to warm up; ${availableParallelism()} cores`,
      },
    ];
  } finally {
    await sandbox.close();
  }
}
