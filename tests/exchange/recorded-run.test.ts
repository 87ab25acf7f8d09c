import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/events/catalogue.ts';
import { recordedRunImporter } from '../../src/exchange/importers/recorded-run.ts';
import { importerNamed } from '../../src/exchange/importers/registry.ts';
import { rederiveImported } from '../../src/exchange/rederive-imported.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { newBlob } from '../../src/ledger/ledger.ts';
import { readRecorded } from '../../src/tasks/readers/recorded.ts';
import { temporaryDirectory } from '../ledger/temporary-directory.ts';
import '../support/property-seed.ts';
import {
  linesOf,
  type Row,
  right,
  row,
  tests,
  writeRows,
  writeTasks,
  wrong,
  wronger,
} from './recorded-rows.ts';

const { read, episodeOf } = recordedRunImporter;

async function view() {
  const suite = await readRecorded(writeTasks(temporaryDirectory(), 1));
  const [first] = suite.tasks;
  if (first === undefined) throw new Error('the suite has a task');
  return first.view;
}

const key = (ordinal: number) => ({ ordinal, occurrence: 0, attempt: 0 });
const ref = (text: string) => newBlob(text).ref;
const toldTwice = `${tests[0]} # Real Execution Output: 2\n${tests[1]} # Real Execution Output: 3`;

/** The message of what is refused, without the file's directory. */
async function refusal(content: string | Uint8Array, name?: string): Promise<string> {
  const directory = temporaryDirectory();
  const error: unknown = await read(writeRows(directory, content, name)).catch((reason: unknown) => reason);
  if (!isPawlError(error, 'IMPORT_INVALID')) throw error;
  return error.message.replace(`${directory}/`, '');
}

