import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectKeyText } from '../../src/events/shapes.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { type PromptReadingModel, startPromptReadingModel } from '../support/prompt-reading-model.ts';
import { sharedDirectory } from './directory.ts';
import { type Ended, jsonLines, pawl, startPawl } from './pawl.ts';
import { smallTasks } from './small-run.ts';

const directory = sharedDirectory();
const telling = '{{statement}}\n{{givenProgram}}\n{{#turns}}\n{{program}}\n{{feedback}}\n{{/turns}}\n';
const silent = '{{statement}}\n{{givenProgram}}\n';
const busyTask = '# Task starter/anagram-groups/06 ';

let model: PromptReadingModel;
beforeAll(async () => {
  writeFileSync(join(directory, 'telling.txt'), telling);
  writeFileSync(join(directory, 'silent.txt'), silent);
  model = await startPromptReadingModel({
    // Whoever asks about this task is asked to come again, once for every question.
    fault: ({ prompt }, askedBefore) =>
      prompt.startsWith(busyTask) && askedBefore === 0 ? { status: 429, body: 'busy' } : null,
  });
});
afterAll(() => model.close());

const spec = (more: object = {}): string =>
  `model:${JSON.stringify({ baseURL: model.baseURL, model: 'reader', ...more })}`;
const run = (ledger: string, ...more: readonly string[]): Promise<Ended> => {
  const given = [
    '--ledger',
    ledger,
    '--tasks',
    smallTasks.join(','),
    '--candidates',
    '5',
    '-j',
    '2',
    '--json',
  ];
  return pawl(directory, ['run', '--generator', spec(), ...given, ...more]);
};
const summaryOf = ({ stdout }: Ended) => jsonLines(stdout).findLast(({ type }) => type === 'run');

async function readAll(path: string) {
  const ids = seededIdSource(systemClock, seededRandom('a reader'));
  const options = { mode: 'read', create: false, clock: systemClock, ids } as const;
  const ledger = await openLedger(join(directory, path), options);
  return { ledger, events: await Array.fromAsync(ledger.readAll()) };
}

describe('a run with a language model', { timeout: 60_000 }, () => {
  it('records what the model was told and what it answered, word for word, and every attempt', async () => {
    const ended = await run('asked.db');
    expect(ended.exitCode, ended.stderr).toBe(0);
    const { ledger, events } = await readAll('asked.db');
    const asked: string[] = [];
    const answered: string[] = [];
    const failed: string[] = [];
    for (const { type, data } of events) {
      if (type === 'GenerationRequested') asked.push(await ledger.getText(data.prompt.digest));
      if (type === 'GenerationFailed') {
        failed.push(effectKeyText(data.key));
        expect(data.error).toEqual({
          ...{ code: 'GENERATOR_FAILED', retryable: true },
          message: `The model service at ${model.baseURL} answered 429: busy`,
        });
        expect(data.final).toBe(false);
      }
      if (type !== 'CandidateGenerated' && type !== 'CandidateRejected') continue;
      if (data.key === null || data.completion === null) continue;
      const completion = await ledger.getText(data.completion.digest);
      expect(completion).toContain((await ledger.getText(data.program.digest)).trimEnd());
      expect(data.usage.outputTokens).toBe(Math.ceil(completion.length / 4));
      answered.push(effectKeyText(data.key));
    }
    await ledger.close();
    expect(asked.toSorted()).toEqual(model.requests.map(({ prompt }) => prompt).toSorted());
    expect(failed.length).toBeGreaterThan(0);
    // Each refused attempt was followed by another one, which was answered.
    expect(answered.filter((key) => key.endsWith('.1'))).toHaveLength(failed.length);
    expect(answered.length + failed.length).toBe(asked.length);
  });

  it('replays without the model, is executed again, and its questions can be asked again', async () => {
    const before = model.requests.length;
    for (const args of [
      ['replay', '--all'],
      ['rerun', 'latest'],
      ['verify', '--deep'],
    ]) {
      const ended = await pawl(directory, [...args, '--ledger', 'asked.db']);
      expect([args, ended.exitCode], ended.stdout + ended.stderr).toEqual([args, 0]);
    }
    expect(model.requests).toHaveLength(before);
    const again = await pawl(directory, [
      'rerun',
      'latest',
      '--regenerate',
      '--ledger',
      'asked.db',
      '--json',
    ]);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(model.requests.length).toBeGreaterThan(before);
    const answers = jsonLines(again.stdout).filter(({ type }) => type === 'regenerated');
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.map(({ likeness }) => likeness))).toEqual(new Set(['identical']));
  });

  it('solves more where its template shows it how programs failed', async () => {
    const solved: number[] = [];
    for (const [name, ledger] of [
      ['telling', 'told.db'],
      ['silent', 'not-told.db'],
    ] as const) {
      const ended = await run(ledger, '--limit', '3', '--prompt', `${name}.txt`);
      solved.push(Number(summaryOf(ended)?.['publicPass']));
    }
    expect(solved[0]).toBeGreaterThan(solved[1] as number);
  });
});

