import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository-root.ts';

/** The public benchmark files lie beside the repository and are not part of it. */
const directory = join(repositoryRoot, '..', 'shared', 'data');

export const publicDataExists = existsSync(directory);
export const publicDataMessage = publicDataExists ? '' : ' (skipped: no public data at ../shared/data)';

export const publicData = {
  humaneval: join(directory, 'humaneval/HumanEval.jsonl'),
  humanevalpack: join(directory, 'humanevalpack-js/humanevalpack.jsonl'),
  recordedHumaneval: join(directory, 'recorded-runs/humaneval/tasks.jsonl.gz'),
  recordedMbpp: join(directory, 'recorded-runs/mbpp/tasks.jsonl.gz'),
} as const;
