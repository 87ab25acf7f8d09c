import type { Digest } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RegisteredTask } from './register-suite.ts';
import { suiteStream } from './stream-names.ts';

/**
 * The tasks of a suite that the ledger holds, by id.
 *
 * @throws PawlError `SUITE_NOT_FOUND`
 */
export async function registeredSuite(
  ledger: Ledger,
  suite: Digest,
): Promise<ReadonlyMap<string, RegisteredTask>> {
  for await (const event of ledger.readStream(suiteStream(suite))) {
    if (event.type !== 'SuiteRegistered') continue;
    const tasks = JSON.parse(await ledger.getText(event.data.manifest.digest)) as readonly RegisteredTask[];
    return new Map(tasks.map((task) => [task.id, task]));
  }
  throw new PawlError('SUITE_NOT_FOUND', `The ledger holds no suite ${suite}.`, { context: { suite } });
}
