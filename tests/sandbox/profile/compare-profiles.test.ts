import { describe, expect, test } from 'vitest';
import { compareProfiles } from '../../../sandbox/profile/compare-profiles.ts';
import { type MetricName, metrics } from '../../../sandbox/profile/metrics.ts';
import { metricProfile, type Profile } from '../../../sandbox/profile/profile.ts';
import { scriptedFingerprint } from '../../support/scripted-sandbox.ts';

type Samples = Partial<Record<MetricName, readonly number[]>>;

const profileOf = (samples: Samples, outcomes: Profile['outcomes'] = ['passed']): Profile => ({
  fingerprint: scriptedFingerprint,
  repeats: 6,
  warmUps: 1,
  outcomes,
  sameResults: true,
  metrics: metrics.map((metric) => metricProfile(metric, samples[metric.name] ?? [null], 'not counted')),
});
const verdictOf = (first: Samples, second: Samples, name: MetricName) =>
  compareProfiles(profileOf(first), profileOf(second)).metrics.find((metric) => metric.name === name);

const slow = [20, 21, 22, 23, 24, 25];
const fast = [10, 11, 12, 13, 14, 15];

describe('two programs compared', () => {
  test('the second is faster where its processor time lies below that of the first', () => {
    const comparison = compareProfiles(
      profileOf({ cpuMs: slow, wallMs: fast }),
      profileOf({ cpuMs: fast, wallMs: slow }),
    );
    expect(comparison).toMatchObject({ verdict: 'faster', decidedBy: 'cpuMs' });
    const cpu = comparison.metrics.find(({ name }) => name === 'cpuMs');
    expect(cpu).toEqual({ name: 'cpuMs', ratio: 12.5 / 22.5, p: 2 / 924, verdict: 'less' });
  });

  test('real time decides where no processor time was counted', () => {
    expect(compareProfiles(profileOf({ wallMs: fast }), profileOf({ wallMs: slow }))).toMatchObject({
      verdict: 'slower',
      decidedBy: 'wallMs',
    });
  });

  test('samples that lie among each other are noise', () => {
    const first = [10, 12, 14, 16, 18, 20];
    const second = [9, 11, 13, 15, 17, 19];
    expect(compareProfiles(profileOf({ wallMs: first }), profileOf({ wallMs: second })).verdict).toBe(
      'not_told_apart',
    );
    expect(verdictOf({ wallMs: first }, { wallMs: second }, 'wallMs')?.verdict).toBe('noise');
  });

  test('four samples each are too few, five are enough', () => {
    const four = verdictOf({ wallMs: slow.slice(0, 4) }, { wallMs: fast.slice(0, 4) }, 'wallMs');
    expect(four).toMatchObject({ verdict: 'too_few', p: 2 / 70 });
    const five = verdictOf({ wallMs: slow.slice(0, 5) }, { wallMs: fast.slice(0, 5) }, 'wallMs');
    expect(five).toMatchObject({ verdict: 'less', p: 2 / 252 });
  });

  test('steps are compared as they are, and by the test where they were not stable', () => {
    expect(verdictOf({ steps: [100, 100] }, { steps: [99, 99] }, 'steps')).toEqual({
      name: 'steps',
      ratio: 0.99,
      p: null,
      verdict: 'less',
    });
    expect(verdictOf({ steps: [100, 100] }, { steps: [100, 100] }, 'steps')?.verdict).toBe('equal');
    const unstable = [100, 100, 101, 100, 100, 100];
    expect(verdictOf({ steps: unstable }, { steps: [99, 99, 99, 99, 99, 99] }, 'steps')?.p).toBeCloseTo(
      2 / 924,
      12,
    );
  });

  test('a metric that one of them lacks is compared by nothing', () => {
    expect(verdictOf({ peakBytes: slow }, {}, 'peakBytes')).toEqual({
      name: 'peakBytes',
      ratio: null,
      p: null,
      verdict: 'unavailable',
    });
  });

  test('nothing over nothing has no ratio', () => {
    const none = [0, 0, 0, 0, 0, 0];
    expect(verdictOf({ majorFaults: none }, { majorFaults: none }, 'majorFaults')).toEqual({
      name: 'majorFaults',
      ratio: null,
      p: 1,
      verdict: 'noise',
    });
  });

  test('what ends otherwise is not faster', () => {
    const passing = profileOf({ wallMs: slow });
    for (const outcomes of [['failed'], ['passed', 'failed']] as const) {
      expect(compareProfiles(passing, profileOf({ wallMs: fast }, outcomes))).toMatchObject({
        verdict: 'different_outcomes',
        decidedBy: null,
      });
    }
  });

  test('equal medians are no difference, whatever the ranks say', () => {
    const [first, second] = [
      [5, 5, 5, 5, 5, 5, 5, 5, 5, 5],
      [5, 5, 5, 5, 5, 5, 9, 9, 9, 9],
    ];
    expect(verdictOf({ wallMs: first }, { wallMs: second }, 'wallMs')).toMatchObject({
      ratio: 1,
      verdict: 'noise',
    });
  });
});
