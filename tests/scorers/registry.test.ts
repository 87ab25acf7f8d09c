import { describe, expect, it } from 'vitest';
import { scorerNamed, scorers } from '../../src/scorers/registry.ts';

describe('the scorers there are', () => {
  it('are known by name and version', () => {
    expect(scorers.map(({ name, version }) => `${name} ${version}`)).toEqual(['tests 1']);
    for (const scorer of scorers) expect(scorerNamed(scorer.name)).toBe(scorer);
  });

  it('are named in the error about one that is not there', () => {
    expect(() => scorerNamed('vibes')).toThrowError(
      expect.objectContaining({
        code: 'SCORER_NOT_FOUND',
        message: 'There is no scorer "vibes". Choose one of: tests.',
      }),
    );
  });
});
