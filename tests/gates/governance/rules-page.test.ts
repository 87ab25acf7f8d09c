import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { governanceRules } from '../../../gates/governance/rules.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

it('docs/reference/governance-rules.md says what the rules say, in their order', () => {
  const page = readFileSync(resolve(repositoryRoot, 'docs/reference/governance-rules.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, rule, text]) => [rule, text]);
  expect(rows).toEqual(Object.entries(governanceRules));
});
