import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splitNames } from '../../src/tasks/split.ts';
import { loadStarterSuite } from '../../src/tasks/starter/load-starter-suite.ts';
import { starterSplits } from '../../src/tasks/starter/starter-splits.ts';
import { repositoryRoot } from '../support/repository-root.ts';

const page = await readFile(join(repositoryRoot, 'docs/reference/starter-suite.md'), 'utf8');
const suite = await loadStarterSuite();

test.each(['bugKind', 'symptom', 'edits'])('the page counts the tasks by %s', (tag) => {
  const groups = Object.groupBy(suite.tasks, ({ view }) => view.tags[tag] ?? '');
  const rows = Object.entries(groups).map(
    ([value, tasks]) => `| \`${tag}\` | \`${value}\` | ${tasks?.length} |`,
  );
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  expect(page.split(`| \`${tag}\` |`).length - 1).toBe(rows.length);
});

test('the page counts the tasks and programs of the default split', () => {
  const { parts } = starterSplits(suite);
  const rows = splitNames.map((name) => {
    const programs = new Set(parts[name].map((id) => id.split('/')[1]));
    return `| \`${name}\` | ${parts[name].length} | ${programs.size} |`;
  });
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
