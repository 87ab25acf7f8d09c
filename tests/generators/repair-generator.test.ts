import { describe, expect, test } from 'vitest';
import type { ExecutionResult, TestResult } from '../../src/events/execution-result.ts';
import type { TaskView } from '../../src/events/task-view.ts';
import type { GenerationRequest, GeneratorTurn } from '../../src/generators/generator.ts';
import { normalizedText } from '../../src/generators/repair/normalized-text.ts';
import { repairBaseOf } from '../../src/generators/repair/repair-base.ts';
import { createRepairGenerator } from '../../src/generators/repair/repair-generator.ts';
import { type RepairParameters, repairDefaults } from '../../src/generators/repair/repair-parameters.ts';
import { taskLiterals } from '../../src/generators/repair/task-literals.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { parses } from '../../src/mutation/parse-program.ts';

const generator = createRepairGenerator(repairDefaults);
const signal = new AbortController().signal;

const buggy = `function portion(unit, amount) {
  if (unit === 'half') {
    return amount / 2;
  }
  if (unit === 'third') {
    return amount / 4;
  }
  return amount * 10;
}
`;

function taskOf(givenProgram: string | null, language: TaskView['language'] = 'javascript'): TaskView {
  return {
    id: 'portion',
    language,
    entryPoint: 'portion',
    statement: 'Give the portion.',
    prelude: '',
    givenProgram,
    publicTests: { kind: 'cases', cases: [{ id: '1', call: 'portion(1)', expected: '2' }] },
    limits: { wallMs: 1000, steps: null, memoryBytes: 1 << 26, outputBytes: 1 << 16 },
    tags: {},
  };
}

function requestOf(change: Partial<GenerationRequest>): GenerationRequest {
  return {
    task: taskOf(buggy),
    seed: 's',
    episodeSeed: 'seed 7',
    sample: 0,
    parent: null,
    prompt: '',
    dialogue: [],
    ...change,
  };
}

function turnOf(program: string, execution: ExecutionResult | null): GeneratorTurn {
  return { candidate: sha256Hex(program), program, feedback: { text: 'wrong', execution } };
}

const silent = { text: '', bytesTotal: 0, truncated: false };

function resultOf(change: Partial<ExecutionResult>): ExecutionResult {
  return {
    outcome: 'failed',
    tests: [],
    error: null,
    stdout: silent,
    stderr: silent,
    steps: 1,
    statements: null,
    ...change,
  };
}

function testOf(id: string, status: TestResult['status'], change: Partial<TestResult> = {}): TestResult {
  return {
    id,
    status,
    input: '',
    expected: null,
    actual: null,
    exception: null,
    steps: 1,
    covered: null,
    ...change,
  };
}

async function proposals(
  count: number,
  next: (sample: number, earlier: readonly string[]) => GenerationRequest,
  parameters: Partial<RepairParameters> = {},
) {
  const programs: string[] = [];
  const generator = createRepairGenerator({ ...repairDefaults, ...parameters });
  for (let sample = 0; sample < count; sample += 1) {
    programs.push((await generator.generate(next(sample, programs), signal)).program);
  }
  return programs;
}

describe('without a dialogue', () => {
  test('200 independent samples are 200 programs that parse, none of them the given one', async () => {
    const programs = await proposals(200, (sample) => requestOf({ sample }));
    expect(new Set([buggy, ...programs].map(normalizedText)).size).toBe(201);
    expect(programs.filter((program) => !parses(program))).toEqual([]);
  });

  test('the order is the seed’s: the same for the same seed, another for another', async () => {
    const first = await proposals(20, (sample) => requestOf({ sample }));
    expect(await proposals(20, (sample) => requestOf({ sample, seed: 'other effect' }))).toEqual(first);
    expect(await proposals(20, (sample) => requestOf({ sample, episodeSeed: 'seed 8' }))).not.toEqual(first);
  });

  test('a retry that is told only "wrong" walks the same order as independent samples', async () => {
    const independent = await proposals(30, (sample) => requestOf({ sample }));
    const retried = await proposals(30, (sample, earlier) =>
      requestOf({ sample, dialogue: [buggy, ...earlier].map((program) => turnOf(program, null)) }),
    );
    expect(retried).toEqual(independent);
  });
});

