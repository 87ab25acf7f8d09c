import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { asRecorded, executedEpisode, forgedExecution, resultWith } from '../support/executed-episode.ts';
import { checkLines, rerunOf } from '../support/rerun.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';

const { store, stream, first } = await executedEpisode();
const forged = (change: Parameters<typeof forgedExecution>[2], text?: string) =>
  forgedExecution(store, stream, change, text);
const same = () => ({});

describe('a recorded result that was changed', () => {
  it('is found whichever of its bytes was flipped, in the execution that it belongs to', async () => {
    const bytes = Buffer.from(first.text);
    for (let index = 0; index < bytes.length; index += 1) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] as number) ^ 1;
      const rerun = await rerunOf(await forged(same, flipped.toString('latin1')), stream);
      expect([index, rerun.verdict, rerun.checks.map(({ verdict }) => verdict)]).toEqual([
        ...[index, 'diverged'],
        ['diverged', 'pass', 'pass', 'pass'],
      ]);
      expect(rerun.checks[0]?.differences.length).toBeGreaterThan(0);
    }
    expect(bytes.length).toBe(444);
  });

  const changes: readonly (readonly [what: string, text: () => string, line: string])[] = [
    [
      'a value that a test gave',
      () => first.text.replace('"actual":"8"', '"actual":"0"'),
      'test square-0 actual "0" → "8"',
    ],
    [
      'the status of a test',
      () => first.text.replace('"status":"failed"', '"status":"passed"'),
      'test square-0 status "passed" → "failed"',
    ],
    ['steps', () => resultWith(first.text, () => ({ steps: 3 })), 'the execution steps 3 → 2'],
    [
      'the outcome',
      () => resultWith(first.text, () => ({ outcome: 'passed' })),
      'the execution outcome "passed" → "failed"',
    ],
    [
      'what was printed',
      () => resultWith(first.text, () => ({ stdout: { text: 'x', bytesTotal: 0, truncated: false } })),
      'the execution stdout.text "x" → ""',
    ],
    [
      'a test left out',
      () => resultWith(first.text, ({ tests }) => ({ tests: tests.slice(0, 1) })),
      'test square-1  nothing → {"id":"square-1"',
    ],
  ];
  it.each(changes)('is named: %s', async (_what, text, line) => {
    const [found] = checkLines(await rerunOf(await forged(same, text()), stream));
    expect(found).toContain(line);
  });

  it('is found also where only its form is another', async () => {
    const text = JSON.stringify(JSON.parse(first.text), null, 1);
    const rerun = await rerunOf(await forged(same, text), stream);
    expect(rerun.checks[0]).toMatchObject({ verdict: 'diverged', differenceCount: 1 });
    const nonsense = await rerunOf(await forged(same, '[[[['), stream);
    expect(checkLines(nonsense)[0]).toMatch(/^3 public diverged result 1: the execution {2}"\[\[\[\[" → /);
  });

  it('shows texts of several lines as a diff', async () => {
    const lines = (what: string) => `one\n${what}\nthree\n`;
    const text = resultWith(first.text, () => ({
      stdout: { text: lines('two'), bytesTotal: 14, truncated: false },
    }));
    const sandbox = new ScriptedSandbox({
      fault: ({ program, coverage }) =>
        program.includes('8') && coverage
          ? {
              ...{
                wallMs: 1,
                result: JSON.parse(text.replace(JSON.stringify(lines('two')), '"one\\n2\\nthree\\n"')),
              },
            }
          : null,
    });
    const rerun = await rerunOf(await forged(same, text), stream, { sandbox });
    expect(rerun.checks[0]?.differences.find(({ patch }) => patch !== null)?.patch).toBe(
      ['--- recorded', '+++ here', '@@ -1,3 +1,3 @@', ' one', '-two', '+2', ' three'].join('\n'),
    );
  });
});

describe('a recorded event that was changed', () => {
  const changes: readonly (readonly [object, string])[] = [
    [{ passed: 1 }, 'the event passed 1 → 0'],
    [{ total: 3 }, 'the event total 3 → 2'],
    [{ steps: 1 }, 'the event steps 1 → 2'],
    [{ outcome: 'error' }, 'the event outcome "error" → "failed"'],
  ];
  it.each(changes)('is found: %o', async (change, line) => {
    const rerun = await rerunOf(await forged(() => change), stream);
    expect(rerun.verdict).toBe('diverged');
    expect(checkLines(rerun)[0]).toBe(`3 public diverged result 1: ${line}`);
    expect(checkLines(rerun).slice(1)).toEqual(asRecorded.slice(1));
  });

  it('is found where it tells another size of its result', async () => {
    const copy = await forged(({ result }) => ({ result: { ...result, bytes: result.bytes + 1 } }));
    expect(checkLines(await rerunOf(copy, stream))[0]).toContain('the event bytes');
  });

  it('is no reason to execute anything where its input is not what was executed', async () => {
    const copy = await copyLedger(store, {
      stream,
      events: (events) =>
        events.map((event) =>
          event.type === 'ExecutionRequested'
            ? { ...event, data: { ...event.data, input: sha256Hex('x') } }
            : event,
        ),
    });
    const sandbox = new ScriptedSandbox();
    const rerun = await rerunOf(copy, stream, { sandbox });
    expect(rerun.verdict).toBe('diverged');
    expect(checkLines(rerun)).toHaveLength(4);
    for (const line of checkLines(rerun)) expect(line).toMatch(/diverged input 1: the input digest/);
    expect(sandbox.performed).toEqual([]);
  });

  it('that tells of an execution which nobody asked for breaks the history there; what stands before is compared', async () => {
    const copy = await copyLedger(store, {
      stream,
      events: (events) => events.filter((event, index) => event.type !== 'ExecutionRequested' || index < 10),
    });
    const rerun = await rerunOf(copy, stream);
    expect(rerun.verdict).toBe('diverged');
    expect(rerun.remark).toMatch(/^revision 14: .*answers one pending execution/);
    expect(checkLines(rerun)).toEqual(asRecorded.slice(0, 2));
  });

  it('that is not the beginning of an episode is said', async () => {
    const copy = await copyLedger(store, { stream, events: (events) => events.slice(1) });
    expect(await rerunOf(copy, stream)).toMatchObject({
      verdict: 'diverged',
      checks: [],
      remark: expect.stringContaining('begins with EpisodeStarted'),
    });
  });
});
