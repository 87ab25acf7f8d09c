import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { withSuiteFile } from './with-suite-file.ts';

const formats = ['native', 'humaneval', 'humanevalpack', 'recorded'] as const;
const names = [
  ...['id', 'language', 'entryPoint', 'statement', 'publicTests', 'hiddenTests', 'limits', 'tags'],
  ...['task_id', 'prompt', 'entry_point', 'canonical_solution', 'test', 'given_tests', 'declaration'],
  ...[
    'buggy_solution',
    'bug_type',
    'failure_symptoms',
    'example_test',
    'instruction',
    '__proto__',
    'toString',
  ],
];
const row = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.jsonValue()));
const line = fc.oneof(
  fc.string(),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  row.map((value) => JSON.stringify(value)),
);

test('whatever a file holds, a reader returns a suite or says with a code why not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...formats), fc.array(line, { maxLength: 4 }), async (format, lines) => {
      await withSuiteFile('suite.jsonl', lines.join('\n'), async (path) => {
        try {
          const suite = await loadSuite(`${format}:${path}`);
          expect(suite.tasks.length).toBeGreaterThan(0);
        } catch (error) {
          if (!isPawlError(error, 'SUITE_INVALID')) throw error;
          expect(error.message.startsWith(path)).toBe(true);
        }
      });
    }),
    { numRuns: 300 },
  );
});
