import { describe, expect, it } from 'vitest';
import { recordedScorer, recordedStrategy, versionOf } from '../../src/loop/replay-versions.ts';
import { scorers } from '../../src/scorers/registry.ts';
import { strategies } from '../../src/strategies/registry.ts';

describe('what a run names is taken in the very version that it names', () => {
  it('also when the registry holds a newer one before it', () => {
    const [newest] = strategies;
    if (newest === undefined) throw new Error('there is no strategy');
    const changed = { ...newest, version: newest.version + 1 };
    const registry = [changed, ...strategies];
    expect(versionOf(registry, changed)).toBe(changed);
    expect(versionOf(registry, { name: newest.name, version: newest.version })).toBe(newest);
    expect(versionOf(registry, { name: newest.name, version: newest.version + 2 })).toBeUndefined();
  });

  it('and nothing else will do', () => {
    for (const { name, version } of strategies) {
      const ref = { name, version: version + 1, params: {} };
      expect(() => recordedStrategy(ref)).toThrow(
        `${name} version ${version + 1}; this build has version ${version}`,
      );
      expect(recordedStrategy({ ...ref, version }).name).toBe(name);
    }
    for (const { name, version } of scorers) {
      const ref = { name, version: version + 1 };
      expect(() => recordedScorer(ref)).toThrow(`the scorer ${name} version ${version + 1}; this build has`);
    }
  });
});