describe('with executions', () => {
  const found = (start: string, end: string): { readonly start: number; readonly end: number } => ({
    start: buggy.indexOf(start),
    end: buggy.indexOf(end, buggy.indexOf(start)) + end.length,
  });
  const statements = [
    found("if (unit === 'half')", '}'),
    found('return amount / 2', ';'),
    found("if (unit === 'third')", '}'),
    found('return amount / 4', ';'),
    found('return amount * 10', ';'),
  ];
  /** Only the test that goes through `amount / 4` fails; nothing else tells where the fault is. */
  const located = resultOf({
    statements,
    tests: [
      testOf('half', 'passed', { covered: [0, 1] }),
      testOf('third', 'failed', { covered: [0, 2, 3] }),
      testOf('ten', 'passed', { covered: [0, 2, 4] }),
    ],
  });
  /** True where all that changed lies in the statement that only the failing test reached. */
  const isThere = (program: string): boolean => {
    const { start, end } = found('return amount / 4', ';');
    return program.startsWith(buggy.slice(0, start)) && program.endsWith(buggy.slice(end));
  };

  test('200 requests give 200 programs, none twice', async () => {
    const programs = await proposals(200, (sample, earlier) =>
      requestOf({ sample, dialogue: [buggy, ...earlier].map((program) => turnOf(program, located)) }),
    );
    expect(new Set([buggy, ...programs].map(normalizedText)).size).toBe(201);
  });

  test('several asked for at once are different programs', async () => {
    const dialogue = [turnOf(buggy, located)];
    const programs = await proposals(20, (sample) => requestOf({ sample, dialogue }));
    expect(new Set(programs).size).toBe(20);
    const blind = await proposals(20, (sample) => requestOf({ sample, dialogue: [turnOf(buggy, null)] }));
    expect(new Set(blind).size).toBe(20);
  });

  test('the place that only the failing test reached is edited first; without executions it is not', async () => {
    const count = async (execution: ExecutionResult | null): Promise<number> => {
      const programs = await proposals(10, (sample, earlier) =>
        requestOf({ sample, dialogue: [buggy, ...earlier].map((program) => turnOf(program, execution)) }),
      );
      return programs.filter(isThere).length;
    };
    expect(await count(located)).toBe(9);
    expect(await count(null)).toBe(4);
  });

  test('a candidate that passes more tests is edited further', async () => {
    const better = buggy.replace('/ 4', '/ 5');
    const programs = await proposals(40, (sample, earlier) =>
      requestOf({
        sample,
        dialogue: [
          turnOf(buggy, located),
          turnOf(better, resultOf({ tests: ['half', 'third', 'ten'].map((id) => testOf(id, 'passed')) })),
          ...earlier.map((program) => turnOf(program, located)),
        ],
      }),
    );
    const fromBetter = programs.filter((program) => program.includes('/ 5'));
    expect(fromBetter.length).toBeGreaterThan(0);
  });

  test.each([
    [
      'undefined instead of a value',
      'const f = (list) => {\n  list.map((x) => x + 1);\n};\n',
      '[2]',
      'undefined',
      'return list.map',
    ],
    [
      'an order that is wrong',
      'const f = (list) => {\n  return list.sort();\n};\n',
      '[2, 10]',
      '[10, 2]',
      '(a, b) => a - b',
    ],
    ['a sign that is wrong', 'const f = (a, b) => {\n  return a - b;\n};\n', '2', '-2', 'b - a'],
    [
      'the same constant too much',
      'const f = (a) => {\n  return a * 3 + 7;\n};\n',
      '10',
      '17',
      'return a * 3;',
    ],
  ])('%s leads to the edit', async (_, program, expected, actual, wanted) => {
    const execution = resultOf({ tests: [testOf('1', 'failed', { expected, actual })] });
    const programs = await proposals(8, (sample, earlier) =>
      requestOf({
        task: taskOf(program),
        sample,
        dialogue: [program, ...earlier].map((text) => turnOf(text, execution)),
      }),
    );
    expect(
      programs.some((text) => text.includes(wanted)),
      programs.join('\n'),
    ).toBe(true);
  });
});

