import { describe, expect, it } from 'vitest';
import { executedEpisode, forgedExecution, resultWith } from '../support/executed-episode.ts';
import { checkLines, rerunOf } from '../support/rerun.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';

const { store, ledger, stream, first } = await executedEpisode();
const forged = (change: Parameters<typeof forgedExecution>[2], text?: string) =>
  forgedExecution(store, stream, change, text);

describe('an execution that the clock ended', () => {
  const timeout = {
    outcome: 'timeout',
    error: { type: 'TimeLimitExceeded', message: '', line: null },
  } as const;
  const late = () => resultWith(first.text, () => timeout);
  const slow = (wallMs: number, text: string | null) =>
    new ScriptedSandbox({
      fault: ({ program, coverage }) =>
        program.includes('8') && coverage ? { wallMs, result: JSON.parse(text ?? first.text) } : null,
    });

  it('is compared by its outcome only', async () => {
    const copy = await forged(() => ({ outcome: 'timeout' }), late());
    const other = resultWith(first.text, () => ({ ...timeout, steps: 99 }));
    const rerun = await rerunOf(copy, stream, { sandbox: slow(1000, other) });
    expect(rerun.verdict).toBe('pass');
    expect(rerun.checks[0]).toMatchObject({ verdict: 'pass', layer: 'outcome' });
  });

  it('and that ends by itself here proves nothing, unless it is faster than a machine can be', async () => {
    const copy = await forged(() => ({ outcome: 'timeout' }), late());
    const near = await rerunOf(copy, stream, { sandbox: slow(101, null) });
    expect(checkLines(near)[0]).toBe(
      '3 public inconclusive outcome 1: the execution outcome "timeout" → "failed"',
    );
    const far = await rerunOf(copy, stream, { sandbox: slow(99, null) });
    expect(checkLines(far)[0]).toBe(
      '3 public diverged outcome 1: the execution outcome "timeout" → "failed"',
    );
  });

  it('here, and not then, proves nothing', async () => {
    const rerun = await rerunOf(ledger, stream, { sandbox: slow(4000, late()) });
    expect(rerun.checks[0]).toMatchObject({ verdict: 'inconclusive', layer: 'result' });
    expect(rerun.checks[0]?.remark).toContain('the clock of this machine ended it after 4.0 s');
  });

  it('has four times the recorded limit here, and the recorded one where that was reached', async () => {
    const limits: number[] = [];
    const sandbox = new ScriptedSandbox({
      fault: ({ limits: { wallMs } }) => {
        limits.push(wallMs);
        return null;
      },
    });
    await rerunOf(await forged(() => ({ outcome: 'timeout' }), late()), stream, { sandbox });
    expect(limits.toSorted()).toEqual([1000, 4000, 4000, 4000]);
  });

  it('is told apart from one that took too many steps', async () => {
    const steps = { outcome: 'timeout', error: { type: 'StepLimitExceeded', message: '', line: null } };
    const copy = await forged(
      () => ({ outcome: 'timeout' }),
      resultWith(first.text, () => steps),
    );
    expect((await rerunOf(copy, stream)).checks[0]).toMatchObject({ verdict: 'diverged', layer: 'result' });
  });
});
