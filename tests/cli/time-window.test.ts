import { describe, expect, it } from 'vitest';
import { momentMs, parseMoment } from '../../src/cli/time-window.ts';

const now = Date.UTC(2026, 2, 1, 12);

describe('a moment on the command line', () => {
  it.each([
    ['90s', now - 90_000],
    ['90m', now - 5_400_000],
    ['2h', now - 7_200_000],
    ['1.5h', now - 5_400_000],
    ['7d', now - 604_800_000],
    ['1w', now - 604_800_000],
    ['0s', now],
    ['2026-03-01', Date.UTC(2026, 2, 1)],
    ['2026-03-01T11:30Z', Date.UTC(2026, 2, 1, 11, 30)],
    ['2026-03-01T11:30:15.250Z', Date.UTC(2026, 2, 1, 11, 30, 15, 250)],
    ['2026-03-01T11:30+02:00', Date.UTC(2026, 2, 1, 9, 30)],
  ])('%s', (text, atMs) => {
    expect(momentMs(parseMoment(text), now)).toBe(atMs);
  });

  it.each(['', 'yesterday', '2', '2x', '-2h', '2026', '2026-13-01', '2026-03-01 11:30', '1e3s', '2h ago'])(
    '"%s" is none, and says what would be one',
    (text) => {
      expect(() => parseMoment(text)).toThrow(
        'It must be a time such as 2026-03-01T12:00Z, or a duration such as 2h.',
      );
    },
  );
});
