import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../src/tasks/limits.ts';
import { readNative } from '../../src/tasks/readers/native.ts';
import { suiteFormats } from '../../src/tasks/registry.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { withSuiteFile } from './with-suite-file.ts';

const page = await readFile(join(repositoryRoot, 'docs/reference/task-format.md'), 'utf8');

test('the example of the native format is a suite', async () => {
  const example = /```json\n(.*)\n```/.exec(page)?.[1] ?? '';
  const suite = await withSuiteFile('example.jsonl', example, readNative);
  expect(suite.tasks.map(({ view }) => [view.id, view.entryPoint, view.tags])).toEqual([
    ['clamp/1', 'clamp', { topic: 'numbers' }],
  ]);
});

test('the example of commands is a suite', async () => {
  const example = /```json\n(\{"id":"words\/1".*)\n```/.exec(page)?.[1] ?? '';
  const suite = await withSuiteFile('example.jsonl', example, readNative);
  expect(suite.tasks.map(({ view }) => [view.id, view.language, view.publicTests.kind])).toEqual([
    ['words/1', 'command', 'commands'],
  ]);
});

test('every suite that can be named is on the page', () => {
  const missing = suiteFormats.filter(({ usage }) => !page.includes(`| \`${usage}\` |`));
  expect(missing).toEqual([]);
});

test('the limits on the page are the limits', () => {
  const spaced = (value: number | null): string =>
    value === null ? '`null`' : String(value).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
  for (const [language, limits] of Object.entries(defaultLimits)) {
    const { wallMs, steps, memoryBytes, outputBytes } = limits;
    const row = `| \`${language}\` | ${[wallMs, steps, memoryBytes, outputBytes].map(spaced).join(' | ')} |`;

    expect(page).toContain(row);
  }
});
