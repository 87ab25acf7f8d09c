import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../../support/repository-root.ts';
import { definitionFields } from './definition-fields.ts';

it('docs/reference/gate-definition.md has every field of the schema with its default, and no other', () => {
  const page = readFileSync(resolve(repositoryRoot, 'docs/reference/gate-definition.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([^`]+)` \| (given|`[^`]+`) \| (.+) \| (.+) \|$/gm)];
  const told = rows.map(([, path, value]) => [path, value === 'given' ? null : value?.slice(1, -1)]);
  expect(told).toEqual([...definitionFields()]);
  expect(rows.length).toBeGreaterThan(50);
});
