import { join } from 'node:path';
import { planImport } from '../../src/exchange/import-plan.ts';
import { importRun } from '../../src/exchange/import-run.ts';
import { importerNamed } from '../../src/exchange/importers/registry.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { repositoryRoot } from '../support/repository-root.ts';

/** The recorded runs that lie beside the repository; see the README there. */
const directory = join(repositoryRoot, '..', 'shared', 'data', 'recorded-runs');

export interface PublishedRun {
  readonly suite: 'humaneval' | 'mbpp';
  readonly model: 'gpt-3.5-turbo-0613' | 'codellama';
  readonly tasks: number;
  readonly programs: number;
  readonly publicPass: number;
  readonly hiddenPass: number;
  readonly overAccepted: number;
  /** Tasks solved (by hidden tests) after each iteration, from 0. */
  readonly curve: readonly number[];
}

const gpt = 'gpt-3.5-turbo-0613';

export const publishedRuns: readonly PublishedRun[] = [
  {
    ...{ suite: 'humaneval', model: gpt, tasks: 164, programs: 413 },
    ...{ publicPass: 144, hiddenPass: 136, overAccepted: 9 },
    curve: [121, 123, 126, 130, 132, 134, 134, 135, 135, 135, 136],
  },
  {
    ...{ suite: 'humaneval', model: 'codellama', tasks: 164, programs: 714 },
    ...{ publicPass: 104, hiddenPass: 91, overAccepted: 13 },
    curve: [84, 91, 91, 91, 91, 91, 91, 91, 91, 91],
  },
  {
    ...{ suite: 'mbpp', model: gpt, tasks: 500, programs: 1158 },
    ...{ publicPass: 437, hiddenPass: 380, overAccepted: 57 },
    curve: [346, 367, 373, 375, 379, 379, 379, 379, 380, 380],
  },
  {
    ...{ suite: 'mbpp', model: 'codellama', tasks: 500, programs: 1808 },
    ...{ publicPass: 360, hiddenPass: 287, overAccepted: 73 },
    curve: [262, 284, 287, 287, 287, 287, 287, 287, 287, 287],
  },
];

export function publishedPaths({ suite, model }: PublishedRun): {
  readonly run: string;
  readonly tasks: string;
} {
  const at = (name: string): string => join(directory, suite, name);
  return { run: at(`${model}.results.jsonl.gz`), tasks: at('tasks.jsonl.gz') };
}

/** Imports a whole file, as `pawl import` does. */
export async function importPublished(ledger: Ledger, published: PublishedRun): Promise<StreamName> {
  const paths = publishedPaths(published);
  const suite = await loadSuite(`recorded:${paths.tasks}`);
  const plan = await planImport(paths.run, importerNamed('recorded-run'), suite, null);
  const { run } = await importRun(plan, {
    ledger,
    writer: { actor: 'test', correlation: 'test' },
    clock: systemClock,
    onEpisode: () => undefined,
    pause: new AbortController().signal,
  });
  return run;
}
