import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commandsPage } from './commands-page.ts';

test('the reference page of commands is what the help texts say (npm run docs)', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/reference/commands.md'), 'utf8');
  expect(page).toBe(commandsPage());
});
