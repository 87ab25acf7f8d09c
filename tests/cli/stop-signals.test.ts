import { describe, expect, it, onTestFinished } from 'vitest';
import { listenForStop } from '../../src/cli/stop-signals.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { recordingOutput } from './recording-output.ts';

/** Each press reads the clock once, so `stepMs` is the time between two presses. */
function listening(stepMs: number) {
  const before = process.listenerCount('SIGINT');
  const output = recordingOutput(false);
  const signals = listenForStop(output, steppingClock(0, stepMs));
  onTestFinished(() => {
    signals.dispose();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
  const press = (signal: NodeJS.Signals) => {
    process.emit(signal, signal);
    return [signals.pause.aborted, signals.abort.aborted];
  };
  return { press, output, signals };
}

describe('Ctrl-C', () => {
  it('once pauses, twice aborts with what to do about it', () => {
    const { press, output, signals } = listening(300);
    expect(press('SIGINT')).toEqual([true, false]);
    expect(press('SIGTERM')).toEqual([true, true]);
    expect(signals.abort.reason).toMatchObject({ code: 'INTERRUPTED' });
    expect(output.notes).toEqual([
      '\nStopping: finishing what is under way. Press Ctrl-C again to stop at once.',
      'Stopping at once.',
    ]);
  });

  it('that arrives again within 300 ms is the same press', () => {
    const { press, output } = listening(100);
    expect([press('SIGINT'), press('SIGINT'), press('SIGTERM')]).toEqual(Array(3).fill([true, false]));
    expect(output.notes).toHaveLength(1);
    expect(press('SIGINT')).toEqual([true, true]);
  });
});