describe('the template of a run', { timeout: 60_000 }, () => {
  it('is told by show, kept by fork, and changed by fork --prompt and --no-prompt', async () => {
    const line = async (): Promise<string | undefined> => {
      const shown = await pawl(directory, ['show', 'latest', '--ledger', 'told.db']);
      return /^prompt +(.*)$/m.exec(shown.stdout)?.[1];
    };
    const named = (text: string): string => `template ${sha256Hex(text)} (${Buffer.byteLength(text)} bytes)`;
    const fork = (...more: readonly string[]) =>
      pawl(directory, ['fork', 'latest', '--ledger', 'told.db', '-j', '2', ...more]);
    expect(await line()).toBe(named(telling));
    const questions = model.requests.length;
    expect((await fork()).exitCode).toBe(0);
    expect(model.requests).toHaveLength(questions);
    expect(await line()).toBe(named(telling));
    expect((await fork('--prompt', 'silent.txt')).exitCode).toBe(0);
    expect(await line()).toBe(named(silent));
    expect(model.requests.length).toBeGreaterThan(questions);
    expect((await fork('--no-prompt')).exitCode).toBe(0);
    expect(await line()).toBeUndefined();
    expect((await pawl(directory, ['replay', '--all', '--ledger', 'told.db'])).exitCode).toBe(0);
  });

  it('is refused before anything is written, with its place', async () => {
    writeFileSync(join(directory, 'broken.txt'), 'Do\n {{it}}');
    writeFileSync(join(directory, 'bytes.txt'), Buffer.from([0xff, 0xfe]));
    const refused = async (file: string): Promise<string> => {
      const { exitCode, stderr } = await run('refused.db', '--prompt', file);
      expect(exitCode).toBe(2);
      return stderr;
    };
    expect(await refused('broken.txt')).toContain('The prompt template, line 2, column 2: there is no "it".');
    expect(await refused('bytes.txt')).toContain('--prompt bytes.txt cannot be read: ');
    expect(await refused('none.txt')).toContain('--prompt none.txt cannot be read: ENOENT');
  });
});

describe('a model that cannot be asked', { timeout: 60_000 }, () => {
  const task = ['--tasks', smallTasks[0] as string];
  const failures = async (path: string): Promise<readonly string[]> => {
    const { ledger, events } = await readAll(path);
    await ledger.close();
    return events.flatMap(({ type, data }) =>
      type === 'GenerationFailed' ? [`${effectKeyText(data.key)} ${data.error.code} ${data.final}`] : [],
    );
  };

  it('because it is gone is asked three times, and the run says what happened', async () => {
    const gone = `model:{"baseURL":"http://127.0.0.1:1/v1","model":"reader"}`;
    const ended = await run('gone.db', ...task, '--generator', gone);
    expect(ended.stderr).toContain('no candidate for 1 of 1 tasks (GENERATOR_FAILED)');
    expect(await failures('gone.db')).toEqual([
      '1.0.0 GENERATOR_FAILED false',
      '1.0.1 GENERATOR_FAILED false',
      '1.0.2 GENERATOR_FAILED true',
    ]);
  });

  it('because the key is wrong is asked once, and the key is nowhere in the ledger', async () => {
    const guarded = await startPromptReadingModel({ apiKey: 'right' });
    try {
      const more = { baseURL: guarded.baseURL, apiKeyVariable: 'PAWL_TEST_KEY' };
      const args = ['run', '--ledger', 'key.db', ...task, '--generator', spec(more), '-j', '1'];
      const unset = await pawl(directory, args);
      expect(unset.exitCode).toBe(2);
      expect(unset.stderr).toContain('The environment variable PAWL_TEST_KEY');
      await pawl(directory, args, { PAWL_TEST_KEY: 'a-wrong-key' });
      expect(await failures('key.db')).toEqual(['1.0.0 MODEL_REFUSED true']);
      const { ledger, events } = await readAll('key.db');
      expect(JSON.stringify(events)).not.toContain('a-wrong-key');
      await ledger.close();
    } finally {
      await guarded.close();
    }
  });

  it('because it thinks too long for the operator is left, and asked the same again by resume', async () => {
    const heard = Promise.withResolvers<void>();
    const slow = await startPromptReadingModel({
      fault: (_question, askedBefore) => {
        heard.resolve();
        return askedBefore === 0 ? 'silence' : null;
      },
    });
    try {
      const args = [
        '--ledger',
        'left.db',
        ...task,
        '--generator',
        spec({ baseURL: slow.baseURL }),
        '-j',
        '1',
      ];
      const left = startPawl(directory, ['run', ...args, '--candidates', '1']);
      await heard.promise;
      const press = setInterval(() => left.child.kill('SIGINT'), 20);
      await left.said(/Stopping at once/).finally(() => clearInterval(press));
      await left.ended;
      const resumed = await pawl(directory, ['resume', '--ledger', 'left.db', '-j', '1']);
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      expect(await failures('left.db')).toEqual([]);
      const [first, second] = slow.requests;
      expect(slow.requests).toHaveLength(2);
      expect(second).toEqual(first);
    } finally {
      await slow.close();
    }
  });
});
