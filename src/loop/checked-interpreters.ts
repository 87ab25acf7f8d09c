import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Fingerprint } from '../events/run.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { environmentDiffers } from './environment-differs.ts';

/**
 * The interpreters that a run was begun with, where they are the ones that are here: what was executed by one must not be
 * continued by another.
 *
 * @throws PawlError `ENVIRONMENT_DIFFERS`, and what `Sandbox.fingerprint` throws
 */
export async function checkedInterpreters(
  recorded: readonly Fingerprint[],
  sandbox: Sandbox,
): Promise<readonly Fingerprint[]> {
  const here: Fingerprint[] = [];
  for (const language of sandbox.languages) {
    const known = recorded.find((fingerprint) => fingerprint.language === language);
    if (known === undefined) continue;
    const now = await sandbox.fingerprint(language);
    here.push(now);
    const differs = environmentDiffers(known, now);
    if (differs === null) continue;
    const advice =
      known.container === null
        ? 'Use the build it began with.'
        : 'Use the engine settings and the image it began with.';
    const message = `The run must be continued by what it began with: ${differs.message}. ${advice}`;
    throw new PawlError('ENVIRONMENT_DIFFERS', message, { context: differs.context });
  }
  return here;
}
