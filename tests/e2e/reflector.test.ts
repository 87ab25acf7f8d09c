import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PromptReadingModel, startPromptReadingModel } from '../support/prompt-reading-model.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';

const directory = sharedDirectory();
let model: PromptReadingModel;
beforeAll(async () => {
  model = await startPromptReadingModel();
  writeFileSync(join(directory, 'terse.txt'), 'Mend this program.\n{{givenProgram}}\n');
  writeFileSync(join(directory, 'gate.json'), '{"mde":0.3,"mdeMax":0.9,"cost":null,"latency":null}');
  writeFileSync(join(directory, 'model.json'), JSON.stringify({ baseURL: model.baseURL, model: 'reader' }));
});
afterAll(() => model.close());

it('a model reads how a terse prompt fails and writes one that solves more', {
  timeout: 120_000,
}, async () => {
  const ledger = ['--ledger', 'reflected.db'];
  const line = ['--generator', 'model:model.json', '--prompt', 'terse.txt', '--candidates', '6'];
  const parts = ['--shares', '3:5:10:82', '--sealed', 'none', '--gate', 'gate.json'];
  const who = ['--proposer', 'reflector:slots=prompt model.json', '--proposals', '1'];
  const sat = await pawl(directory, ['improve', ...line, ...parts, ...who, ...ledger, '--json']);
  expect(sat.exitCode, sat.stderr).toBe(0);
  const proposal = jsonLines(sat.stdout).find(({ type }) => type === 'proposal');
  expect(proposal).toMatchObject({
    ...{ slot: 'prompt', author: 'model:reader', outcome: 'kept' },
    hypothesis: 'The generator is not told how its attempts failed; now it is.',
  });
  const asked = model.requests.filter(({ prompt }) => prompt.startsWith('# Change the prompt\n'));
  expect(asked.length).toBe(1);
  const get = ['champion', 'get', 'prompt', '--track', 'working', '--content', ...ledger];
  expect((await pawl(directory, get)).stdout).toContain('{{feedback}}');

  // Replay takes what the model answered from the record.
  const before = model.requests.length;
  const replayed = await pawl(directory, ['replay', 'improvement-main', ...ledger]);
  expect(replayed.exitCode, replayed.stderr).toBe(0);
  expect(model.requests.length).toBe(before);
});