describe('a row of a recorded run', () => {
  it('becomes the events that an episode of our own would hold, each program and each verdict in its place', async () => {
    const { events, texts } = episodeOf(JSON.stringify(row(0)), await view());
    const usage = (outputTokens: number) => ({ inputTokens: 0, outputTokens });
    expect(events).toEqual([
      {
        type: 'CandidateGenerated',
        data: {
          ...{
            key: key(0),
            origin: 'generated',
            candidate: sha256Hex(wrong),
            program: ref(wrong),
            parent: null,
          },
          ...{ note: 'recorded program 1 of 3', usage: usage(34), completion: null, volatile: { wallMs: 0 } },
        },
      },
      {
        type: 'VerdictRecorded',
        data: {
          ...{ key: key(1), candidate: sha256Hex(wrong), tests: 'public', outcome: 'failed' },
          ...{ passed: 0, total: 2 },
        },
      },
      {
        type: 'FeedbackComposed',
        data: {
          ...{ candidate: sha256Hex(wrong), execution: key(1), tests: 'public', level: 'full' },
          text: ref(toldTwice),
        },
      },
      {
        type: 'CandidateRejected',
        data: {
          ...{
            key: key(2),
            candidate: sha256Hex(wrong),
            reason: 'duplicate',
            program: ref(wrong),
            completion: null,
          },
          usage: usage(33),
        },
      },
      {
        type: 'VerdictRecorded',
        data: {
          ...{ key: key(3), candidate: sha256Hex(wrong), tests: 'public', outcome: 'failed' },
          ...{ passed: 0, total: 2 },
        },
      },
      {
        type: 'FeedbackComposed',
        data: {
          ...{ candidate: sha256Hex(wrong), execution: key(3), tests: 'public', level: 'full' },
          text: ref(toldTwice),
        },
      },
      {
        type: 'CandidateGenerated',
        data: {
          ...{ key: key(4), origin: 'generated', candidate: sha256Hex(right), program: ref(right) },
          ...{ parent: sha256Hex(wrong), note: 'recorded program 3 of 3', usage: usage(33) },
          ...{ completion: null, volatile: { wallMs: 0 } },
        },
      },
      {
        type: 'VerdictRecorded',
        data: {
          ...{ key: key(5), candidate: sha256Hex(right), tests: 'public', outcome: 'passed' },
          ...{ passed: 2, total: 2 },
        },
      },
      {
        type: 'FinalPicked',
        data: { candidate: sha256Hex(right), publicPass: true, reason: 'public_pass' },
      },
      {
        type: 'VerdictRecorded',
        data: {
          ...{ key: key(6), candidate: sha256Hex(right), tests: 'hidden', outcome: 'passed' },
          ...{ passed: null, total: null },
        },
      },
      {
        type: 'FinalGraded',
        data: {
          ...{ candidate: sha256Hex(right), execution: key(6), outcome: 'passed', passed: 1, total: 1 },
          hiddenPass: true,
        },
      },
      {
        type: 'EpisodeFinished',
        data: {
          ...{ status: 'graded', publicPass: true, hiddenPass: true, candidates: 3, executions: 3 },
          ...{ tokens: 100, steps: 0 },
        },
      },
    ]);
    expect(texts).toEqual([wrong, toldTwice, wrong, toldTwice, right]);
  });

  it('counts the tests that the tool executed, and none where it does not say', async () => {
    const task = await view();
    const countsOf = (changes: Partial<Row>) =>
      episodeOf(JSON.stringify(row(0, changes)), task).events.flatMap(({ type, data }) =>
        type === 'VerdictRecorded' ? [[data.passed, data.total]] : [],
      );
    const once = { implementations: [right], solution: right };
    expect(countsOf({ ...once, test_feedback: [[]], generated_test: [] })[0]).toEqual([0, 0]);
    expect(countsOf({ ...once, test_feedback: [['one']] })[0]).toEqual([1, 2]);
    expect(countsOf({ ...once, test_feedback: [['1', '2', '3']] })[0]).toEqual([null, null]);
  });

  it('keeps an answer that was never executed as a candidate without a public verdict', async () => {
    const { events } = episodeOf(
      JSON.stringify(row(0, { solution: wronger, is_solved: false, is_passing: false })),
      await view(),
    );
    const types = events.map(({ type }) => type);
    expect(types.slice(-6)).toEqual([
      ...['VerdictRecorded', 'CandidateGenerated', 'FinalPicked', 'VerdictRecorded', 'FinalGraded'],
      'EpisodeFinished',
    ]);
    expect(events.at(-4)?.data).toEqual({
      candidate: sha256Hex(wronger),
      publicPass: false,
      reason: 'budget',
    });
    expect(events.at(-1)?.data).toMatchObject({ candidates: 4, executions: 3, tokens: 100 });
  });

  it('may hold no program at all', async () => {
    const nothing = {
      implementations: [],
      test_feedback: [],
      solution: '',
      is_passing: false,
      is_solved: false,
    };
    const { events } = episodeOf(JSON.stringify(row(0, nothing)), await view());
    expect(events).toEqual([
      { type: 'FinalPicked', data: { candidate: null, publicPass: false, reason: 'no_candidate' } },
      {
        type: 'EpisodeFinished',
        data: {
          ...{ status: 'nothing_to_grade', publicPass: false, hiddenPass: false, candidates: 0 },
          ...{ executions: 0, tokens: 100, steps: 0 },
        },
      },
    ]);
  });

  it('is held against its task', async () => {
    const task = await view();
    const why = (changes: Partial<Row>): string => {
      try {
        return `imported ${episodeOf(JSON.stringify(row(0, changes)), task).events.length}`;
      } catch (error) {
        if (isPawlError(error, 'IMPORT_INVALID')) return error.message;
        throw error;
      }
    };
    const advice = 'Import with the tasks that the run was about.';
    expect(why({ task_id: 'HumanEval/1' })).toBe(
      `"task_id": it is about "HumanEval/1", not about "HumanEval/0". ${advice}`,
    );
    expect(why({ entry_point: 'triple' })).toBe(
      `"entry_point": "triple", but the task "HumanEval/0" asks for "double". ${advice}`,
    );
    expect(why({ given_tests: ['assert double(0) == 0'] })).toBe(
      `"given_tests": they are not the public tests of the task "HumanEval/0". ${advice}`,
    );
  });

  it('gives the same valid events each time, with tokens that add up, and a blob for every reference', async () => {
    const task = await view();
    const program = fc.constantFrom(right, wrong, wronger, '', 'x');
    const feedback = fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 });
    const rows = fc.array(fc.tuple(program, feedback), { maxLength: 12 }).chain((steps) =>
      fc.record({
        implementations: fc.constant(steps.map(([each]) => each)),
        test_feedback: fc.constant(steps.map(([, each]) => each)),
        solution: fc.constantFrom(right, wronger, 'another', steps.at(-1)?.[0] ?? right).filter(Boolean),
        is_passing: fc.boolean(),
        is_solved: fc.boolean(),
        token_nums: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(rows, (changes) => {
        const text = JSON.stringify(row(0, changes));
        const { events, texts } = episodeOf(text, task);
        expect(episodeOf(text, task)).toEqual({ events, texts });
        expect(rederiveImported({ format: 'recorded-run', formatVersion: 1 }, text, task)).toEqual(events);
        const stored = new Set(texts.map((each) => newBlob(each).ref.digest));
        let tokens = 0;
        for (const { type, data } of events) {
          expect(catalogue.get(type)?.schema.safeParse(data).error).toBeUndefined();
          if ('program' in data) expect(stored.has(data.program.digest)).toBe(true);
          if ('text' in data) expect(stored.has(data.text.digest)).toBe(true);
          if ('usage' in data) tokens += data.usage.outputTokens;
        }
        expect(tokens).toBe(changes.token_nums);
      }),
    );
  });
});

