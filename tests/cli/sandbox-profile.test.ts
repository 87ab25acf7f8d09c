import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compareProfiles } from '../../sandbox/profile/compare-profiles.ts';
import { type MetricName, metrics } from '../../sandbox/profile/metrics.ts';
import { metricProfile, type Profile } from '../../sandbox/profile/profile.ts';
import { comparisonText, profileText } from '../../src/cli/profile-report.ts';
import { profileSubject } from '../../src/cli/profile-subject.ts';
import { scriptedFingerprint } from '../support/scripted-sandbox.ts';

const directory = mkdtempSync(join(tmpdir(), 'pawl-profile-'));
afterAll(() => rmSync(directory, { recursive: true }));

const profileOf = (
  samples: Partial<Record<MetricName, readonly number[]>>,
  changes: Partial<Profile> = {},
): Profile => ({
  fingerprint: scriptedFingerprint,
  repeats: 6,
  warmUps: 1,
  outcomes: ['passed'],
  sameResults: true,
  metrics: metrics.map((metric) =>
    metricProfile(
      metric,
      samples[metric.name] ?? [null],
      metric.name === 'instructions' ? 'no such counter' : 'why',
    ),
  ),
  ...changes,
});
const slow = profileOf({
  steps: [40, 40, 40, 40, 40, 40],
  cpuMs: [20, 21, 22, 23, 24, 25],
  peakBytes: [2 ** 20, 2 ** 20, 2 ** 20, 2 ** 20, 2 ** 20, 2 ** 21],
});
const fast = profileOf({ steps: [40, 40, 40, 40, 40, 41], cpuMs: [10, 11, 12, 13, 14, 15] });

describe('a profile is told', () => {
  test('with every metric that was counted, and the others by the reason why not', () => {
    expect(profileText('slow.js', slow)).toMatchInlineSnapshot(`
      "slow.js: passed; 6 executions after 1 that does not count, on scripted (toy 1)
      metric     median    spread  least     most      deterministic
      ──────────────────────────────────────────────────────────────
      steps      40        0.0 %   40        40        yes
      cpuMs      22.50 ms  11.1 %  20.00 ms  25.00 ms  no
      peakBytes  1.0 MiB   0.0 %   1.0 MiB   2.0 MiB   no
      not counted: instructions (no such counter)
      not counted: syscalls, minorFaults, majorFaults, wallMs (why)"
    `);
  });

  test('with what should not have differed', () => {
    const told = profileText('fast.js', { ...fast, sameResults: false });
    expect(told.split('\n').slice(3)).toMatchInlineSnapshot(`
      [
        "steps   40        0.0 %   40        41        NOT STABLE",
        "cpuMs   12.50 ms  20.0 %  10.00 ms  15.00 ms  no",
        "not counted: instructions (no such counter)",
        "not counted: syscalls, peakBytes, minorFaults, majorFaults, wallMs (why)",
        "The executions gave different results: the program depends on something that varies.",
        "steps should be the same in every execution, and was not.",
      ]
    `);
    expect(profileText('fast.js', { ...fast, outcomes: ['passed', 'timeout'] })).toContain(
      'The executions came to different outcomes.',
    );
  });

  test('beside another one', () => {
    expect(comparisonText('slow.js', 'fast.js', compareProfiles(slow, fast))).toMatchInlineSnapshot(`
      "metric  ratio to slow.js  p       verdict
      ──────────────────────────────────────────────────
      steps   1.000             1.0000  within the noise
      cpuMs   0.556             0.0022  less
      fast.js is faster than slow.js, by cpuMs (exact rank-sum test, level 0.01)."
    `);
    const failing = profileOf({}, { outcomes: ['failed'] });
    expect(comparisonText('a', 'b', compareProfiles(slow, failing))).toContain(
      'b and a come to different outcomes, so neither is faster.',
    );
  });
});

describe('what is measured', () => {
  test('is a file, against a task of a suite', async () => {
    const path = join(directory, 'mine.js');
    writeFileSync(path, 'function groupAnagrams() { return []; }\n');
    const { view, programs } = await profileSubject('starter/anagram-groups/01', [path], {
      suite: 'starter',
    });
    expect(view.id).toBe('starter/anagram-groups/01');
    expect(programs).toEqual([{ name: path, source: 'function groupAnagrams() { return []; }\n' }]);
  });

  test('must be there', async () => {
    const options = { suite: 'starter' };
    await expect(profileSubject('starter/none', ['mine.js'], options)).rejects.toMatchObject({
      code: 'TASK_NOT_FOUND',
      message: 'The suite starter has no task "starter/none"; one it has is "starter/anagram-groups/01".',
    });
    await expect(profileSubject('starter/anagram-groups/01', ['mine.js'], options)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(
        /^The program mine\.js cannot be read: ENOENT.* Name a file of UTF-8 text, or a candidate/,
      ),
    });
    const ledger = join(directory, 'none.db');
    await expect(
      profileSubject('latest.0', ['960caad2'], { suite: 'starter', ledger }),
    ).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' });
  });
});
