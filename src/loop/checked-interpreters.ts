import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Fingerprint } from '../events/run.ts';
import { PawlError } from '../kernel/pawl-error.ts';

/**
 * The interpreters that a run was begun with, where they are the ones that are here: what was executed by one must not be
 * continued by another.
 *
 * @throws PawlError `ENVIRONMENT_DIFFERS`
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
    if (now.moduleDigest === known.moduleDigest) continue;
    throw new PawlError(
      'ENVIRONMENT_DIFFERS',
      `The run executed ${language} with version ${known.version}; this build has ${now.version}. Use the build it began with.`,
      { context: { language } },
    );
  }
  return here;
}
