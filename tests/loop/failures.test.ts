import { describe, expect, it } from 'vitest';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { ScriptedGenerator, type ScriptedGeneratorOptions } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { episodeOf, story } from '../support/story.ts';
import { runToy, toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const right = 'f(0) = 0\nf(1) = 1\n';
const wrong = 'f(0) = 8\nf(1) = 9\n';
const generatorFailed = () => new PawlError('GENERATOR_FAILED', 'The service is down.');
const sandboxFailed = () => new PawlError('SANDBOX_FAILED', 'The worker is gone.');

async function episode(
  generator: ScriptedGenerator,
  sandbox = new ScriptedSandbox(),
  params: Record<string, string | number> = {},
  strategy = 'best-of-n',
) {
  const ledger = toyLedger(openMemoryStore(), 'test');
  const given = { candidates: 3, ...params };
  const run = await startToyRun(ledger, { strategy, params: given, tasks: [toyTask('t', 2)] });
  await workOn(ledger, run, { generator, sandbox });
  const events = await eventsOf(ledger, episodeOf(run));
  return { ledger, events, lines: story(events) };
}

const saying = (programs: readonly string[], options: ScriptedGeneratorOptions = {}) =>
  new ScriptedGenerator({ propose: ({ sample }) => programs[sample] ?? `# ${sample}\n`, ...options });

describe('a generator that fails', () => {
  it('is asked again with the same request, and every attempt is recorded', async () => {
    const generator = saying([right], { fault: (_, call) => (call < 3 ? generatorFailed() : null) });
    const { lines, events } = await episode(generator);
    expect(lines.slice(0, 7)).toEqual([
      'EpisodeStarted',
      'GenerationRequested 0.0.0 sample 0 after none showing []',
      'GenerationFailed 0.0.0 GENERATOR_FAILED final false',
      'GenerationRequested 0.0.1 sample 0 after none showing []',
      'GenerationFailed 0.0.1 GENERATOR_FAILED final false',
      'GenerationRequested 0.0.2 sample 0 after none showing []',
      'CandidateGenerated 0.0.2 generated #0',
    ]);
    expect(lines.at(-1)).toBe('EpisodeFinished graded public true hidden false spent 1 1');
    expect(generator.requests[2]).toEqual(generator.requests[0]);
    const inputs = events.flatMap(({ type, data }) => (type === 'GenerationRequested' ? [data.input] : []));
    expect(new Set(inputs).size).toBe(1);
  });

  it('is given up after three attempts; the episode ends with what it has', async () => {
    const fault = (effect: string) => (effect === 'toy/t/2.0' ? generatorFailed() : null);
    const { lines } = await episode(saying([wrong, right], { fault }));
    expect(lines.slice(6)).toEqual([
      'GenerationRequested 2.0.0 sample 1 after none showing []',
      'GenerationFailed 2.0.0 GENERATOR_FAILED final false',
      'GenerationRequested 2.0.1 sample 1 after none showing []',
      'GenerationFailed 2.0.1 GENERATOR_FAILED final false',
      'GenerationRequested 2.0.2 sample 1 after none showing []',
      'GenerationFailed 2.0.2 GENERATOR_FAILED final true',
      'FinalPicked #0 generator_failed',
      'ExecutionRequested 3.0.0 hidden #0',
      'ExecutionFinished 3.0.0 hidden failed 1/4',
      'FinalGraded #0 1/4 by 3.0.0',
      'EpisodeFinished graded public false hidden false spent 1 1',
    ]);
  });

  it.each([
    ['has nothing left', new PawlError('GENERATOR_EXHAUSTED', 'No more.'), 'GENERATOR_EXHAUSTED', 'No more.'],
    ['has a defect', new TypeError('x is not a function'), 'INTERNAL', 'x is not a function'],
    ['throws no error at all', 'just text', 'INTERNAL', 'just text'],
    ['throws half a character', new Error('\ud800'), 'INTERNAL', '\ufffd'],
    ['cuts its own message', new Error(`${'a'.repeat(3999)}😀`), 'INTERNAL', `${'a'.repeat(3999)}\ufffd`],
  ])('and %s is not asked again', async (_, thrown, code, message) => {
    const { lines, events } = await episode(saying([], { fault: () => thrown }));
    expect(lines).toEqual([
      'EpisodeStarted',
      'GenerationRequested 0.0.0 sample 0 after none showing []',
      `GenerationFailed 0.0.0 ${code} final true`,
      'FinalPicked none no_candidate',
      'EpisodeFinished nothing_to_grade public false hidden false spent 0 0',
    ]);
    expect(events[2]?.data).toMatchObject({ error: { code, message, retryable: false } });
  });

  it.each([
    ['no program', { program: undefined }],
    ['tokens that are no number', { usage: { inputTokens: Number.NaN, outputTokens: 0 } }],
    ['nothing', null],
  ])('by giving %s has failed, and does not stop the run', async (_, wrongPart) => {
    const generator = saying([right]);
    const { generate } = generator;
    let calls = 0;
    generator.generate = async (request, signal) => {
      const given = await generate.call(generator, request, signal);
      calls += 1;
      if (calls > 1) return given;
      return (wrongPart === null ? null : { ...given, ...wrongPart }) as typeof given;
    };
    const { lines } = await episode(generator);
    expect(lines[2]).toBe('GenerationFailed 0.0.0 GENERATOR_FAILED final false');
    expect(lines).toContain('CandidateGenerated 0.0.1 generated #0');
  });
});

describe('a sandbox that fails', () => {
  it('executes again, and its failure is never scored as the candidate’s', async () => {
    const error = { type: 'Fault', message: 'the engine is broken', line: null };
    const result = { ...runToy(wrong, { kind: 'cases', cases: [] }, true), outcome: 'sandbox_error', error };
    const fault = (_: unknown, call: number) =>
      call === 1 ? { result, wallMs: 1 } : call === 2 ? sandboxFailed() : null;
    const { lines, events } = await episode(saying([right]), new ScriptedSandbox({ fault }));
    expect(lines.slice(3, 10)).toEqual([
      'ExecutionRequested 1.0.0 public #0',
      'ExecutionFailed 1.0.0 public SANDBOX_FAILED final false',
      'ExecutionRequested 1.0.1 public #0',
      'ExecutionFailed 1.0.1 public SANDBOX_FAILED final false',
      'ExecutionRequested 1.0.2 public #0',
      'ExecutionFinished 1.0.2 public passed 2/2',
      'CandidateScored #0 1 by 1.0.2',
    ]);
    expect(events[4]?.data).toMatchObject({ error: { message: 'the engine is broken', retryable: true } });
    // Hidden tests fail likewise at first; an execution counts once however often it was tried.
    expect(lines.at(-1)).toBe('EpisodeFinished graded public true hidden false spent 1 1');
  });

  it('for good leaves the candidate unscored and the search goes on', async () => {
    const fault = ({ program }: { program: string }) => (program === wrong ? sandboxFailed() : null);
    const { lines } = await episode(saying([wrong, right]), new ScriptedSandbox({ fault }));
    expect(lines.filter((line) => line.startsWith('CandidateScored'))).toEqual([
      'CandidateScored #1 1 by 3.0.0',
    ]);
    expect(lines).toContain('ExecutionFailed 1.0.2 public SANDBOX_FAILED final true');
    expect(lines).toContain('FinalPicked #1 public_pass');
  });

  it('at grading leaves the answer ungraded, and no one is told why', async () => {
    const sandbox = new ScriptedSandbox({ fault: ({ coverage }) => (coverage ? null : sandboxFailed()) });
    const { lines } = await episode(saying([right]), sandbox);
    expect(lines.slice(-3)).toEqual([
      'ExecutionRequested 2.0.2 hidden #0',
      'ExecutionFailed 2.0.2 hidden SANDBOX_FAILED final true',
      'EpisodeFinished grading_failed public true hidden false spent 1 1',
    ]);
  });

  it.each([
    ['malformed', { outcome: 'splendid' }],
    ['of half a character', { error: { type: 'E', message: '\udc00', line: null } }],
  ])('by giving a result that is %s has failed, and does not stop the run', async (_, wrongPart) => {
    const fault = (
      { program, tests }: { program: string; tests: Parameters<typeof runToy>[1] },
      call: number,
    ) => (call === 1 ? { result: { ...runToy(program, tests, true), ...wrongPart }, wallMs: 1 } : null);
    const { lines } = await episode(saying([right]), new ScriptedSandbox({ fault }));
    expect(lines[4]).toBe('ExecutionFailed 1.0.0 public SANDBOX_FAILED final false');
    expect(lines).toContain('FinalPicked #0 public_pass');
  });
});

describe('a proposal', () => {
  it('that was seen before is rejected, also when drawn side by side', async () => {
    const { lines } = await episode(saying([wrong, wrong, wrong]), undefined, { width: 3 });
    expect(lines.slice(4, 8)).toEqual([
      'CandidateGenerated 0.0.0 generated #0',
      'ExecutionRequested 1.0.0 public #0',
      'CandidateRejected 0.1.0 duplicate',
      'CandidateRejected 0.2.0 duplicate',
    ]);
    expect(lines.at(-1)).toBe('EpisodeFinished graded public false hidden false spent 3 1');
  });

  it.each([
    ['empty', ''],
    ['empty', ' \n\t'],
    ['too_large', 'é'.repeat(128 * 1024 + 1)],
    ['too_large', 'a'.repeat(300 * 1024)],
  ])('that is %s is rejected', async (reason, program) => {
    const { lines, ledger, events } = await episode(saying([program, right]));
    expect(lines[2]).toBe(`CandidateRejected 0.0.0 ${reason}`);
    expect(lines).toContain('FinalPicked #0 public_pass');
    const rejected = events[2];
    if (rejected?.type !== 'CandidateRejected') throw new Error('expected a rejection');
    const kept = await ledger.getText(rejected.data.program.digest);
    expect(kept).toBe(program.slice(0, 256 * 1024));
  });

  it('with halves of characters is kept with U+FFFD in their place', async () => {
    const generator = saying([`# \ud800 and \udfff\n${right}`]);
    const { generate } = generator;
    generator.generate = async (request, signal) => ({
      ...(await generate.call(generator, request, signal)),
      note: `${'n'.repeat(499)}😀`,
    });
    const { ledger, events, lines } = await episode(generator);
    const made = events[2];
    if (made?.type !== 'CandidateGenerated') throw new Error('expected a candidate');
    expect(await ledger.getText(made.data.candidate)).toBe(`# \ufffd and \ufffd\n${right}`);
    expect(made.data.note).toBe(`${'n'.repeat(499)}\ufffd`);
    expect(lines).toContain('FinalPicked #0 public_pass');
  });
});
