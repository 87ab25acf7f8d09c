import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dockerSettingsSchema } from '../../sandbox/docker/settings.ts';
import { repositoryRoot } from '../support/repository-root.ts';

it('the page of sandbox settings has every setting with its default, and no other', () => {
  const page = readFileSync(join(repositoryRoot, 'docs/reference/sandbox-settings.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| `([^`]+)` \| \S/gm)];
  const told = Object.fromEntries(
    rows.map(([, name = '', text = '']) => [name, JSON.parse(text) as unknown]),
  );
  expect(told).toEqual(dockerSettingsSchema.parse({}));
  expect(rows).toHaveLength(Object.keys(dockerSettingsSchema.shape).length);
});
