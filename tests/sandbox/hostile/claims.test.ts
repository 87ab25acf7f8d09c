import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../support/repository-root.ts';
import { allPrograms } from './all-programs.ts';
import { claims, claimsTable } from './claims.ts';
import { families } from './hostile-program.ts';

const page = readFileSync(join(repositoryRoot, 'docs/explanation/threat-model.md'), 'utf8');

describe('the page on threats', () => {
  it('has the table of claims as the tests have it', () => {
    expect(page).toContain(claimsTable());
  });

  it('names for each claim only programs that are run, of its family', () => {
    const known = new Set(allPrograms.map(({ family, name }) => `${family}: ${name}`));
    const cited = claims.flatMap(({ family, tests }) => tests.map((name) => `${family}: ${name}`));
    expect(cited.filter((name) => !known.has(name))).toEqual([]);
    expect(claims.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  it('has a claim for every family', () => {
    const claimed = new Set(claims.map(({ family }) => family));
    expect(families.filter((family) => !claimed.has(family))).toEqual([]);
  });

  it('says of how many programs it speaks, and which of them reach what they must not', () => {
    expect(page).toContain(`${allPrograms.length} programs`);
    for (const driver of ['wasm', 'docker'] as const) {
      const reached = allPrograms.filter(({ expected }) => expected[driver].limitation !== undefined);
      for (const { name } of reached) expect(page, driver).toContain(`${driver}: ${name}`);
      expect(page.split(`- ${driver}: `).length - 1, driver).toBe(reached.length);
    }
  });
});

describe('the hostile programs', () => {
  it('have names of their own', () => {
    const names = allPrograms.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('are of every family, in both languages together', () => {
    const tried = new Set(allPrograms.map(({ family }) => family));
    expect(families.filter((family) => !tried.has(family))).toEqual([]);
    expect(new Set(allPrograms.map(({ language }) => language)).size).toBe(2);
  });
});
