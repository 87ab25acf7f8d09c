import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findings } from '../../../projections/findings/findings.ts';
import { nearlySame } from '../../../projections/findings/program-sketch.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

const page = readFileSync(join(repositoryRoot, 'docs/reference/findings.md'), 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

describe('the findings and their page', () => {
  it('name the same ones in the same order', () => {
    const named = [...sections.keys()].filter((name) => /^[a-z-]+$/.test(name));
    expect(named).toEqual(findings.map(({ name }) => name));
  });

  it.each(findings)(
    '$name says its level, its version and what it counts',
    ({ name, level, version, scope }) => {
      const section = sections.get(name) ?? '';
      expect(section).toContain(`**${level}, version ${version}.**`);
      expect(section).toMatch(/Counted:/);
      if (scope === 'arms') expect(section).toMatch(/compared|audited together/i);
    },
  );

  it('are ordered by level, gravest first, under distinct names', () => {
    const levels = findings.map(({ level }) => level);
    expect(levels).toEqual([...levels].sort((a, b) => rank(a) - rank(b)));
    expect(new Set(findings.map(({ name }) => name)).size).toBe(findings.length);
  });

  it('say the thresholds that hold', () => {
    expect(sections.get('near-duplicates')).toContain(`from ${nearlySame} on`);
  });
});

function rank(level: string): number {
  return ['problem', 'warning', 'note'].indexOf(level);
}
