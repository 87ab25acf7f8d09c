import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Projection } from '../../projections/projection.ts';
import type { Rederive } from '../../src/loop/replay-reads.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { withAmbientForbiddenAsync } from '../support/with-ambient-forbidden.ts';
import { CallCounter } from './function-calls.ts';
import { pureModules } from './pure-modules.ts';

/** What came of running the pure rooms under the fence. */
export interface FenceReport {
  /** What reached for ambient state, null for nothing. */
  readonly reached: string | null;
  /** Names of the functions that were called, by module, of all that must be pure. */
  readonly called: Readonly<Record<string, readonly string[]>>;
}

/**
 * Runs as a process of its own: loads every pure module, then does with ledgers whatever the pure rooms do, under the fence,
 * while V8 counts which functions are called. Prints a `FenceReport`.
 *
 * `--projection FILE` folds another projection as well, `--module FILE` counts another module among the pure ones.
 */
const { values } = parseArgs({
  options: {
    projection: { type: 'string', multiple: true, default: [] },
    module: { type: 'string', multiple: true, default: [] },
  },
});
// Before anything pure is loaded: functions are counted from their first call on.
const counter = new CallCounter();
const wanted = [...pureModules(), ...values.projection, ...values.module];
const loaded = new Map<string, Record<string, unknown>>();
for (const path of wanted) loaded.set(path, await import(address(path)));

const { exercisePureRooms } = await import('./exercise-pure-rooms.ts');
const { exerciseCommands } = await import('./exercise-commands.ts');
const { exerciseGates } = await import('./exercise-gates.ts');
const { exerciseGovernance } = await import('./exercise-governance.ts');
const { exerciseLoop } = await import('./exercise-loop.ts');
const { fenceLedgers } = await import('./fence-ledgers.ts');
const { rederiveImported } = await import('../../src/exchange/rederive-imported.ts');
const moreProjections = values.projection.flatMap((path) =>
  Object.values(loaded.get(path) ?? {}),
) as Projection<unknown>[];
const ledgers = await fenceLedgers();
const loading = counter.take();

let reached: string | null = null;
try {
  await withAmbientForbiddenAsync(async () => {
    exerciseCommands();
    exerciseGates();
    await exerciseGovernance();
    const worked = await exerciseLoop();
    await exercisePureRooms({
      ledgers: [...ledgers, ...worked],
      rederive: rederiveImported satisfies Rederive,
      moreProjections,
    });
  });
} catch (error) {
  reached = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
const calls = counter.take();
const called: Record<string, readonly string[]> = {};
for (const path of wanted)
  called[path] = [...(loading.get(address(path)) ?? []), ...(calls.get(address(path)) ?? [])];
process.stdout.write(JSON.stringify({ reached, called } satisfies FenceReport));

function address(path: string): string {
  return pathToFileURL(resolve(repositoryRoot, path)).href;
}