describe('with other parameters', () => {
  /** The test of `third` fails where all come by; nothing else is known of it. */
  const third = testOf('third', 'failed', { expected: '2', actual: '-2' });
  const statements = [{ start: 0, end: buggy.length }];
  const failing = resultOf({ tests: [third] });
  const first = (execution: ExecutionResult | null, parameters: Partial<RepairParameters>, count = 12) =>
    proposals(
      count,
      (sample, earlier) =>
        requestOf({ sample, dialogue: [buggy, ...earlier].map((program) => turnOf(program, execution)) }),
      parameters,
    );
  const seeded = (episodeSeed: string, parameters: Partial<RepairParameters>) =>
    proposals(12, (sample) => requestOf({ sample, episodeSeed }), parameters);
  const seededInformed = (episodeSeed: string, parameters: Partial<RepairParameters>) =>
    proposals(
      12,
      (sample) => requestOf({ sample, episodeSeed, dialogue: [turnOf(buggy, failing)] }),
      parameters,
    );

  test('without spread every seed walks one order, blind and informed apart', async () => {
    const blind = { blindSpread: 0 };
    expect(await seeded('a', blind)).toEqual(await seeded('b', blind));
    expect(await seeded('a', {})).not.toEqual(await seeded('b', {}));
    const informed = { informedSpread: 0 };
    expect(await seededInformed('a', informed)).toEqual(await seededInformed('b', informed));
    expect(await seededInformed('a', blind)).not.toEqual(await seededInformed('b', blind));
    expect(await seeded('a', informed)).toEqual(await seeded('a', {}));
  });

  test('without priors and spread edits are taken in the order in which they are listed', async () => {
    const inOrder = await seeded('a', { priorWeight: 0, blindSpread: 0 });
    const listed = new Set(repairBaseOf(buggy, taskLiterals(taskOf(buggy))).results);
    expect(inOrder.map(normalizedText)).toEqual([...listed].slice(0, 12));
    expect(await seeded('a', { blindSpread: 0 })).not.toEqual(inOrder);
  });

  test('what is only said as "wrong" is searched the same way whatever the weights of evidence', async () => {
    const usual = await first(null, {});
    const evidence = { localizationWeight: 0, unreachedPenalty: 0, valueHintWeight: 0, crashHintWeight: 0 };
    expect(await first(null, { ...evidence, informedSpread: 2, basesMax: 0, gainBonus: 9 })).toEqual(usual);
  });

  test('without any weight of evidence executions say no more than "wrong"', async () => {
    const execution = resultOf({ ...failing, statements, tests: [{ ...third, covered: [0] }] });
    const evidence = { localizationWeight: 0, unreachedPenalty: 0, valueHintWeight: 0, crashHintWeight: 0 };
    expect(await first(execution, evidence)).toEqual(await first(null, {}));
    expect(await first(execution, {})).not.toEqual(await first(null, {}));
  });

  test('values speak for kinds of edits as loudly as they are told to', async () => {
    const tries = async (parameters: Partial<RepairParameters>): Promise<number> =>
      (await first(failing, parameters)).filter((program) => /-\(|-amount|Math\.abs|\* -/.test(program))
        .length;
    expect(await tries({ valueHintWeight: 0 })).toBeLessThan(await tries({ valueHintWeight: 4 }));
  });

  test('an exception speaks for its line as loudly as it is told to', async () => {
    const line = 6;
    const exception = { type: 'TypeError', message: 'x is not a function', line };
    const execution = resultOf({ tests: [testOf('1', 'error', { exception })] });
    const there = async (crashHintWeight: number): Promise<number> =>
      (await first(execution, { crashHintWeight })).filter((program) => {
        const [now, before] = [program, buggy].map((text) => text.split('\n')[line - 1]);
        return now !== before;
      }).length;
    expect(await there(0)).toBeLessThan(await there(4));
  });

  test('the place of the fault counts as much as it is told to, and places that no failing test reached less', async () => {
    const at = (text: string) => ({ start: buggy.indexOf(text), end: buggy.indexOf(text) + text.length });
    const execution = resultOf({
      statements: [at('return amount / 2;'), at('return amount / 4;'), at('return amount * 10;')],
      tests: [
        testOf('a', 'failed', { covered: [1, 2] }),
        ...['b', 'c'].map((id) => testOf(id, 'passed', { covered: [0, 1] })),
      ],
    });
    const touched = async (text: string, parameters: Partial<RepairParameters>): Promise<number> =>
      (await first(execution, parameters)).filter((program) => !program.includes(text)).length;
    const none = { localizationWeight: 0, unreachedPenalty: 0 };
    expect(await touched('amount / 2', none)).toBe(3);
    expect(await touched('amount / 2', { ...none, unreachedPenalty: 20 })).toBe(0);
    expect(await touched('amount * 10', none)).toBe(2);
    expect(await touched('amount * 10', { ...none, localizationWeight: 12 })).toBe(9);
  });

  describe('and a candidate that passes more tests', () => {
    const better = buggy.replace('/ 4', '/ 5');
    const passing = resultOf({ tests: ['a', 'b'].map((id) => testOf(id, 'passed')) });
    const fromBetter = async (parameters: Partial<RepairParameters>): Promise<number> => {
      const programs = await proposals(
        20,
        (sample, earlier) =>
          requestOf({
            sample,
            dialogue: [
              ...[turnOf(buggy, failing), turnOf(better, passing)],
              ...earlier.map((program) => turnOf(program, failing)),
            ],
          }),
        parameters,
      );
      return programs.filter((program) => program.includes('/ 5')).length;
    };

    test('it is never edited further where no base is kept, whatever it gains', async () => {
      expect(await fromBetter({ basesMax: 0, gainBonus: 12 })).toBe(0);
    });

    // Of twenty edits of it, two change the very number by which it is known.
    test.each([
      [{}, 0],
      [{ secondOrderPenalty: 0 }, 16],
      [{ secondOrderPenalty: 12 }, 0],
      [{ gainBonus: 12 }, 18],
    ])('with %j', async (parameters, count) => {
      expect(await fromBetter(parameters)).toBe(count);
    });
  });
});

describe('what it refuses', () => {
  test.each([
    ['a task without a program', taskOf(null)],
    ['a Python task', taskOf('x = 1\n', 'python')],
    ['a program that does not parse', taskOf('const = 1;')],
  ])('%s', async (_, task) => {
    await expect(generator.generate(requestOf({ task }), signal)).rejects.toMatchObject({
      code: 'GENERATOR_UNSUITABLE',
    });
  });

  test('a tiny program runs out of edits, and says so', async () => {
    const task = taskOf(';');
    await expect(generator.generate(requestOf({ task }), signal)).rejects.toMatchObject({
      code: 'GENERATOR_EXHAUSTED',
      message: 'Every edit of the program of task "portion" was tried.',
    });
    await expect(
      generator.generate(requestOf({ task, dialogue: [turnOf(';', resultOf({}))] }), signal),
    ).rejects.toMatchObject({ code: 'GENERATOR_EXHAUSTED' });
  });

  test('an aborted request', async () => {
    await expect(generator.generate(requestOf({}), AbortSignal.abort(new Error('stop')))).rejects.toThrow(
      'stop',
    );
  });
});