describe('a file of recorded runs', () => {
  it('is known by the digest of its bytes, and gives each row exactly as it is', async () => {
    const directory = temporaryDirectory();
    const texts = [JSON.stringify(row(0)), ` ${JSON.stringify(row(1))}\r`];
    const plain = `${texts[0]}\n\n${texts[1]}\n`;
    const bytes = gzipSync(plain);
    const file = await read(writeRows(directory, bytes, 'gpt.results.jsonl.gz'));
    expect(file.name).toBe('gpt.results.jsonl.gz');
    expect(file.digest).toBe(sha256Hex(bytes));
    expect(file.generator).toEqual({
      ...{ name: 'recorded', version: 1 },
      config: { model: 'gpt', file: sha256Hex(bytes) },
    });
    expect(file.rows).toEqual([
      { line: 1, text: texts[0], task: 'HumanEval/0' },
      { line: 3, text: texts[1], task: 'HumanEval/1' },
    ]);
  });

  it('is refused when a row is cut, is not what a row is, or contradicts itself: file, line and member are named', async () => {
    const text = (changes: object): string => linesOf([row(0), { ...row(1), ...changes }]);
    expect(await refusal(linesOf([row(0), row(1)]).slice(0, -40))).toMatch(
      /^toy\.results\.jsonl, line 2: not JSON \(.*\)\. Each line must be one JSON object\.$/,
    );
    expect(await refusal('[]\n')).toBe(
      'toy.results.jsonl, line 1: invalid input: expected object, received array.',
    );
    expect(await refusal(text({ implementations: [right, 7, right] }))).toBe(
      'toy.results.jsonl, line 2: "implementations[1]": invalid input: expected string, received number.',
    );
    expect(await refusal(text({ test_feedback: [[]] }))).toBe(
      'toy.results.jsonl, line 2: "test_feedback": feedback on 1 programs, but there are 3 implementations.',
    );
    expect(await refusal(text({ solution: '\ud800' }))).toBe(
      'toy.results.jsonl, line 2: "solution": half a surrogate pair, which is no text.',
    );
    expect(await refusal(text({ solution: '' }))).toBe(
      'toy.results.jsonl, line 2: "is_passing": true although there is no solution.',
    );
    expect(await refusal(text({ task_id: 'HumanEval/0' }))).toBe(
      'toy.results.jsonl, line 2: "task_id": the task "HumanEval/0" is already on line 1.',
    );
    expect(await refusal(text({ is_solved: undefined }))).toBe(
      'toy.results.jsonl, line 2: "is_solved": invalid input: expected boolean, received undefined.',
    );
  });

  it('is refused when it cannot be read as a whole', async () => {
    const gzip = gzipSync(linesOf([row(0)]));
    expect(await refusal('\n \n')).toBe('toy.results.jsonl: the file holds no row.');
    expect(await refusal(gzip)).toBe(
      'toy.results.jsonl: it is compressed with gzip. Give it a name that ends in .gz.',
    );
    expect(await refusal(gzip.subarray(0, -12), 'cut.jsonl.gz')).toMatch(
      /^cut\.jsonl\.gz: it cannot be unpacked: .* Name it without \.gz if it is not compressed, or copy it again\.$/,
    );
    expect(await refusal(new Uint8Array([0x7b, 0xff]))).toBe('toy.results.jsonl: it is not UTF-8 text.');
    await expect(read('no/such.jsonl')).rejects.toThrow(
      'no/such.jsonl: there is no such file. Check the path.',
    );
  });
});

describe('a file of anything', () => {
  it('is read or refused as not importable, and what is read imports', async () => {
    const task = await view();
    const value = fc.jsonValue({ depthSize: 'medium' });
    const almost = fc
      .record({ member: fc.constantFrom(...Object.keys(row(0))), value })
      .map((change) => ({ ...row(0), [change.member]: change.value }));
    const lines = fc.oneof(value, almost, fc.object()).map((each) => JSON.stringify(each));
    await fc.assert(
      fc.asyncProperty(fc.oneof(lines, fc.string()), async (text) => {
        const directory = temporaryDirectory();
        try {
          const { rows } = await read(writeRows(directory, text));
          for (const each of rows) {
            for (const { type, data } of episodeOf(each.text, task).events) {
              expect(catalogue.get(type)?.schema.safeParse(data).error).toBeUndefined();
            }
          }
        } catch (error) {
          if (!isPawlError(error, 'IMPORT_INVALID')) throw error;
        }
      }),
    );
  });
});

describe('the importers there are', () => {
  it('are found by name, and by name and version', () => {
    expect(importerNamed('recorded-run')).toBe(recordedRunImporter);
    expect(importerNamed('recorded-run', 1)).toBe(recordedRunImporter);
    expect(() => importerNamed('recorded-runs')).toThrow(
      'There is no importer of "recorded-runs". There is: recorded-run version 1.',
    );
    expect(() => importerNamed('recorded-run', 2)).toThrow(
      'There is no importer of "recorded-run" version 2.',
    );
  });
});
