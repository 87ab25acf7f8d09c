import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importers } from '../../src/exchange/importers/registry.ts';
import { suiteFormats } from '../../src/tasks/registry.ts';
import { repositoryRoot } from '../support/repository-root.ts';

it('the page of the importers lists those there are, with their versions', () => {
  const page = readFileSync(join(repositoryRoot, 'docs/reference/importers.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([^`]+)` \| (\d+) \|/gm)].map(
    ([, name, version]) => `${name} ${version}`,
  );
  expect(listed).toEqual(importers.map(({ name, version }) => `${name} ${version}`));
});

it('every importer names a format of suites that exists', () => {
  const names = suiteFormats.map(({ name }) => name);
  for (const { suiteFormat } of importers) expect(names).toContain(suiteFormat);
});
