import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitWidth } from '../../src/cli/fit-width.ts';
import { Progress } from '../../src/cli/progress.ts';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { recordingOutput } from './recording-output.ts';

const stream = 'episode-X.3' as StreamName;
const begun = { tasks: 8, finished: 0, publicPass: 0, hiddenPass: 0 };

function finished(publicPass: boolean, hiddenPass: boolean): EpisodeEvent {
  return { type: 'EpisodeFinished', data: { publicPass, hiddenPass } } as EpisodeEvent;
}
function executed(tests: 'public' | 'hidden'): EpisodeEvent {
  return { type: 'ExecutionFinished', data: { tests } } as EpisodeEvent;
}
function generated(note: string, given = false): EpisodeEvent {
  return { type: 'CandidateGenerated', data: { key: given ? null : {}, note } } as EpisodeEvent;
}

/** A terminal so many columns wide that keeps what it is sent. */
function terminal(columns: number) {
  const frames: string[] = [];
  const writable = new Writable({
    write(chunk, _encoding, done) {
      frames.push(String(chunk));
      done();
    },
  });
  const stream = Object.assign(writable, { columns, rows: 50, isTTY: true });
  return { stream: stream as unknown as NodeJS.WriteStream, frames };
}

describe('without a terminal', () => {
  it('says one line for each quarter of the tasks, with what was solved and spent', () => {
    const output = recordingOutput(false);
    const progress = new Progress(output, steppingClock(0, 500), terminal(80).stream);
    progress.begin('best-of-n', begun);
    for (const index of [1, 2, 3, 4, 5, 6, 7, 8]) {
      progress.onEvent(generated('given', true), stream);
      progress.onEvent(generated('drawn'), stream);
      progress.onEvent(executed('public'), stream);
      progress.onEvent(executed('hidden'), stream);
      progress.onEvent(finished(index % 2 === 0, index % 4 === 0), stream);
    }
    progress.end();
    const bar = (filled: number) => '█'.repeat(filled) + '░'.repeat(24 - filled);
    expect(output.notes).toEqual([
      `best-of-n            ${bar(6)} 2/8 tasks, public 1, hidden 0, 2 candidates, 2 executions (4/s)`,
      `best-of-n            ${bar(12)} 4/8 tasks, public 2, hidden 1, 4 candidates, 4 executions (4/s)`,
      `best-of-n            ${bar(18)} 6/8 tasks, public 3, hidden 1, 6 candidates, 6 executions (4/s)`,
      `best-of-n            ${bar(24)} 8/8 tasks, public 4, hidden 2, 8 candidates, 8 executions (4/s)`,
    ]);
  });

  it('goes on from what earlier sessions finished, and does not say that again', () => {
    const output = recordingOutput(false);
    const progress = new Progress(output, steppingClock(0, 1000), terminal(80).stream);
    progress.begin('x', { tasks: 8, finished: 5, publicPass: 4, hiddenPass: 3 });
    progress.onEvent(executed('public'), stream);
    expect(output.notes).toEqual([]);
    progress.onEvent(finished(true, true), stream);
    expect(output.notes).toEqual([
      expect.stringMatching(
        /^x {20}█{18}░{6} 6\/8 tasks, public 5, hidden 4, 0 candidates, 1 executions \(1\/s\)$/,
      ),
    ]);
  });

  it('says nothing before it has begun and after its end', () => {
    const output = recordingOutput(false);
    const progress = new Progress(output, steppingClock(0, 1), terminal(80).stream);
    progress.onEvent(finished(true, true), stream);
    progress.begin('x', { ...begun, tasks: 1 });
    progress.end();
    progress.onEvent(finished(true, true), stream);
    expect(output.notes).toEqual([]);
  });
});

/** Columns that a line without control sequences takes; wide characters take two. */
function columnsOf(line: string): number {
  return [...new Intl.Segmenter('en').segment(line)].reduce(
    (sum, { segment }) =>
      sum +
      (/[\u1100-\u115f\u3000-\u9fff\uac00-\ud7a3\uff00-\uff60]|\p{Emoji_Presentation}/u.test(segment)
        ? 2
        : 1),
    0,
  );
}

describe('on a terminal', () => {
  it('no line is ever wider than the terminal, whatever the candidates are called', () => {
    const note = fc.string({ unit: 'grapheme', maxLength: 120 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), note, fc.boolean(), (columns, text, stopping) => {
        const { stream: tty, frames } = terminal(columns);
        const output = recordingOutput(true);
        const progress = new Progress(output, steppingClock(0, 1000), tty);
        progress.begin('sequential-feedback', begun);
        if (stopping) progress.notice('Stopping: 漢字 finishing what is under way. Press Ctrl-C again.');
        progress.onEvent(generated(`${text}\u001b[2J\n${text}`), stream);
        progress.end();
        const lines = frames.flatMap((frame) => stripVTControlCharacters(frame).split('\n'));
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(columnsOf(line)).toBeLessThan(columns);
        expect(frames.join('')).not.toContain('\u001b[2J\n');
        expect(output.notes).toEqual([]);
      }),
    );
  });

  it('draws at most ten times a second, and once more at the end', () => {
    const { stream: tty, frames } = terminal(120);
    const progress = new Progress(recordingOutput(true), steppingClock(0, 10), tty);
    progress.begin('x', begun);
    for (let count = 0; count < 100; count += 1) progress.onEvent(executed('public'), stream);
    const drawn = frames.filter((frame) => frame.includes('tasks')).length;
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(15);
    progress.end();
    expect(stripVTControlCharacters(frames.join(''))).toContain('100 executions');
  });
});

describe('fitWidth', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['漢字', 4, '漢字'],
    ['漢字', 3, '漢…'],
    ['漢字', 2, '…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['abc', 0, ''],
    ['', 5, ''],
  ])('%j in %i columns is %j', (text, columns, expected) => {
    expect(fitWidth(text, columns)).toBe(expected);
  });
});

describe('while everything waits for an engine', () => {
  it('says so at once, and again when it goes on', () => {
    const output = recordingOutput(false);
    const progress = new Progress(output, steppingClock(0, 500), terminal(80).stream);
    progress.begin('label', begun);
    progress.wait('Waiting for the container engine: it is away.');
    progress.wait(null);
    expect(output.notes).toEqual(['Waiting for the container engine: it is away.', 'Going on.']);
  });

  it('shows it below the bar on a terminal, in place of the latest candidate', () => {
    const { stream: screen, frames } = terminal(80);
    const progress = new Progress(recordingOutput(true), steppingClock(0, 500), screen);
    progress.begin('label', begun);
    progress.onEvent(generated('a candidate'), stream);
    progress.wait('Waiting for the engine.');
    expect(stripVTControlCharacters(frames.at(-1) ?? '')).toContain('  Waiting for the engine.');
    progress.wait(null);
    expect(stripVTControlCharacters(frames.at(-1) ?? '')).toContain('  3: a candidate');
  });
});
